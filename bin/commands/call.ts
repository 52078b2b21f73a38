import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { readLocalFile } from '../platform/local-file.ts';
import { createTranscriptPrinter } from '../terminal/call-transcript.ts';
import { CommandError } from './command-error.ts';
import { type CallClient, placeCall } from './simulator-client.ts';

export interface CallOptions {
  readonly keys?: string;
  readonly script?: string;
  readonly requests?: boolean;
}

const POLL_MILLISECONDS = 100;

/** A call through the simulated Twilio, shown as the caller hears it. Exit code 1: it ended in the error voice. */
export async function call(from: string, to: string, options: CallOptions): Promise<void> {
  const local = readLocalFile();
  if (local === undefined) throw new CommandError('no local platform: run `npm start` first');
  const script = scriptOf(options);
  const client = await placeCall(local.simulatorUrl, { from, to, script });
  console.log(`call ${client.callSid}  ${from} → ${to}`);
  const closeKeyboard = script.length > 0 ? () => {} : listenToKeyboard(client);
  try {
    const end = await follow(client, options.requests ?? false);
    if (end === 'application-error') process.exitCode = 1;
  } finally {
    closeKeyboard();
  }
}

/** `--keys 1,2` presses 1 at the first question and 2 at the second. */
function scriptOf({ keys, script }: CallOptions): readonly unknown[] {
  if (keys !== undefined && script !== undefined) throw new CommandError('give --keys or --script, not both');
  if (keys !== undefined) return keys.split(',').map((each) => ({ on: 'gather', keys: each.trim() }));
  if (script === undefined) return [];
  try {
    const steps: unknown = JSON.parse(readFileSync(script, 'utf8'));
    if (Array.isArray(steps)) return steps;
  } catch (error) {
    throw new CommandError(`${script} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  throw new CommandError(`${script} is not a JSON array of steps`);
}

async function follow(client: CallClient, withRequests: boolean): Promise<string | undefined> {
  const print = createTranscriptPrinter({ withRequests, write: (line) => console.log(line) });
  for (;;) {
    const state = await client.state();
    print(state);
    if (state.endedAt !== null) return state.end;
    await wait(POLL_MILLISECONDS);
  }
}

/** Digits are pressed, `s ...` is said, `h` or the end of the input hangs up. */
function listenToKeyboard(client: CallClient): () => void {
  const lines = createInterface({ input: process.stdin });
  const act = (line: string): Promise<void> => {
    if (line === 'h') return client.hangUp();
    if (line.startsWith('s ')) return client.speech(line.slice(2));
    if (/^[0-9A-D*#]+$/i.test(line)) return client.keys(line);
    console.log('digits to press, "s text" to speak, h to hang up');
    return Promise.resolve();
  };
  const report = (error: unknown): void => console.error(error instanceof Error ? error.message : error);
  lines.on('line', (line) => void act(line.trim()).catch(report));
  lines.on('close', () => void client.hangUp().catch(() => {})); // The call may be over already.
  return () => {
    lines.removeAllListeners('close');
    lines.close();
  };
}
