import { errorPolicyOf } from '../../shared/contract/error-policy.ts';
import type { RetryRule } from '../../shared/contract/error-policy-schema.ts';
import { advance, type Moment } from './advance.ts';
import { dispatchWhenDue } from './dispatching.ts';
import { hasFailed } from './failing.ts';
import { type Attempt, type Intent, isCall, type MessageIntent, openAttempts } from './intent.ts';
import { type Transition, tell } from './intent-event.ts';
import type { PostOutcome } from './post.ts';

/**
 * Sending again by the error policy (`config/error-policy/`), only where it is certain that nobody got the message:
 *
 *   refused with a Twilio error: nothing was sent; the same intent waits for its next attempt
 *   failed or undelivered by Twilio's last word: once, as a new intent that names the first
 */
const SHORTEST_SHARE = 0.75;

/** Doubled with each try, capped, the last quarter of it jitter. */
export function retryDelay({ afterSeconds, capSeconds }: RetryRule, tried: number, jitter: number): number {
  const ceiling = Math.min(capSeconds, afterSeconds * 2 ** tried);
  return Math.ceil(ceiling * 1000 * (SHORTEST_SHARE + (1 - SHORTEST_SHARE) * jitter));
}

/** Waiting for the next attempt after a refusal; undefined where the refusal stands. */
export function retryRefused(
  intent: Intent,
  attempt: Attempt,
  { errorCode }: Extract<PostOutcome, { kind: 'rejected' }>,
  moment: Moment,
): Transition | undefined {
  if (isCall(intent)) return undefined;
  const { retryRule, meaning } = errorPolicyOf(errorCode);
  const refusals = intent.refusals ?? 0;
  const notBefore = moment.now + retryDelay(retryRule, refusals, moment.jitter);
  if (refusals >= retryRule.tries || notBefore >= intent.deadline) return undefined;
  const reason = `Twilio refused it with error ${errorCode}: ${meaning}`;
  const { dueAt, dispatch } = dispatchWhenDue({ ...intent, notBefore }, moment.now);
  const pending = advance(intent, moment, {
    state: 'PENDING',
    notBefore,
    dueAt,
    reason,
    refusals: refusals + 1,
  });
  const told = tell(pending, 0, 'deferred', {
    attempt: attempt.number,
    reason,
    notBefore: new Date(notBefore).toISOString(),
  });
  return { intent: pending, outbox: [told, ...(dispatch ? [dispatch] : [])] };
}

export type RetryPlan =
  | { readonly kind: 'retry' /** Epoch milliseconds. */; readonly notBefore: number }
  | { readonly kind: 'none'; readonly why: string };

/** Whether a message that Twilio took and then failed is sent once more, by a new intent. */
export function planRetry(failed: MessageIntent, { now, jitter }: Pick<Moment, 'now' | 'jitter'>): RetryPlan {
  const { status, retryOf, deadline, evidence, to } = failed;
  const none = (why: string): RetryPlan => ({ kind: 'none', why });
  if (!hasFailed(failed) || status?.errorCode === undefined) return none('it did not fail with an error');
  const { retryRule, class: errorClass } = errorPolicyOf(status.errorCode);
  if (retryRule.tries === 0) return none(`errors of the class ${errorClass} are not sent again`);
  if (retryOf !== undefined) return none('it was the second try already');
  if (failed.purpose !== undefined) return none('an opt-out is confirmed once');
  if (evidence === 'list') return none('that the failed message is its own is not proven');
  if (openAttempts(failed).length > 0 || failed.otherSids !== undefined)
    return none('another attempt of it may have been delivered');
  if (to === undefined) return none('its content has been erased');
  const notBefore = now + retryDelay(retryRule, 0, jitter);
  return notBefore >= deadline
    ? none('its deadline comes before the next try')
    : { kind: 'retry', notBefore };
}

/** The second try: a new intent with the first one's content, deadline and story. */
export function retryIntent(
  first: MessageIntent,
  again: { readonly id: string; readonly notBefore: number; readonly causationId: string },
  { now, owner }: Moment,
): MessageIntent {
  const {
    attempt: _attempt,
    sid: _sid,
    acceptedAt: _acceptedAt,
    evidence: _evidence,
    status: _status,
    errorCode: _errorCode,
    reason: _reason,
    dueAt: _dueAt,
    sendAt: _sendAt,
    cancelRequestedAt: _cancelRequestedAt,
    unresolvedAttempts: _unresolvedAttempts,
    refusals: _refusals,
    legalUntil: _legalUntil,
    ...content
  } = first;
  return {
    ...content,
    ...again,
    version: 1,
    state: 'PENDING',
    createdAt: now,
    updatedAt: now,
    owner,
    reports: [],
    retryOf: first.id,
  };
}
