import { reasonOf } from './failure-reason.ts';
import type { Answer } from './read-answer.ts';

export interface GetRequest {
  readonly url: URL;
  readonly authorization: string;
  /** Of each try, from the connection to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
}

export type GetResult =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'no-answer'; readonly reason: string };

/** A page of 1000 messages, each with 1600 characters of four bytes, has 8 MB at most. */
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

const TRIES = 3;

/** A read on kept-alive connections, tried again where no whole answer came: asking twice changes nothing. Follows no redirect. */
export const getWithRetries = async (request: GetRequest): Promise<GetResult> => {
  let reason = '';
  for (let tries = 1; tries <= TRIES; tries += 1) {
    try {
      return { kind: 'answered', answer: await getOnce(request) };
    } catch (error) {
      reason = reasonOf(error);
    }
  }
  return { kind: 'no-answer', reason };
};

const getOnce = async ({ url, authorization, timeoutMilliseconds }: GetRequest): Promise<Answer> => {
  const response = await fetch(url, {
    headers: { accept: 'application/json', authorization, 'user-agent': 'trunkline' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  return {
    httpStatus: response.status,
    headers: new Map(response.headers),
    body: await readBody(response),
  };
};

const readBody = async ({ body }: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_ANSWER_BYTES) throw new Error('answer too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
