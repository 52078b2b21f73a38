import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { reportResult } from '../fresh-process.ts';
import { seededUniform } from '../statistics.ts';
import { webhookEvent } from '../webhooks.ts';

/** Calls a handler at random times (Poisson) whether or not earlier calls have ended, and reports their latencies in ms. */
const [bundle = '', rate = '0', seconds = '0', seed = '0'] = process.argv.slice(2);
const { handler } = createRequire(import.meta.url)(bundle);
const uniform = seededUniform(Number(seed));
const context = (serial: number) => ({
  awsRequestId: `request-${serial}`,
  getRemainingTimeInMillis: () => 10_000,
});

const call = async (serial: number): Promise<number> => {
  const event = webhookEvent(serial);
  const start = performance.now();
  const { statusCode } = await handler(event, context(serial));
  if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
  return performance.now() - start;
};

const WARM_UP = 200;
for (let serial = 1; serial <= WARM_UP; serial += 1) await call(serial);

const calls: Promise<number>[] = [];
const start = performance.now();
for (let due = 0; due < Number(seconds) * 1000; due += (-Math.log(1 - uniform()) / Number(rate)) * 1000) {
  const early = due - (performance.now() - start);
  if (early > 1) await wait(early);
  calls.push(call(WARM_UP + 1 + calls.length));
}
reportResult({ warmUp: WARM_UP, latencies: await Promise.all(calls) });
process.exit();
