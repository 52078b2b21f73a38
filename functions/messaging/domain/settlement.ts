import type { Intent } from './intent.ts';
import { SWEEP_ARMED_AFTER_MILLISECONDS } from './timing.ts';

/** What is done with an intent whose outcome stayed unknown past the settle time of its pool. */
export type SettlePolicy = 'park' | 'resend' | 'expire';

/** A message of Twilio's list, as far as it can tell whether it is ours. */
export type ListedMessage = {
  readonly messageSid: string;
  readonly body: string;
  readonly status: string;
  readonly errorCode?: number;
  readonly messagingServiceSid?: string;
  /** Epoch milliseconds; Twilio gives whole seconds. */
  readonly createdAt: number;
};

/** The reconciler looks this long after arming, seconds: soon while a callback may still be on its way, then ever less often. */
const CADENCE_SECONDS = [5, 30, 120, 600, 1_800, 7_200, 21_600, 86_400];

/** Clocks differ, ours from Twilio's, by this much at most. */
const SKEW_MILLISECONDS = 5 * 60_000;

/** The next look after `now`; a day after arming nothing new is to be learned from the list. */
export function nextLookAt(armedAt: number, now: number): number | undefined {
  return CADENCE_SECONDS.map((seconds) => armedAt + seconds * 1000).find((at) => at > now);
}

/**
 * Twilio may substitute characters (smart encoding) and shorten links: bodies are compared without what it changes.
 */
export function normalizeBody(body: string): string {
  return body
    .replace(/https?:\/\/\S+/gi, '')
    .replace(/[\u2018\u2019\u201a\u201b\u0060\u00b4]/g, "'")
    .replace(/[\u201c-\u201f\u00ab\u00bb]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\u2026/g, '...')
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether a listed message can be the one that the intent's last attempt may have created. */
export function canBeOf(intent: Intent, listed: ListedMessage): boolean {
  const armedAt = intent.attempt?.armedAt;
  if (armedAt === undefined) return false;
  const earliest = armedAt - SKEW_MILLISECONDS;
  const latest = armedAt + SWEEP_ARMED_AFTER_MILLISECONDS + SKEW_MILLISECONDS;
  return (
    listed.createdAt >= earliest &&
    listed.createdAt <= latest &&
    (listed.messagingServiceSid ?? intent.messagingServiceSid) === intent.messagingServiceSid &&
    normalizeBody(listed.body) === normalizeBody(intent.body ?? '')
  );
}

/** Another intent to the same recipient whose outcome is open too, and which the same listed messages could be of. */
export type Rival = Pick<Intent, 'id'> & { readonly armedAt: number };

export type Settlement =
  /** Weak evidence: as many unbound messages as open intents, paired in the order of their times. */
  | { readonly kind: 'match'; readonly listed: ListedMessage }
  | { readonly kind: 'look-again'; readonly at: number }
  | { readonly kind: 'settle'; readonly policy: SettlePolicy; readonly reason: string };

export interface ListEvidence {
  /** Messages to the recipient that no intent is bound to. */
  readonly unbound: readonly ListedMessage[];
  readonly rivals: readonly Rival[];
}

/**
 * What Twilio's list says of an unknown outcome. Absence proves nothing before the settle time, for the list lags; among
 * identical messages only their number decides, and nothing is sent again while it is not clear whose is whose.
 */
export function settle(
  intent: Intent,
  evidence: ListEvidence,
  rule: { readonly policy: SettlePolicy; readonly settleSeconds: number },
  now: number,
): Settlement {
  const armedAt = intent.attempt?.armedAt ?? intent.updatedAt;
  const candidates = evidence.unbound
    .filter((listed) => canBeOf(intent, listed))
    .sort((left, right) => left.createdAt - right.createdAt || (left.messageSid < right.messageSid ? -1 : 1));
  const place = evidence.rivals.filter((rival) => isBefore(rival, { id: intent.id, armedAt })).length;
  const match = candidates[place];
  if (match !== undefined && candidates.length > evidence.rivals.length)
    return { kind: 'match', listed: match };
  const settleAt = armedAt + rule.settleSeconds * 1000;
  if (now < settleAt)
    return { kind: 'look-again', at: Math.min(settleAt, nextLookAt(armedAt, now) ?? settleAt) };
  if (rule.policy !== 'resend' || (candidates.length === 0 && evidence.rivals.length === 0)) {
    return {
      kind: 'settle',
      policy: rule.policy,
      reason: 'neither a callback nor the list knew of it in time',
    };
  }
  return {
    kind: 'settle',
    policy: 'park',
    reason: 'identical messages are open as well; which of them was sent cannot be told',
  };
}

const isBefore = (left: Rival, right: Rival): boolean =>
  left.armedAt < right.armedAt || (left.armedAt === right.armedAt && left.id < right.id);
