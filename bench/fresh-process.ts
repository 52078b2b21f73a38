import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** The channel of results; the standard output is the handlers' own, and thrown away. */
const RESULT_CHANNEL = 3;

/** Hands one JSON value to the parent process. */
export const reportResult = (result: unknown): void => writeFileSync(RESULT_CHANNEL, JSON.stringify(result));

/** Runs a bundled script in a process of its own and gives back what it reported. */
export const runFresh = async (
  script: string,
  { args, environment }: { args: readonly string[]; environment: Readonly<Record<string, string>> },
): Promise<unknown> => {
  const child = spawn(process.execPath, ['--no-warnings', script, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const result = await text(child.stdio[RESULT_CHANNEL] as NodeJS.ReadableStream);
  const code = await closed;
  if (code !== 0 || result === '') throw new Error(`${script} ended with ${code}`);
  return JSON.parse(result);
};
