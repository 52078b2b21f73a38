import { setTimeout as wait } from 'node:timers/promises';
import colors from 'picocolors';
import type { TimelineView } from '../../functions/shared/contract/api/timeline.ts';
import type { Simulator } from '../../local/twilio/start-simulator.ts';
import type { Platform } from '../platform/start-platform.ts';
import { renderStory } from '../terminal/story.ts';
import {
  type ApplicationClient,
  createApplicationClient,
  followTimeline,
  wholeTimeline,
} from './application-client.ts';
import { CommandError } from './command-error.ts';

const PHONE = '+15550109999';
const TEXT = 'hours';
const SECONDS = 20;
const SETTLE_MILLISECONDS = 1_500;

/** The story of one text, with Twilio's callbacks repeated and out of order; ends with both ledgers side by side. */
export async function demo(platform: Platform): Promise<void> {
  const { simulator, local } = platform;
  if (simulator === undefined) throw new CommandError('the demonstration needs the simulated Twilio');
  const client = createApplicationClient({
    TRUNKLINE_APPLICATION_URL: local.applicationUrl,
    TRUNKLINE_TOKEN: local.applicationToken,
  });
  say('Twilio is told to misbehave: every callback is delivered twice, and out of order');
  simulator.setFaults({ seed: 7, callbackDuplicate: 1, callbackReorder: 1 });
  const inboundSid = textFromPhone(simulator, local.numbers.transactional ?? '');
  const timeline = await answered(client, inboundSid);
  await simulator.whenIdle();
  await wait(SETTLE_MILLISECONDS);
  say('The whole story, as support sees it');
  const story = (await wholeTimeline(client, inboundSid)) ?? timeline;
  console.log(renderStory(story));
  compareLedgers(simulator, story);
  showPhone(simulator);
}

function textFromPhone(simulator: Simulator, to: string): string {
  say(`A phone, ${PHONE}, texts "${TEXT}" to ${to}`);
  const sid = simulator.sendFromPhone({ from: PHONE, to, body: TEXT });
  if (sid === null) throw new CommandError('the simulated Twilio has inbound messages disabled');
  return sid;
}

/** Waits until the answer has been delivered. */
async function answered(client: ApplicationClient, inboundSid: string) {
  const until = Date.now() + SECONDS * 1000;
  while (Date.now() < until) {
    const timeline = await client.timeline(inboundSid);
    const intentId = timeline?.related.find((id) => id.startsWith('int_'));
    if (intentId !== undefined) {
      const story = await followTimeline(client, intentId, SECONDS);
      if (story !== undefined) return story;
    }
    await wait(100);
  }
  throw new CommandError(`nothing answered within ${SECONDS} s; see .trunkline/cloud/logs/`);
}

/** Twilio's side against ours: how often it was asked and called back, and how often we recorded it. */
function compareLedgers(simulator: Simulator, story: TimelineView): void {
  const messageSid = story.related.find((id) => /^(SM|MM)/.test(id));
  if (messageSid === undefined) return;
  const { messages, creates, callbacks } = simulator.ledger(messageSid);
  say('Both ledgers side by side');
  console.log(`  ${'requests to send'.padEnd(34)}Twilio saw ${creates.length}, accepted ${messages.length}`);
  for (const { status, attempts } of callbacks) {
    const recorded = story.entries.filter(
      ({ kind, detail }) => kind === 'message.status-recorded' && detail.status === status,
    );
    console.log(
      `  ${`callback '${status}'`.padEnd(34)}Twilio called ${attempts.length} times, recorded ${recorded.length === 1 ? 'once' : `${recorded.length} times`}`,
    );
  }
}

function showPhone(simulator: Simulator): void {
  say('What the phone shows');
  for (const message of simulator.handset(PHONE).slice(-2)) {
    console.log(message.direction === 'sent' ? `  → ${message.body}` : colors.green(`  ← ${message.body}`));
  }
}

const say = (text: string): void => console.log(`\n${colors.bold(text)}`);
