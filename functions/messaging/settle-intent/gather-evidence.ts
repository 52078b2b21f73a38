import type { NoAnswer, TwilioMessage } from '../../shared/ports/twilio-ledger.ts';
import { channelAddress } from '../domain/channel-address.ts';
import type { Intent } from '../domain/intent.ts';
import {
  attemptOf,
  earliestMessageAt,
  type ListEvidence,
  type ListedMessage,
  type Rival,
  rivalsOf,
} from '../domain/settlement.ts';
import { readBinding, readRecipientIntents } from '../evidence-rows.ts';
import { readIntent } from '../intent-store.ts';
import type { SettlePorts } from './settle-intent.ts';

/** Pages of the recipient's messages that are read at most; the newest come first. */
const MOST_PAGES = 10;
const PAGE_SIZE = 200;

type Gathered = ({ readonly kind: 'evidence' } & ListEvidence) | NoAnswer;

/**
 * What Twilio's list and our own books say: unbound messages to the recipient, and other open intents like this one.
 * The books are read after the list: whoever made a listed message was armed before, and is seen.
 */
export async function gatherEvidence(intent: Intent, ports: SettlePorts): Promise<Gathered> {
  const earliest = earliestMessageAt(intent);
  if (intent.to === undefined || earliest === undefined)
    return { kind: 'evidence', unbound: [], rivals: [], isComplete: true };
  const listed = await listCandidates(intent, channelAddress(intent.channel, intent.to), earliest, ports);
  if (listed.kind !== 'listed') return listed;
  const unbound: ListedMessage[] = [];
  for (const message of listed.messages) {
    if ((await readBinding(ports.tables, message.messageSid)) === undefined) unbound.push(message);
  }
  const rivals = await readRivals(intent, intent.to, earliest, ports);
  return { kind: 'evidence', unbound, rivals, isComplete: listed.isComplete };
}

type Listed =
  | {
      readonly kind: 'listed';
      readonly messages: readonly ListedMessage[];
      readonly isComplete: boolean;
    }
  | NoAnswer;

async function listCandidates(
  intent: Intent,
  to: string,
  earliest: number,
  ports: SettlePorts,
): Promise<Listed> {
  const found: ListedMessage[] = [];
  let page: string | undefined;
  for (let read = 0; read < MOST_PAGES; read += 1) {
    const answer = await ports.ledger.listMessages({
      accountSid: intent.accountSid,
      to,
      pageSize: PAGE_SIZE,
      ...(page === undefined ? {} : { page }),
    });
    if (answer.kind !== 'page') return answer;
    const listed = answer.messages.filter(isOurs).map(toListed);
    found.push(...listed.filter((message) => attemptOf(intent, message) !== undefined));
    page = answer.nextPage;
    const oldest = answer.messages.at(-1)?.createdAt ?? Number.POSITIVE_INFINITY;
    if (page === undefined || oldest < earliest - DISORDER_MILLISECONDS)
      return { kind: 'listed', messages: found, isComplete: true };
  }
  return { kind: 'listed', messages: found, isComplete: false };
}

/** The list is newest first but for its lag; past this, older pages hold nothing. */
const DISORDER_MILLISECONDS = 10 * 60_000;

const isOurs = ({ direction }: TwilioMessage): boolean => direction === 'outbound-api';

const toListed = ({ errorCode, messagingServiceSid, ...message }: TwilioMessage): ListedMessage => ({
  messageSid: message.messageSid,
  body: message.body,
  status: message.status,
  createdAt: message.createdAt,
  ...(errorCode === undefined ? {} : { errorCode }),
  ...(messagingServiceSid === undefined ? {} : { messagingServiceSid }),
});

async function readRivals(
  intent: Intent,
  to: string,
  earliest: number,
  ports: SettlePorts,
): Promise<readonly Rival[]> {
  const ids = await readRecipientIntents(ports.tables, to, earliest - LONGEST_WINDOW_MILLISECONDS);
  const others = await Promise.all(ids.map((id) => readIntent(ports.tables, id)));
  return others.flatMap((other) => (other === undefined ? [] : rivalsOf(intent, other)));
}

/** Whoever was armed so long before cannot have made a message that this intent's could be taken for. */
const LONGEST_WINDOW_MILLISECONDS = 15 * 60_000;
