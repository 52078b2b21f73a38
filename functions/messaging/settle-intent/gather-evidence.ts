import type { NoAnswer, TwilioMessage } from '../../shared/ports/twilio-ledger.ts';
import type { Intent } from '../domain/intent.ts';
import {
  canBeOf,
  type ListEvidence,
  type ListedMessage,
  normalizeBody,
  type Rival,
} from '../domain/settlement.ts';
import { readBinding, readRecipientIntents } from '../evidence-rows.ts';
import { readIntent } from '../intent-store.ts';
import type { SettlePorts } from './settle-intent.ts';

/** Pages of the recipient's messages that are read at most; the newest come first. */
const MOST_PAGES = 4;
const PAGE_SIZE = 50;

type Gathered = ({ readonly kind: 'evidence' } & ListEvidence) | NoAnswer;

/** What Twilio's list and our own books say: unbound messages to the recipient, and other open intents like this one. */
export async function gatherEvidence(intent: Intent, ports: SettlePorts): Promise<Gathered> {
  if (intent.to === undefined) return { kind: 'evidence', unbound: [], rivals: [] };
  const listed = await listCandidates(intent, intent.to, ports);
  if (listed.kind !== 'listed') return listed;
  const unbound: ListedMessage[] = [];
  for (const message of listed.messages) {
    if ((await readBinding(ports.tables, message.messageSid)) === undefined) unbound.push(message);
  }
  return { kind: 'evidence', unbound, rivals: await readRivals(intent, intent.to, ports) };
}

type Listed = { readonly kind: 'listed'; readonly messages: readonly ListedMessage[] } | NoAnswer;

async function listCandidates(intent: Intent, to: string, ports: SettlePorts): Promise<Listed> {
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
    found.push(
      ...answer.messages
        .filter(isOurs)
        .map(toListed)
        .filter((listed) => canBeOf(intent, listed)),
    );
    page = answer.nextPage;
    const oldest = answer.messages.at(-1)?.createdAt ?? 0;
    if (page === undefined || oldest < (intent.attempt?.armedAt ?? 0) - OLDER_MILLISECONDS) break;
  }
  return { kind: 'listed', messages: found };
}

/** Well past the skew that a match allows: the list is newest first, older pages hold nothing. */
const OLDER_MILLISECONDS = 15 * 60_000;

const isOurs = ({ direction }: TwilioMessage): boolean => direction === 'outbound-api';

const toListed = ({ errorCode, messagingServiceSid, ...message }: TwilioMessage): ListedMessage => ({
  messageSid: message.messageSid,
  body: message.body,
  status: message.status,
  createdAt: message.createdAt,
  ...(errorCode === undefined ? {} : { errorCode }),
  ...(messagingServiceSid === undefined ? {} : { messagingServiceSid }),
});

const OPEN = new Set(['UNKNOWN', 'ARMED', 'PARKED']);

async function readRivals(intent: Intent, to: string, ports: SettlePorts): Promise<readonly Rival[]> {
  const ids = await readRecipientIntents(ports.tables, to);
  const others = await Promise.all(
    ids.filter((id) => id !== intent.id).map((id) => readIntent(ports.tables, id)),
  );
  return others.flatMap((other) =>
    other?.attempt !== undefined && OPEN.has(other.state) && isAlike(other, intent)
      ? [{ id: other.id, armedAt: other.attempt.armedAt }]
      : [],
  );
}

const isAlike = (left: Intent, right: Intent): boolean =>
  left.messagingServiceSid === right.messagingServiceSid &&
  normalizeBody(left.body ?? '') === normalizeBody(right.body ?? '');
