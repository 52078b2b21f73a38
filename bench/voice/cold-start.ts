import { writeFile } from 'node:fs/promises';
import { bundleHandlers, bundleScript } from '../bundle.ts';
import type { Figure } from '../figure.ts';
import { runFresh } from '../fresh-process.ts';
import { startLoopbackAws } from '../loopback-aws.ts';
import { callEnvironment, callEvent } from './call-webhook.ts';

const RUNS = 21;
const CHILD = new URL('../ingress/cold-start-child.ts', import.meta.url);
const HANDLERS = {
  ours: new URL('../../functions/voice/answer-call/handler.ts', import.meta.url),
  baseline: new URL('../baseline/answer-call.ts', import.meta.url),
};

/** Load of the bundle and first answer to a caller, in fresh processes by turns. */
export const measureCallColdStart = async (): Promise<readonly Figure[]> => {
  await using aws = await startLoopbackAws();
  const bundles = await bundleHandlers(HANDLERS);
  const child = await bundleScript(CHILD);
  const eventFile = `${bundles.ours}.json`;
  await writeFile(eventFile, JSON.stringify(callEvent()));
  const start = async (bundle: string): Promise<number> => {
    const environment = callEnvironment(aws.url);
    const { load, firstCall } = (await runFresh(child, { args: [bundle, eventFile], environment })) as {
      readonly load: number;
      readonly firstCall: number;
    };
    return load + firstCall;
  };
  const figure = { baseline: [] as number[], ours: [] as number[] };
  for (let run = 0; run < RUNS; run += 1) {
    figure.baseline.push(await start(bundles.baseline));
    figure.ours.push(await start(bundles.ours));
  }
  return [{ name: 'call: cold start, load and first answer', unit: 'ms', ...figure, goal: 4 }];
};
