import type { Moment } from './advance.ts';
import { channelAddress } from './channel-address.ts';
import { type Intent, isCall } from './intent.ts';
import type { Transition } from './intent-event.ts';
import { type Listed, normalizeBody } from './settlement.ts';
import { acceptByList } from './settling.ts';

/** A message or a call of Twilio's list that no intent of the restored table is bound to. */
export type Sent = Listed & {
  readonly accountSid: string;
  /** With its channel's prefix. */
  readonly to: string;
};

export interface Pairing {
  readonly pairs: readonly { readonly intent: Intent; readonly sent: Sent }[];
  /** Made since the restore point by intents that the restore has undone. */
  readonly unknown: readonly Sent[];
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

/** What Twilio's list shows of two with the same key is the same. */
const keyOfSent = (sent: Sent): string =>
  sent.kind === 'call'
    ? JSON.stringify([sent.accountSid, sent.to, sent.from])
    : JSON.stringify([sent.accountSid, sent.to, sent.messagingServiceSid ?? '', normalizeBody(sent.body)]);

const keyOfIntent = (intent: Intent, to: string): string =>
  isCall(intent)
    ? JSON.stringify([intent.accountSid, to, intent.from])
    : JSON.stringify([
        intent.accountSid,
        channelAddress(intent.channel, to),
        intent.messagingServiceSid,
        normalizeBody(intent.body ?? ''),
      ]);

/**
 * Who has sent what since the restore point. Each intent was sent at most once, so among identical ones their number says all:
 * of n open intents and k messages, k are sent, the earliest first; whose is whose nobody can tell, nor needs to.
 */
export function pairSent(open: readonly Intent[], sent: readonly Sent[]): Pairing {
  const waiting = new Map<string, Intent[]>();
  for (const intent of open.toSorted(byTurn)) {
    if (intent.to === undefined) continue;
    const key = keyOfIntent(intent, intent.to);
    waiting.set(key, [...(waiting.get(key) ?? []), intent]);
  }
  const [pairs, unknown]: [{ intent: Intent; sent: Sent }[], Sent[]] = [[], []];
  for (const one of sent.toSorted((left, right) => left.createdAt - right.createdAt)) {
    const intent = waiting.get(keyOfSent(one))?.shift();
    if (intent === undefined) unknown.push(one);
    else pairs.push({ intent, sent: one });
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

/** The list says that it went out after the restore point: it must not go out again. */
export function markSent(intent: Intent, sent: Sent, moment: Moment): Transition {
  const { intent: accepted, outbox } = acceptByList(intent, sent, moment);
  return { intent: { ...accepted, reason: 'found in Twilio’s list after a restore' }, outbox };
}
