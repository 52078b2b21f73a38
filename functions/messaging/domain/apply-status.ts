import { advance, type Moment } from './advance.ts';
import { earlierCallOf, madeEarlierCall, recordEarlierCall } from './earlier-calls.ts';
import { type Attempt, type Intent, isCall, unresolvedAfter, withoutListed } from './intent.ts';
import { type Transition, tellDuplicate, tellOf, tellStatus } from './intent-event.ts';
import { awaitSequel } from './redialing.ts';
import type { StatusJoin, StatusReport } from './status-report.ts';
import { statusRulesOf } from './status-rules.ts';

/** A status callback that has been traced to an intent. */
export interface TracedReport extends StatusReport {
  /** MessageSid or CallSid. */
  readonly sid: string;
  /** Present when the callback came over an attempt's own URL: strong evidence that the attempt was accepted. */
  readonly attempt?: Attempt;
  /** When the callback was acknowledged, ISO 8601. */
  readonly receivedAt: string;
  /** Id of the event that told of the callback; absent where Twilio was asked. */
  readonly eventId?: string;
}

export type StatusDecision =
  | {
      readonly kind: 'recorded' | 'bound' | 'duplicate-detected';
      readonly transition: Transition;
      readonly join: StatusJoin;
    }
  /** Nothing to write: the set has it. */
  | { readonly kind: 'known'; readonly join: StatusJoin }
  /** Neither a token nor a binding ties this SID to the intent. */
  | { readonly kind: 'foreign' };

/** Joins a report to its intent; binds the SID where the callback is the first to name it. */
export function applyStatus(intent: Intent, report: TracedReport, moment: Moment): StatusDecision {
  const earlier = earlierCallOf(intent, report.sid);
  if (earlier !== undefined) return recordEarlierCall(earlier, report, moment);
  const { attempt } = report;
  if (intent.sid === undefined) {
    if (attempt === undefined) return { kind: 'foreign' };
    return madeEarlierCall(intent, attempt)
      ? detectDuplicate(intent, attempt, report, moment)
      : bind(intent, attempt, report, moment);
  }
  if (intent.sid !== report.sid) {
    if (attempt === undefined) return { kind: 'foreign' };
    if (intent.evidence === 'list') return bind(withoutListed(intent), attempt, report, moment);
    return detectDuplicate(intent, attempt, report, moment);
  }
  // What the list seemed to show is proven now: from here on another SID is a duplicate.
  if (intent.evidence === 'list' && attempt !== undefined) return bind(intent, attempt, report, moment);
  const join = joinTo(intent, report);
  if (!join.isNew) return { kind: 'known', join };
  const next = advance(intent, moment, { ...joined(join), state: intent.state });
  const transition = { intent: next, outbox: [tellStatus(next, 0, report, join)] };
  return { kind: 'recorded', transition: awaitSequel(transition, moment), join };
}

/** The callback outran the answer of the POST, or the answer was lost: Twilio has it, whatever we thought. */
function bind(intent: Intent, attempt: Attempt, report: TracedReport, moment: Moment): StatusDecision {
  const join = joinTo(intent, report);
  const { errorCode: _errorCode, unresolvedAttempts: _unresolved, ...kept } = intent;
  const next = advance(kept, moment, {
    ...joined(join),
    ...unresolvedAfter(intent, attempt),
    state: 'ACCEPTED',
    sid: report.sid,
    acceptedAt: intent.acceptedAt ?? moment.now,
    evidence: 'callback',
  });
  const accepted = tellOf(next, 0, 'accepted', report.sid, {
    attempt: attempt.number,
    evidence: 'callback',
    armedAt: new Date(attempt.armedAt).toISOString(),
  });
  const told = join.isNew ? [tellStatus(next, 1, report, join)] : [];
  const transition = awaitSequel({ intent: next, outbox: [accepted, ...told] }, moment);
  return { kind: 'bound', transition, join };
}

/** Two SIDs for one attempt: the promise is broken. Both are kept, an operator is paged. */
function detectDuplicate(
  intent: Intent,
  attempt: Attempt,
  report: TracedReport,
  moment: Moment,
): StatusDecision {
  const join = joinTo(intent, report);
  if (intent.otherSids?.includes(report.sid) === true) return { kind: 'known', join };
  return { kind: 'duplicate-detected', transition: addOtherSid(intent, attempt, report.sid, moment), join };
}

export function addOtherSid(intent: Intent, attempt: Attempt, sid: string, moment: Moment): Transition {
  const { unresolvedAttempts: _unresolved, ...kept } = intent;
  const next = advance(kept, moment, {
    state: intent.state,
    ...unresolvedAfter(intent, attempt),
    otherSids: [...(intent.otherSids ?? []), sid],
  });
  const bound = intent.sid ?? lastEarlierCall(intent) ?? sid;
  return { intent: next, outbox: [tellDuplicate(next, 0, { bound, other: sid })] };
}

const lastEarlierCall = (intent: Intent): string | undefined =>
  isCall(intent) ? intent.earlierCalls?.at(-1)?.sid : undefined;

const joinTo = (intent: Intent, report: StatusReport): StatusJoin =>
  statusRulesOf(intent).join(intent.reports, report);

const joined = (join: StatusJoin) => ({ reports: join.reports, status: join.view });
