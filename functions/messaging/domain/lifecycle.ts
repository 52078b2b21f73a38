import { advance, isAwaitingSequel, isAwaitingStatus, type Moment, retentionEndOf } from './advance.ts';
import { dispatchToSettlement, dispatchWhenDue } from './dispatching.ts';
import {
  type Attempt,
  giveUpAttempts,
  type Intent,
  type IntentState,
  isCall,
  unresolvedAfter,
} from './intent.ts';
import { type Transition, tell, tellOf, tellRequest } from './intent-event.ts';
import type { PostOutcome } from './post.ts';
import { retryRefused } from './retrying.ts';
import { nextLookAt } from './settlement.ts';
import { backoffMilliseconds, SWEEP_ARMED_AFTER_MILLISECONDS, TICK_MILLISECONDS } from './timing.ts';

/** The first version, with the events of its request. */
export function request(intent: Intent): Transition {
  const { dueAt, dispatch } = dispatchWhenDue(intent, intent.createdAt);
  const requested: Intent = { ...intent, dueAt };
  return { intent: requested, outbox: [tellRequest(requested), ...(dispatch ? [dispatch] : [])] };
}

export type ArmDecision =
  | { readonly kind: 'arm'; readonly attempt: Attempt; readonly transition: Transition }
  | { readonly kind: 'expire'; readonly transition: Transition }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  /** Armed or settled by somebody: nothing to do. */
  | { readonly kind: 'leave'; readonly state: IntentState };

/** Whether an intent that came from the queue may be sent now. */
export function decideArming(intent: Intent, token: string, moment: Moment): ArmDecision {
  if (intent.state !== 'PENDING') return { kind: 'leave', state: intent.state };
  if (moment.now >= intent.deadline) return { kind: 'expire', transition: expire(intent, moment) };
  if (moment.now < intent.notBefore) return { kind: 'wait', milliseconds: intent.notBefore - moment.now };
  const attempt: Attempt = {
    number: (intent.attempt?.number ?? 0) + 1,
    token,
    owner: moment.owner,
    armedAt: moment.now,
  };
  const armed = advance(intent, moment, {
    state: 'ARMED',
    attempt,
    dueAt: moment.now + SWEEP_ARMED_AFTER_MILLISECONDS,
  });
  return { kind: 'arm', attempt, transition: { intent: armed, outbox: [] } };
}

export function expire(intent: Intent, moment: Moment, reason = overdue(intent)): Transition {
  const expired = advance(intent, moment, { state: 'EXPIRED', reason });
  return { intent: expired, outbox: [tell(expired, 0, 'expired', { reason })] };
}

const overdue = ({ unresolvedAttempts = [] }: Intent): string =>
  unresolvedAttempts.length === 0
    ? 'its deadline passed before it could be sent'
    : 'its deadline passed before it could be sent again; whether an earlier attempt was sent is not known';

/** An armed intent that certainly was not sent goes back to wait for its next try. */
export function defer(
  intent: Intent,
  reason: string,
  moment: Moment,
  retryAfterSeconds?: number,
): Transition {
  const attempts = intent.attempt?.number ?? 0;
  const notBefore = moment.now + backoffMilliseconds(attempts, moment.jitter, retryAfterSeconds);
  if (notBefore >= intent.deadline) return expire(intent, moment);
  const { dueAt, dispatch } = dispatchWhenDue({ ...intent, notBefore }, moment.now);
  const pending = advance(intent, moment, { state: 'PENDING', notBefore, dueAt, reason });
  const told = tell(pending, 0, 'deferred', {
    attempt: attempts,
    reason,
    notBefore: new Date(notBefore).toISOString(),
  });
  return { intent: pending, outbox: [told, ...(dispatch ? [dispatch] : [])] };
}

/** What the one POST of an attempt proved. */
export function recordOutcome(
  intent: Intent,
  attempt: Attempt,
  outcome: PostOutcome,
  moment: Moment,
): Transition {
  switch (outcome.kind) {
    case 'accepted':
      return acceptByResponse(intent, attempt, outcome, moment);
    case 'rejected':
      return retryRefused(intent, attempt, outcome, moment) ?? reject(intent, attempt, outcome, moment);
    case 'throttled':
      return defer(
        intent,
        'Twilio asked to slow down (429); the request was not processed',
        moment,
        outcome.retryAfterSeconds,
      );
    case 'not-sent':
      return defer(intent, `nothing was sent: ${outcome.reason}`, moment);
    case 'unknown':
      return becomeUnknown(intent, outcome.reason, moment);
    default:
      return outcome satisfies never;
  }
}

function acceptByResponse(
  intent: Intent,
  attempt: Attempt,
  outcome: Extract<PostOutcome, { kind: 'accepted' }>,
  moment: Moment,
): Transition {
  const { unresolvedAttempts: _unresolved, ...kept } = intent;
  const accepted = advance(kept, moment, {
    ...unresolvedAfter(intent, attempt),
    state: 'ACCEPTED',
    sid: outcome.sid,
    acceptedAt: intent.acceptedAt ?? moment.now,
    evidence: 'response',
  });
  const told = tellOf(accepted, 0, 'accepted', outcome.sid, {
    attempt: attempt.number,
    evidence: 'response',
    armedAt: new Date(attempt.armedAt).toISOString(),
    httpStatus: outcome.httpStatus,
    durationMilliseconds: Math.round(outcome.durationMilliseconds),
    status: outcome.status,
    ...(outcome.twilioRequestId === undefined ? {} : { twilioRequestId: outcome.twilioRequestId }),
  });
  return { intent: accepted, outbox: [told] };
}

function reject(
  intent: Intent,
  attempt: Attempt,
  outcome: Extract<PostOutcome, { kind: 'rejected' }>,
  moment: Moment,
): Transition {
  const rejected = advance(intent, moment, {
    state: 'REJECTED',
    errorCode: outcome.errorCode,
    reason: `Twilio refused it with error ${outcome.errorCode}`,
  });
  const told = tell(rejected, 0, 'rejected', {
    attempt: attempt.number,
    httpStatus: outcome.httpStatus,
    errorCode: outcome.errorCode,
    armedAt: new Date(attempt.armedAt).toISOString(),
    ...(outcome.twilioRequestId === undefined ? {} : { twilioRequestId: outcome.twilioRequestId }),
  });
  return { intent: rejected, outbox: [told] };
}

/** Sent or not: nobody knows. It is never sent again blindly; only evidence settles it. */
export function becomeUnknown(intent: Intent, reason: string, moment: Moment): Transition {
  const armedAt = intent.attempt?.armedAt ?? intent.updatedAt;
  const lookAt = nextLookAt(armedAt, moment.now) ?? moment.now;
  const { dueAt, dispatch } = dispatchToSettlement(intent, lookAt, moment.now);
  const unknown = advance(intent, moment, { state: 'UNKNOWN', reason, dueAt });
  const told = tell(unknown, 0, 'outcome-unknown', {
    attempt: intent.attempt?.number ?? 0,
    reason,
    armedAt: new Date(armedAt).toISOString(),
  });
  return { intent: unknown, outbox: [told, ...(dispatch ? [dispatch] : [])] };
}

export type Wakening =
  | {
      readonly kind: 'dispatched' | 'asked' | 'expired' | 'unknown' | 'erased' | 'reappointed';
      readonly transition: Transition;
    }
  | { readonly kind: 'not-due' };

/** What the minute tick does with an intent of the due-index; the index may lie, the intent does not. */
export function wake(intent: Intent, moment: Moment): Wakening {
  const { state, dueAt } = intent;
  if (state === 'PENDING' && moment.now >= intent.deadline) {
    return { kind: 'expired', transition: expire(intent, moment) };
  }
  if (dueAt === undefined || dueAt > moment.now + TICK_MILLISECONDS) return { kind: 'not-due' };
  if (state === 'PENDING') return { kind: 'dispatched', transition: redispatch(intent, moment) };
  const retentionEnd = retentionEndOf(intent) ?? Number.POSITIVE_INFINITY;
  const isOpen = isAwaitingStatus(intent) || isAwaitingSequel(intent);
  if (state === 'UNKNOWN' || (isOpen && dueAt < retentionEnd)) {
    return { kind: 'asked', transition: askTwilio(intent, dueAt, moment) };
  }
  if (dueAt > moment.now) return { kind: 'not-due' };
  if (state === 'ARMED') {
    const reason = 'the sender stopped between arming and recording; it may or may not have been sent';
    return { kind: 'unknown', transition: becomeUnknown(intent, reason, moment) };
  }
  return moment.now < retentionEnd ? reappointed(intent, moment) : endRetention(intent, moment);
}

/** It came up before anything is to be done, and would come up every minute. */
const reappointed = (intent: Intent, moment: Moment): Wakening => ({
  kind: 'reappointed',
  transition: { intent: advance(intent, moment, { state: intent.state }), outbox: [] },
});

/** A parked message cannot be decided on without its content: it ends with it, and is erased by the next tick. */
function endRetention(intent: Intent, moment: Moment): Wakening {
  if (intent.state !== 'PARKED') return { kind: 'erased', transition: eraseContent(intent, moment) };
  const reason = 'nobody decided before its content had to be erased; whether it was sent is not known';
  return { kind: 'expired', transition: expire(giveUpAttempts(intent), moment, reason) };
}

function askTwilio(intent: Intent, at: number, moment: Moment): Transition {
  const { dueAt, dispatch } = dispatchToSettlement(intent, at, moment.now);
  const asked = advance(intent, moment, { state: intent.state, dueAt });
  return { intent: asked, outbox: dispatch ? [dispatch] : [] };
}

function redispatch(intent: Intent, moment: Moment): Transition {
  const { dueAt, dispatch } = dispatchWhenDue(intent, moment.now);
  const pending = advance(intent, moment, { state: 'PENDING', dueAt });
  return { intent: pending, outbox: dispatch ? [dispatch] : [] };
}

/** The retention of content has ended: what remains tells what happened, not to whom or in which words. */
function eraseContent(intent: Intent, moment: Moment): Transition {
  return { intent: advance(withoutContent(intent), moment, { state: intent.state }), outbox: [] };
}

function withoutContent(intent: Intent): Intent {
  if (isCall(intent)) {
    const { to: _to, context: _context, smsFallback: _smsFallback, ...kept } = intent;
    return withoutPlace(kept);
  }
  const { to: _to, body: _body, mediaUrls: _mediaUrls, ...kept } = intent;
  return withoutPlace(kept);
}

function withoutPlace(intent: Intent): Intent {
  const { timeZone: _timeZone, postcode: _postcode, ...kept } = intent;
  return kept;
}
