import { bundleHandlers, bundleScript } from '../bundle.ts';
import type { Figure } from '../figure.ts';
import { runFresh } from '../fresh-process.ts';
import { type LoopbackAws, startLoopbackAws } from '../loopback-aws.ts';
import { lognormal, percentile, seededUniform } from '../statistics.ts';
import { handlerEnvironment } from '../webhooks.ts';

const ROUNDS = 3;
const RATE = 200;
const SECONDS = 5;
const CHILD = new URL('./latency-child.ts', import.meta.url);

/** Milliseconds of AWS within a Region, as published measurements have them. */
const DYNAMODB = { p50: 5, p99: 18 };
const EVENTBRIDGE = { p50: 14, p99: 70 };

/** p95 under load with AWS's latencies, and the calls to AWS that a warm webhook waits for. */
export const measureLatency = async (): Promise<readonly Figure[]> => {
  const bundles = await bundleHandlers();
  const child = await bundleScript(CHILD);
  const latency = { baseline: [] as number[], ours: [] as number[] };
  const calls = { baseline: [] as number[], ours: [] as number[] };
  for (let round = 1; round <= ROUNDS; round += 1)
    for (const side of ['baseline', 'ours'] as const) {
      const measured = await load({ child, bundle: bundles[side], seed: round });
      latency[side].push(measured.p95);
      calls[side].push(measured.callsPerWebhook);
    }
  if (calls.ours.some((count) => count !== 1))
    throw new Error(`a webhook made ${calls.ours} calls instead of one`);
  return [
    { name: `webhook: p95 at ${RATE} requests/s`, unit: 'ms', ...latency, goal: 4 },
    { name: 'webhook: synchronous AWS calls', unit: 'calls', ...calls, goal: 3 },
  ];
};

const load = async ({ child, bundle, seed }: Load): Promise<{ p95: number; callsPerWebhook: number }> => {
  const uniform = seededUniform(seed);
  const dynamodb = lognormal(uniform, DYNAMODB);
  const eventbridge = lognormal(uniform, EVENTBRIDGE);
  await using aws = await startLoopbackAws((operation) =>
    operation === 'PutEvents' ? eventbridge() : dynamodb(),
  );
  const { warmUp, latencies } = (await runFresh(child, {
    args: [bundle, String(RATE), String(SECONDS), String(seed)],
    environment: handlerEnvironment(aws.url),
  })) as { readonly warmUp: number; readonly latencies: readonly number[] };
  return { p95: percentile(latencies, 0.95), callsPerWebhook: callsOf(aws) / (warmUp + latencies.length) };
};

/** All but the account secret, which a sandbox reads once. */
const callsOf = ({ calls }: LoopbackAws): number =>
  [...calls].reduce((sum, [operation, count]) => (operation === 'GetSecretValue' ? sum : sum + count), 0);

interface Load {
  readonly child: string;
  readonly bundle: string;
  readonly seed: number;
}
