import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { SimulatorState } from './simulator-state.ts';

export interface SnapshotFile {
  /** The state of the last run; undefined where there is none. Throws where the file is not a snapshot. */
  read(): Promise<SimulatorState | undefined>;
  /** Resolves once the state as it is now is on disk; calls that come during a write share the next one. */
  write(state: SimulatorState): Promise<void>;
}

const envelope = z.looseObject({ version: z.literal(1), jobs: z.record(z.string(), z.unknown()) });

/** A JSON file that is replaced whole by a rename: a reader sees the old state or the new one. */
export function createSnapshotFile(path: string): SnapshotFile {
  let writing = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      // Written by this adapter alone; the envelope tells another file or version from it.
      return envelope.parse(JSON.parse(text)) as unknown as SimulatorState;
    },
    write(state) {
      waiting ??= writing.then(() => {
        waiting = undefined;
        writing = replace(state);
        return writing;
      });
      return waiting;
    },
  };

  async function replace(state: SimulatorState): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.next`, JSON.stringify(state));
    await rename(`${path}.next`, path);
  }
}
