import type { Intent, IntentState } from './intent.ts';
import { isFinalStatus } from './message-status.ts';
import { CONTENT_RETENTION_MILLISECONDS, nextStatusPollAt } from './timing.ts';

/** Everything of a transition that is not a rule: the time, the invocation, its share of chance. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly owner: string;
  /** Uniform in [0, 1). */
  readonly jitter: number;
}

type Change = Partial<Intent> & { readonly state: IntentState };

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

/** Accepted: asking Twilio for the status as long as it is not final. Afterwards, and for all others: erasing the content. */
function appointmentOf(intent: Intent, now: number): number | undefined {
  const poll = isAwaitingStatus(intent)
    ? nextStatusPollAt(sentAtOf(intent), intent.trafficClass, now)
    : undefined;
  if (poll !== undefined) return poll;
  return retentionEndOf(intent);
}

/** When Twilio began, or will begin, to deliver. */
export const sentAtOf = ({ acceptedAt, updatedAt, sendAt = 0 }: Intent): number =>
  Math.max(acceptedAt ?? updatedAt, sendAt);

/** When the content must be erased; undefined once it is. A message that was scheduled for later is kept from its sending on. */
export const retentionEndOf = ({ to, createdAt, attempt }: Intent): number | undefined =>
  to === undefined ? undefined : (attempt?.armedAt ?? createdAt) + CONTENT_RETENTION_MILLISECONDS;

export const isAwaitingStatus = ({ state, status }: Intent): boolean =>
  state === 'ACCEPTED' && (status === undefined || !isFinalStatus(status.state));
