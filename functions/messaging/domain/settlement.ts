import { type Attempt, type Intent, isCall, openAttempts } from './intent.ts';
import { SWEEP_ARMED_AFTER_MILLISECONDS } from './timing.ts';

/** What is done with an intent whose outcome stayed unknown past the settle time of its pool. */
export type SettlePolicy = 'park' | 'resend' | 'expire';

/** What Twilio's list shows, as far as it can tell whether it is ours. */
type ListedCommon = {
  readonly sid: string;
  readonly status: string;
  readonly errorCode?: number;
  /** Epoch milliseconds; Twilio gives whole seconds. */
  readonly createdAt: number;
};
export type ListedMessage = ListedCommon & {
  readonly kind: 'message';
  readonly body: string;
  readonly messagingServiceSid?: string;
};
/** Two calls between the same numbers are identical, whatever is said in them. */
export type ListedCall = ListedCommon & { readonly kind: 'call'; readonly from: string };
export type Listed = ListedMessage | ListedCall;

/** The reconciler looks this long after arming, seconds: soon while a callback may still be on its way, then ever less often. */
const CADENCE_SECONDS = [5, 30, 120, 600, 1_800, 7_200, 21_600, 86_400];

/** Clocks differ, ours from Twilio's, by this much at most. */
const SKEW_MILLISECONDS = 5 * 60_000;

/** The next look after `now`; a day after arming nothing new is to be learned from the list. */
export function nextLookAt(armedAt: number, now: number): number | undefined {
  return CADENCE_SECONDS.map((seconds) => armedAt + seconds * 1000).find((at) => at > now);
}

/**
 * Twilio substitutes punctuation (smart encoding) and shortens links: bodies are compared without both. Texts that differ
 * in nothing else count as identical, which is the careful side: identical ones are told apart by their number only.
 */
export function normalizeBody(body: string): string {
  return body
    .replace(/https?:\/\/\S+/gi, '')
    .normalize('NFKC')
    .replace(/[^\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{M}\p{N}\p{So}]/gu, '');
}

/** Times at which Twilio may have created what an attempt asked for, both included. */
const windowOf = ({ armedAt }: Attempt) => ({
  from: armedAt - SKEW_MILLISECONDS,
  to: armedAt + SWEEP_ARMED_AFTER_MILLISECONDS + SKEW_MILLISECONDS,
});

/** Nothing that the intent's open attempts made is older; undefined where none is open. */
export function earliestCreationAt(intent: Intent): number | undefined {
  const [first] = openAttempts(intent);
  return first === undefined ? undefined : windowOf(first).from;
}

/** The attempt that something listed can be of; the latest, where it can be of several. */
export function attemptOf(intent: Intent, listed: Listed): Attempt | undefined {
  if (!canBe(intent, listed)) return undefined;
  return openAttempts(intent).findLast((attempt) => {
    const { from, to } = windowOf(attempt);
    return listed.createdAt >= from && listed.createdAt <= to;
  });
}

function canBe(intent: Intent, listed: Listed): boolean {
  if (isCall(intent)) return listed.kind === 'call' && listed.from === intent.from;
  return (
    listed.kind === 'message' &&
    (listed.messagingServiceSid ?? intent.messagingServiceSid) === intent.messagingServiceSid &&
    normalizeBody(listed.body) === normalizeBody(intent.body ?? '')
  );
}

/** Whether nothing in Twilio's list tells what the two ask for apart. */
function areAlike(one: Intent, other: Intent): boolean {
  if (isCall(one)) return isCall(other) && other.from === one.from;
  return (
    !isCall(other) &&
    other.messagingServiceSid === one.messagingServiceSid &&
    normalizeBody(other.body ?? '') === normalizeBody(one.body ?? '')
  );
}

/** An open attempt of another intent, which the same list could be of. */
export type Rival = { readonly id: string; readonly armedAt: number };

/** The rivals that another intent to the same recipient makes. */
export function rivalsOf(intent: Intent, other: Intent): readonly Rival[] {
  if (other.id === intent.id || !areAlike(intent, other)) return [];
  const mine = openAttempts(intent).map(windowOf);
  return openAttempts(other)
    .filter((attempt) => {
      const { from, to } = windowOf(attempt);
      return mine.some((own) => from <= own.to && own.from <= to);
    })
    .map(({ armedAt }) => ({ id: other.id, armedAt }));
}

export type Settlement =
  /** Weak evidence: more unbound ones than others could have made, paired in the order of their times. */
  | { readonly kind: 'match'; readonly listed: Listed }
  | { readonly kind: 'look-again'; readonly at: number }
  | { readonly kind: 'settle'; readonly policy: SettlePolicy; readonly reason: string };

export interface ListEvidence {
  /** Messages or calls to the recipient that no intent is bound to. */
  readonly unbound: readonly Listed[];
  readonly rivals: readonly Rival[];
  /** The list was read back to where nothing of the intent can be. */
  readonly isComplete: boolean;
}

export interface SettleRule {
  readonly policy: SettlePolicy;
  readonly settleSeconds: number;
}

/**
 * What Twilio's list says of an unknown outcome. Absence proves nothing before the settle time, for the list lags; among
 * identical messages only their number decides, and nothing is sent again while it is not clear whose is whose.
 */
export function settle(intent: Intent, evidence: ListEvidence, rule: SettleRule, now: number): Settlement {
  const armedAt = intent.attempt?.armedAt ?? intent.updatedAt;
  const candidates = evidence.unbound
    .filter((listed) => attemptOf(intent, listed) !== undefined)
    .sort((left, right) => left.createdAt - right.createdAt || (left.sid < right.sid ? -1 : 1));
  const place = evidence.rivals.filter((rival) => isBefore(rival, { id: intent.id, armedAt })).length;
  const match = candidates[place];
  if (match !== undefined && candidates.length > evidence.rivals.length)
    return { kind: 'match', listed: match };
  const settleAt = armedAt + rule.settleSeconds * 1000;
  if (now < settleAt)
    return { kind: 'look-again', at: Math.min(settleAt, nextLookAt(armedAt, now) ?? settleAt) };
  return { kind: 'settle', ...settleBy(rule.policy, intent, candidates.length, evidence) };
}

/** Twice rather than never, but never more than twice, and never where a message may be there that cannot be attributed. */
function settleBy(
  policy: SettlePolicy,
  { to, unresolvedAttempts = [] }: Intent,
  candidates: number,
  { rivals, isComplete }: ListEvidence,
): { readonly policy: SettlePolicy; readonly reason: string } {
  if (to === undefined) return { policy: 'expire', reason: 'its content has been erased' };
  // What is listed and nobody's may be this one: that it was not sent cannot be said then.
  if (policy === 'park' || (policy === 'expire' && candidates === 0))
    return { policy, reason: 'neither a callback nor the list knew of it in time' };
  const doubt = [
    candidates + rivals.length > 0 &&
      'identical ones are open as well; which of them was sent cannot be told',
    !isComplete && "Twilio's list for the recipient is too long to be read back to its time",
    unresolvedAttempts.length > 0 && 'it was sent again once already, and nothing is known of that either',
  ].find((reason) => reason !== false);
  if (doubt !== undefined) return { policy: 'park', reason: doubt };
  return { policy, reason: 'no evidence within the settle time; its pool sends again' };
}

const isBefore = (left: Rival, right: Rival): boolean =>
  left.armedAt < right.armedAt || (left.armedAt === right.armedAt && left.id < right.id);
