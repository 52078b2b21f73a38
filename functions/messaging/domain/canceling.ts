import { advance, type Moment } from './advance.ts';
import { isUnanswered } from './call-status.ts';
import { dispatchToSettlement } from './dispatching.ts';
import { type Intent, type IntentState, isCall } from './intent.ts';
import { type Transition, tell } from './intent-event.ts';
import { isScheduledAtTwilio } from './scheduling.ts';
import { suppress } from './suppressing.ts';

export type Cancellation =
  | { readonly kind: 'cancel'; readonly transition: Transition }
  /** Twilio has it, and is asked to call it off. */
  | { readonly kind: 'ask-twilio'; readonly transition: Transition }
  | { readonly kind: 'canceled-already' }
  | { readonly kind: 'too-late'; readonly state: IntentState };

const CANCELED = 'canceled by the client';

/** A client may take back what has not been armed, and what Twilio has not begun to send. */
export function cancel(intent: Intent, moment: Moment): Cancellation {
  if (intent.state === 'SUPPRESSED' && intent.reason === CANCELED) return { kind: 'canceled-already' };
  if (intent.cancelRequestedAt !== undefined) return { kind: 'canceled-already' };
  if (intent.state === 'PENDING') return { kind: 'cancel', transition: suppress(intent, CANCELED, moment) };
  return canBeCalledOff(intent, moment.now)
    ? { kind: 'ask-twilio', transition: callOff(intent, TAKEN_BACK, moment) }
    : { kind: 'too-late', state: intent.state };
}

/** A message that Twilio has scheduled, a call that nobody has answered. */
const canBeCalledOff = (intent: Intent, now: number): boolean =>
  isCall(intent)
    ? intent.state === 'ACCEPTED' && isUnanswered(intent.status?.state)
    : isScheduledAtTwilio(intent, now);

const TAKEN_BACK = 'the client took it back';

/** Twilio is asked to call it off, at once. */
export function callOff(intent: Intent, why: string, moment: Moment): Transition {
  const { dueAt, dispatch } = dispatchToSettlement(intent, moment.now, moment.now);
  const asked = advance(intent, moment, {
    state: intent.state,
    cancelRequestedAt: moment.now,
    reason: `${why}; Twilio is asked to call it off`,
    dueAt,
  });
  const told = tell(asked, 0, 'cancel-requested', {});
  return { intent: asked, outbox: [told, ...(dispatch ? [dispatch] : [])] };
}

/** Twilio has sent it, or knows it no more. */
export function refuseCancellation(intent: Intent, moment: Moment): Transition {
  const { cancelRequestedAt: _cancelRequestedAt, ...kept } = intent;
  const reason = 'the client took it back, too late for Twilio to call it off';
  const refused = advance(kept, moment, { state: intent.state, reason });
  return { intent: refused, outbox: [tell(refused, 0, 'cancel-refused', { reason })] };
}
