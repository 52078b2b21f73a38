import { Readable } from 'node:stream';
import type { Transport } from './fault-transport.ts';

/**
 * Jest runs a test in a context of its own, where errors of Node's core are not `instanceof Error`; the SDK decides
 * by that and would replace them by errors without a code, as it never does in Lambda. This makes them our own.
 */
export const withErrorsOfThisRealm = (transport: Transport): Transport =>
  Object.assign(Object.create(transport) as Transport, {
    handle: async (...[request, options]: Parameters<Transport['handle']>) => {
      try {
        const { response } = await transport.handle(request, options);
        return { response: { ...response, body: Readable.from(piecesOf(response.body)) } };
      } catch (error) {
        throw ofThisRealm(error);
      }
    },
  });

async function* piecesOf(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw ofThisRealm(error);
  }
}

const ofThisRealm = (error: unknown): unknown => {
  if (error instanceof Error || !(typeof error === 'object' && error !== null && 'message' in error))
    return error;
  const { name } = error as Error;
  return Object.assign(new Error(String(error.message)), error, { name });
};
