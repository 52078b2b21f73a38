import type { Operations } from './price-table.ts';

/**
 * The design that most teams begin with, operation by operation: a REST API, a function with Powertools idempotency (two write
 * units), PutEvents, a queue that is worked off one by one (send, receive, delete), a consumer with idempotency of its own, a record and
 * an index (four write units), the event logged with its parameters and metrics, five per cent of requests traced, 512 MB on x86.
 */
const MEMORY_GIGABYTES = 0.5;
/** One invocation in a hundred is a cold start of 450 ms. */
const COLD_SECONDS = 0.01 * 0.45;

const seconds = (...milliseconds: readonly number[]): number =>
  milliseconds.reduce((sum, one) => sum + one / 1_000 + COLD_SECONDS, 0) * MEMORY_GIGABYTES;

const RECEIVE_AND_CONSUME = {
  gatewayRequests: 1,
  invocations: 2,
  writeUnits: 2 + 4,
  readUnits: 0,
  events: 1,
  queueRequests: 3,
  logKilobytes: 7.4,
  traces: 0.05,
};

export const NAIVE = {
  /** A text comes in and is recorded by a consumer. */
  'inbound text': { ...RECEIVE_AND_CONSUME, gigabyteSeconds: seconds(35, 30) },
  /** A request of the application, sent by a consumer that waits a quarter of a second for Twilio. */
  send: { ...RECEIVE_AND_CONSUME, gigabyteSeconds: seconds(35, 250) },
  'status callback': { ...RECEIVE_AND_CONSUME, gigabyteSeconds: seconds(35, 30) },
} as const satisfies Readonly<Record<string, Operations>>;

export type FlowName = keyof typeof NAIVE;
