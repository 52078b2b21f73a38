import { isWaitingToRing, reachedNobody } from './call-status.ts';
import { type CallIntent, type Intent, type IntentChange, type IntentState, isCall } from './intent.ts';
import { statusRulesOf } from './status-rules.ts';
import { CONTENT_RETENTION_MILLISECONDS } from './timing.ts';

/** Everything of a transition that is not a rule: the time, the invocation, its share of chance. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly owner: string;
  /** Uniform in [0, 1). */
  readonly jitter: number;
}

type Change = IntentChange & { readonly state: IntentState };

/**
 * The next version. Reason and appointment belong to a state and do not outlive it; where a transition makes no
 * appointment, the state has its own.
 */
export function advance(intent: Intent, moment: Moment, change: Change): Intent {
  const { dueAt: _dueAt, reason, ...kept } = intent;
  const next: Intent = {
    ...kept,
    ...(reason !== undefined && change.state === intent.state ? { reason } : {}),
    ...change,
    version: intent.version + 1,
    updatedAt: moment.now,
    owner: moment.owner,
  };
  return change.dueAt === undefined ? reappoint(next, moment.now) : next;
}

/** Gives an intent the appointment of its state. */
export function reappoint({ dueAt: _dueAt, ...intent }: Intent, now: number): Intent {
  const dueAt = appointmentOf(intent, now);
  return dueAt === undefined ? intent : { ...intent, dueAt };
}

/**
 * Accepted: asking Twilio for the status as long as it is not final, of a call that waits to ring at its deadline at the latest.
 * Afterwards, and for all others: erasing the content.
 */
function appointmentOf(intent: Intent, now: number): number | undefined {
  if (isAwaitingSequel(intent)) return now;
  const poll = isAwaitingStatus(intent)
    ? statusRulesOf(intent).nextPollAt(sentAtOf(intent), intent.trafficClass, now)
    : undefined;
  if (poll !== undefined) return isWaitingPastDeadline(intent, poll, now) ? intent.deadline : poll;
  return retentionEndOf(intent);
}

/** When Twilio began, or will begin, to deliver. */
export const sentAtOf = ({ acceptedAt, updatedAt, sendAt = 0 }: Intent): number =>
  Math.max(acceptedAt ?? updatedAt, sendAt);

/** When the content must be erased; undefined once it is. A message that was scheduled for later is kept from its sending on. */
export const retentionEndOf = ({ to, createdAt, attempt }: Intent): number | undefined =>
  to === undefined ? undefined : (attempt?.armedAt ?? createdAt) + CONTENT_RETENTION_MILLISECONDS;

/** A call that Twilio would still hold back at its deadline must not ring after it. */
const isWaitingPastDeadline = (intent: Intent, poll: number, now: number): boolean =>
  isCall(intent) && isWaitingToRing(intent.status?.state) && now < intent.deadline && intent.deadline < poll;

/** A call that reached nobody: whether it is placed again is to be decided. */
export const isAwaitingSequel = (intent: Intent): intent is CallIntent =>
  isCall(intent) &&
  intent.state === 'ACCEPTED' &&
  intent.concludedAt === undefined &&
  intent.status !== undefined &&
  reachedNobody(intent.status.state);

export const isAwaitingStatus = (intent: Intent): boolean =>
  intent.state === 'ACCEPTED' &&
  (intent.status === undefined || !statusRulesOf(intent).isFinal(intent.status.state));
