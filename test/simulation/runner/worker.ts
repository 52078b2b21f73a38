import { parentPort } from 'node:worker_threads';
import { countFlow } from '../cost/count-flow.ts';
import { enumerate } from './enumeration.ts';
import type { Job } from './report.ts';
import { runSeed } from './run-seed.ts';

const run = (job: Job): Promise<unknown> => {
  switch (job.kind) {
    case 'seed':
      return runSeed(job);
    case 'enumeration':
      return enumerate(job);
    case 'cost':
      return countFlow(job);
    default:
      return job satisfies never;
  }
};

/** One job after the other; a job that breaks is answered, too. */
parentPort?.on('message', async (job: Job) => {
  try {
    const report = await run(job);
    parentPort?.postMessage({ kind: 'report', report });
  } catch (error) {
    parentPort?.postMessage({
      kind: 'broken',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
