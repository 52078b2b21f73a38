import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { CommandError } from '../commands/command-error.ts';

const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);

/** The cloud assembly of `local`, with the platform's own addresses in its configuration. */
export async function synthesizeLocal(
  overrides: Readonly<Record<string, string>>,
  outputDirectory: string,
): Promise<void> {
  const worker = new Worker(new URL('./synthesize-worker.ts', import.meta.url), {
    workerData: { environment: 'local', overrides, outputDirectory, checks: false },
  });
  const [message] = await once(worker, 'message');
  await worker.terminate();
  const answer = Answer.parse(message);
  if (answer.kind === 'failed') throw new CommandError(answer.message);
}
