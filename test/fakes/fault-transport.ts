import { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The SDK's request handler; its types are not a package of ours. */
export type Transport = DynamoDBClient['config']['requestHandler'];
type WireRequest = Parameters<Transport['handle']>[0];
type WireOptions = Parameters<Transport['handle']>[1];
type WireResponse = Awaited<ReturnType<Transport['handle']>>;

/** What goes wrong with one HTTP request. The first two reach the engine, the others do not. */
export type TransportFault =
  /** Carried out; the connection breaks before the answer. */
  | 'acknowledgement-lost'
  /** Carried out; the answer is not JSON. */
  | 'answer-garbled'
  | 'throttled'
  | 'server-error'
  | 'proxy-error'
  | 'reset'
  /** A put meets a transaction; of a transaction, the first action meets another one. */
  | 'transaction-conflict'
  | 'transaction-throttled'
  | 'transaction-in-progress'
  /** Canceled with a reason that no run-time code can do anything about. */
  | 'transaction-invalid'
  /** Canceled without reasons. */
  | 'transaction-reasonless'
  | 'access-denied';

export interface WireCall {
  /** 1 for the first request of the transport, retries counted. */
  readonly number: number;
  /** `PutItem` ... */
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type FaultTransport = Transport & {
  /** Everything sent so far. */
  readonly calls: readonly WireCall[];
};

/** Wraps the SDK's transport, so that the real adapter meets what no local engine does. */
export const createFaultTransport = (
  inner: Transport,
  plan: (call: WireCall) => TransportFault | undefined,
): FaultTransport => {
  const calls: WireCall[] = [];
  return Object.assign(Object.create(inner) as Transport, {
    calls,
    handle: async (request: WireRequest, options?: WireOptions): Promise<WireResponse> => {
      const call = callOf(request, calls.length + 1);
      calls.push(call);
      const fault = plan(call);
      switch (fault) {
        case undefined:
          return inner.handle(request, options);
        case 'acknowledgement-lost':
          await inner.handle(request, options);
          throw networkError();
        case 'answer-garbled':
          await inner.handle(request, options);
          return answer(200, '{"Item":{"pk":');
        case 'reset':
          throw networkError();
        default:
          return refusal(fault, call);
      }
    },
  });
};

const callOf = (request: WireRequest, number: number): WireCall => ({
  number,
  operation: String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '',
  body: JSON.parse(textOf(request.body)),
});

// The SDK's own kind of bytes warns when it is read as text.
const textOf = (body: string | Uint8Array): string =>
  typeof body === 'string'
    ? body
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');

const networkError = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

type Refusal = Exclude<TransportFault, 'acknowledgement-lost' | 'answer-garbled' | 'reset'>;

const refusal = (fault: Refusal, call: WireCall): WireResponse => {
  switch (fault) {
    case 'throttled':
      return fail(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException');
    case 'server-error':
      return fail(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError');
    case 'proxy-error':
      return answer(502, '<html>Bad Gateway</html>');
    case 'access-denied':
      return fail(400, 'com.amazon.coral.service#AccessDeniedException');
    case 'transaction-in-progress':
      return fail(400, 'com.amazonaws.dynamodb.v20120810#TransactionInProgressException');
    case 'transaction-conflict':
      return call.operation === 'TransactWriteItems'
        ? canceled(call, 'TransactionConflict')
        : fail(400, 'com.amazonaws.dynamodb.v20120810#TransactionConflictException');
    case 'transaction-throttled':
      return canceled(call, 'ThrottlingError');
    case 'transaction-invalid':
      return canceled(call, 'ValidationError');
    case 'transaction-reasonless':
      return fail(400, CANCELED);
  }
};

const CANCELED = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';

const canceled = ({ body }: WireCall, firstCode: string): WireResponse => {
  const actions = Array.isArray(body.TransactItems) ? body.TransactItems.length : 0;
  const reasons = Array.from({ length: actions }, (_, index) => ({ Code: index === 0 ? firstCode : 'None' }));
  return fail(400, CANCELED, { CancellationReasons: reasons });
};

const fail = (statusCode: number, type: string, more: object = {}): WireResponse =>
  answer(statusCode, JSON.stringify({ __type: type, message: 'injected', ...more }));

const answer = (statusCode: number, body: string): WireResponse =>
  ({
    response: {
      statusCode,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: Readable.from([Buffer.from(body)]),
    },
  }) as WireResponse;
