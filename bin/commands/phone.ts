import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import colors from 'picocolors';
import { readLocalFile } from '../platform/local-file.ts';
import { CommandError } from './command-error.ts';
import { createPhoneClient, type PhoneClient } from './simulator-client.ts';

export interface PhoneOptions {
  readonly to?: string;
  readonly say?: string;
  readonly wait: number;
}

const POLL_MILLISECONDS = 200;

/** A simulated phone in the terminal. */
export async function phone(address: string, options: PhoneOptions): Promise<void> {
  const local = readLocalFile();
  if (local === undefined) throw new CommandError('no local platform: run `npm start` first');
  const to = options.to ?? local.numbers.transactional;
  if (to === undefined) throw new CommandError('which number? give --to');
  const client = createPhoneClient(local.simulatorUrl, address);
  console.log(colors.dim(`phone ${address}, texting ${to}`));
  const screen = await openScreen(client);
  if (options.say === undefined) return converse(client, to, screen);
  await client.text(to, options.say);
  await screen.showFor(options.wait * 1000);
}

interface Screen {
  showNew(): Promise<void>;
  showFor(milliseconds: number): Promise<void>;
}

/** Shows each message once; what was there before is history. */
async function openScreen(client: PhoneClient): Promise<Screen> {
  let shown = (await client.messages()).length;
  const showNew = async (): Promise<void> => {
    const messages = await client.messages();
    for (const message of messages.slice(shown)) {
      const mine = message.direction === 'sent';
      console.log(mine ? `${colors.dim('→')} ${message.body}` : `${colors.green('←')} ${message.body}`);
    }
    shown = messages.length;
  };
  return {
    showNew,
    showFor: async (milliseconds) => {
      const until = Date.now() + milliseconds;
      while (Date.now() < until) {
        await showNew();
        await wait(POLL_MILLISECONDS);
      }
    },
  };
}

/** Lines typed are texts; ends with the input. */
async function converse(client: PhoneClient, to: string, screen: Screen): Promise<void> {
  console.log(colors.dim('type a text and press enter; ctrl-d hangs up'));
  const lines = createInterface({ input: process.stdin });
  const poll = setInterval(() => void screen.showNew().catch(reportLost), POLL_MILLISECONDS);
  try {
    for await (const line of lines) if (line.trim() !== '') await client.text(to, line);
    await screen.showFor(POLL_MILLISECONDS * 10);
  } finally {
    clearInterval(poll);
  }
}

function reportLost(error: unknown): void {
  console.error(
    colors.red(`the simulator does not answer: ${error instanceof Error ? error.message : error}`),
  );
  process.exit(1);
}
