import { writeFile } from 'node:fs/promises';
import { bundleHandlers, bundleScript } from '../bundle.ts';
import type { Figure } from '../figure.ts';
import { runFresh } from '../fresh-process.ts';
import { startLoopbackAws } from '../loopback-aws.ts';
import { handlerEnvironment, webhookEvent } from '../webhooks.ts';

const RUNS = 21;
const CHILD = new URL('./cold-start-child.ts', import.meta.url);

/** Load of the bundle and first call, in fresh processes by turns; AWS answers at once from the loopback interface. */
export const measureColdStart = async (): Promise<readonly Figure[]> => {
  await using aws = await startLoopbackAws();
  const bundles = await bundleHandlers();
  const child = await bundleScript(CHILD);
  const eventFile = `${bundles.ours}.json`;
  await writeFile(eventFile, JSON.stringify(webhookEvent(1)));
  const start = async (bundle: string) => {
    const environment = handlerEnvironment(aws.url);
    const { load, firstCall } = (await runFresh(child, { args: [bundle, eventFile], environment })) as Times;
    return load + firstCall;
  };
  const figure = { baseline: [] as number[], ours: [] as number[] };
  for (let run = 0; run < RUNS; run += 1) {
    figure.baseline.push(await start(bundles.baseline));
    figure.ours.push(await start(bundles.ours));
  }
  return [{ name: 'webhook: cold start, load and first call', unit: 'ms', ...figure, goal: 3.5 }];
};

interface Times {
  readonly load: number;
  readonly firstCall: number;
}
