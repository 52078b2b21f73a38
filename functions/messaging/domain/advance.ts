import type { Intent, IntentState } from './intent.ts';
import { isSettled } from './intent.ts';
import { CONTENT_RETENTION_MILLISECONDS } from './timing.ts';

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
 * The next version. Appointment and reason belong to a state and do not outlive it; a settled intent's only
 * appointment is the end of its content's retention.
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
  if (!isSettled(next.state) || next.to === undefined) return next;
  return { ...next, dueAt: intent.createdAt + CONTENT_RETENTION_MILLISECONDS };
}
