import { advance, type Moment } from './advance.ts';
import { dispatchToSettlement } from './dispatching.ts';
import type { Intent, IntentState } from './intent.ts';
import { intentEvent, intentFacts, type Transition } from './intent-event.ts';
import { isScheduledAtTwilio } from './scheduling.ts';
import { suppress } from './suppressing.ts';

export type Cancellation =
  | { readonly kind: 'cancel'; readonly transition: Transition }
  /** Twilio has it scheduled, and is asked to call it off. */
  | { readonly kind: 'ask-twilio'; readonly transition: Transition }
  | { readonly kind: 'canceled-already' }
  | { readonly kind: 'too-late'; readonly state: IntentState };

const CANCELED = 'canceled by the client';

/** A client may take back what has not been armed, and what Twilio has not begun to send. */
export function cancel(intent: Intent, moment: Moment): Cancellation {
  if (intent.state === 'SUPPRESSED' && intent.reason === CANCELED) return { kind: 'canceled-already' };
  if (intent.cancelRequestedAt !== undefined) return { kind: 'canceled-already' };
  if (intent.state === 'PENDING') return { kind: 'cancel', transition: suppress(intent, CANCELED, moment) };
  return isScheduledAtTwilio(intent, moment.now)
    ? { kind: 'ask-twilio', transition: askToCallOff(intent, moment) }
    : { kind: 'too-late', state: intent.state };
}

function askToCallOff(intent: Intent, moment: Moment): Transition {
  const { dueAt, dispatch } = dispatchToSettlement(intent, moment.now, moment.now);
  const asked = advance(intent, moment, {
    state: intent.state,
    cancelRequestedAt: moment.now,
    reason: 'the client took it back; Twilio is asked to call it off',
    dueAt,
  });
  const event = intentEvent(asked, 0, 'message.cancel-requested.v1', intentFacts(asked));
  return { intent: asked, outbox: [{ kind: 'event', event }, ...(dispatch ? [dispatch] : [])] };
}

/** Twilio has sent it, or knows it no more. */
export function refuseCancellation(intent: Intent, moment: Moment): Transition {
  const { cancelRequestedAt: _cancelRequestedAt, ...kept } = intent;
  const reason = 'the client took it back, too late for Twilio to call it off';
  const refused = advance(kept, moment, { state: intent.state, reason });
  const event = intentEvent(refused, 0, 'message.cancel-refused.v1', { ...intentFacts(refused), reason });
  return { intent: refused, outbox: [{ kind: 'event', event }] };
}
