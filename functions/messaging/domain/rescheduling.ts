import { advance, type Moment } from './advance.ts';
import { dispatchWhenDue } from './dispatching.ts';
import type { Intent, IntentState } from './intent.ts';
import { type Transition, tell } from './intent-event.ts';
import { handOverAt, isScheduledAtTwilio } from './scheduling.ts';

export interface NewTime {
  /** Epoch milliseconds; a time that is past means now. */
  readonly sendAt: number;
  /** Absent: as long after the new time as it was after the old one. */
  readonly deadline?: number;
  /** Of the pool: how long before its time Twilio is to have the message. */
  readonly aheadSeconds?: number;
}

export type Rescheduling =
  | { readonly kind: 'reschedule'; readonly transition: Transition }
  /** It stands as asked already. */
  | { readonly kind: 'unchanged' }
  /** Twilio holds it: to send another would risk both. */
  | { readonly kind: 'at-twilio' }
  | { readonly kind: 'too-late'; readonly state: IntentState };

const RESCHEDULED = 'rescheduled by the client';

/**
 * Another time for what has not been armed. A queue message that is on its way for the old time finds the new one and does nothing;
 * an arming that comes first wins, by the version.
 */
export function reschedule(intent: Intent, time: NewTime, moment: Moment): Rescheduling {
  if (isScheduledAtTwilio(intent, moment.now)) return { kind: 'at-twilio' };
  if (intent.state !== 'PENDING') return { kind: 'too-late', state: intent.state };
  const sendAt = Math.max(time.sendAt, moment.now);
  const validFor = intent.deadline - (intent.sendAt ?? intent.createdAt);
  const deadline = time.deadline ?? sendAt + validFor;
  if (intent.sendAt === sendAt && intent.deadline === deadline) return { kind: 'unchanged' };
  const notBefore = handOverAt(sendAt, time.aheadSeconds, moment.now);
  const { dueAt, dispatch } = dispatchWhenDue({ ...intent, notBefore }, moment.now);
  const change = { state: 'PENDING', sendAt, deadline, notBefore, dueAt, reason: RESCHEDULED } as const;
  const pending = advance(intent, moment, change);
  const told = tell(pending, 0, 'held', { reason: RESCHEDULED, notBefore: new Date(sendAt).toISOString() });
  return {
    kind: 'reschedule',
    transition: { intent: pending, outbox: [told, ...(dispatch ? [dispatch] : [])] },
  };
}
