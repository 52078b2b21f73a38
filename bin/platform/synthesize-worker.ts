import { parentPort, workerData } from 'node:worker_threads';
import { synthesize } from '../../lib/synthesize.ts';

/** Synthesis needs the whole CDK library; in a worker its memory is given back when it is done. */
try {
  await synthesize(workerData);
  parentPort?.postMessage({ kind: 'done' });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  parentPort?.postMessage({ kind: 'failed', message });
}
