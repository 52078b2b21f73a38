import { parentPort } from 'node:worker_threads';
import { enumerate } from './enumeration.ts';
import type { Job } from './report.ts';
import { runSeed } from './run-seed.ts';

/** One job after the other; a job that breaks is answered, too. */
parentPort?.on('message', async (job: Job) => {
  try {
    const report = job.kind === 'seed' ? await runSeed(job) : await enumerate(job);
    parentPort?.postMessage({ kind: 'report', report });
  } catch (error) {
    parentPort?.postMessage({
      kind: 'broken',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
