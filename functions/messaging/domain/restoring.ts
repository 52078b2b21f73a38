import type { Moment } from './advance.ts';
import { channelAddress } from './channel-address.ts';
import type { Intent } from './intent.ts';
import type { Transition } from './intent-event.ts';
import { type ListedMessage, normalizeBody } from './settlement.ts';
import { acceptByList } from './settling.ts';

/** A message of Twilio's list that no intent of the restored table is bound to. */
export type SentMessage = ListedMessage & {
  readonly accountSid: string;
  /** With its channel's prefix. */
  readonly to: string;
};

export interface Pairing {
  readonly pairs: readonly { readonly intent: Intent; readonly message: SentMessage }[];
  /** Sent since the restore point by intents that the restore has undone. */
  readonly unknown: readonly SentMessage[];
}

/** States in which a restored intent's message may have been sent since the point, whatever the table says. */
export const RESTORED_OPEN = [
  'PENDING',
  'ARMED',
  'UNKNOWN',
  'PARKED',
] as const satisfies readonly Intent['state'][];

/** States that such an intent can have come to while sending was frozen: its time ran out, or somebody cancelled it. */
export const ENDED_WHILE_FROZEN = ['EXPIRED', 'SUPPRESSED'] as const satisfies readonly Intent['state'][];

/** Two messages of one key cannot be told apart by anything that Twilio's list shows. */
const keyOf = (
  accountSid: string,
  to: string,
  messagingServiceSid: string | undefined,
  body: string,
): string => JSON.stringify([accountSid, to, messagingServiceSid ?? '', normalizeBody(body)]);

/**
 * Who has sent what since the restore point. Each intent was sent at most once, so among identical ones their number says all:
 * of n open intents and k messages, k are sent, the earliest first; whose is whose nobody can tell, nor needs to.
 */
export function pairSent(open: readonly Intent[], sent: readonly SentMessage[]): Pairing {
  const intents = new Map<string, Intent[]>();
  for (const intent of open.toSorted(byTurn)) {
    const { accountSid, channel, to, messagingServiceSid, body = '' } = intent;
    if (to === undefined) continue;
    const key = keyOf(accountSid, channelAddress(channel, to), messagingServiceSid, body);
    intents.set(key, [...(intents.get(key) ?? []), intent]);
  }
  const [pairs, unknown]: [{ intent: Intent; message: SentMessage }[], SentMessage[]] = [[], []];
  for (const message of sent.toSorted((one, other) => one.createdAt - other.createdAt)) {
    const { accountSid, to, messagingServiceSid, body } = message;
    const intent = intents.get(keyOf(accountSid, to, messagingServiceSid, body))?.shift();
    if (intent === undefined) unknown.push(message);
    else pairs.push({ intent, message });
  }
  return { pairs, unknown };
}

/** What still waits goes before what has ended; then in the order in which they were armed, or due. */
const byTurn = (one: Intent, other: Intent): number =>
  Number(hasEnded(one)) - Number(hasEnded(other)) ||
  turnOf(one) - turnOf(other) ||
  one.createdAt - other.createdAt;

const hasEnded = ({ state }: Intent): boolean => ENDED_WHILE_FROZEN.some((ended) => ended === state);

const turnOf = ({ attempt, state, notBefore }: Intent): number =>
  state === 'PENDING' || attempt === undefined ? notBefore : attempt.armedAt;

/** The list says that the message went out after the restore point: it must not go out again. */
export function markSent(intent: Intent, message: SentMessage, moment: Moment): Transition {
  const { intent: accepted, outbox } = acceptByList(intent, message, moment);
  return { intent: { ...accepted, reason: 'found in Twilio’s list after a restore' }, outbox };
}
