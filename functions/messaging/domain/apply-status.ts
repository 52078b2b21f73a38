import { advance, type Moment } from './advance.ts';
import { type Attempt, type Intent, unresolvedAfter, withoutListed } from './intent.ts';
import { intentEvent, intentFacts, type Transition } from './intent-event.ts';
import { joinStatus, type StatusJoin, type StatusReport } from './message-status.ts';

/** A status callback that has been traced to an intent. */
export interface TracedReport extends StatusReport {
  readonly messageSid: string;
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
  /** Neither a token nor a binding ties this MessageSid to the intent. */
  | { readonly kind: 'foreign' };

/** Joins a report to its intent; binds the MessageSid where the callback is the first to name it. */
export function applyStatus(intent: Intent, report: TracedReport, moment: Moment): StatusDecision {
  if (intent.messageSid === undefined) {
    return report.attempt === undefined ? { kind: 'foreign' } : bind(intent, report.attempt, report, moment);
  }
  if (intent.messageSid !== report.messageSid) {
    if (report.attempt === undefined) return { kind: 'foreign' };
    if (intent.evidence === 'list') return bind(withoutListed(intent), report.attempt, report, moment);
    return detectDuplicate(intent, report.attempt, report, moment);
  }
  // What the list seemed to show is proven now: from here on another MessageSid is a duplicate.
  if (intent.evidence === 'list' && report.attempt !== undefined)
    return bind(intent, report.attempt, report, moment);
  const join = joinStatus(intent.reports, report);
  if (!join.isNew) return { kind: 'known', join };
  const next = advance(intent, moment, { ...joined(join), state: intent.state });
  return { kind: 'recorded', transition: { intent: next, outbox: [recorded(next, 0, report, join)] }, join };
}

/** The callback outran the answer of the POST, or the answer was lost: the message exists, whatever we thought. */
function bind(intent: Intent, attempt: Attempt, report: TracedReport, moment: Moment): StatusDecision {
  const join = joinStatus(intent.reports, report);
  const { errorCode: _errorCode, unresolvedAttempts: _unresolved, ...kept } = intent;
  const next = advance(kept, moment, {
    ...joined(join),
    ...unresolvedAfter(intent, attempt),
    state: 'ACCEPTED',
    messageSid: report.messageSid,
    acceptedAt: intent.acceptedAt ?? moment.now,
    evidence: 'callback',
  });
  const accepted = intentEvent(next, 0, 'message.accepted.v1', {
    ...intentFacts(next),
    attempt: attempt.number,
    messageSid: report.messageSid,
    evidence: 'callback',
    armedAt: new Date(attempt.armedAt).toISOString(),
  });
  const told = join.isNew ? [recorded(next, 1, report, join)] : [];
  const outbox = [{ kind: 'event', event: accepted } as const, ...told];
  return { kind: 'bound', transition: { intent: next, outbox }, join };
}

/** Two MessageSids for one intent: the promise is broken. Both are kept, an operator is paged. */
function detectDuplicate(
  intent: Intent,
  attempt: Attempt,
  report: TracedReport,
  moment: Moment,
): StatusDecision {
  const others = intent.otherMessageSids ?? [];
  const join = joinStatus(intent.reports, report);
  if (others.includes(report.messageSid)) return { kind: 'known', join };
  return {
    kind: 'duplicate-detected',
    transition: addOtherMessageSid(intent, attempt, report.messageSid, moment),
    join,
  };
}

export function addOtherMessageSid(
  intent: Intent,
  attempt: Attempt,
  messageSid: string,
  moment: Moment,
): Transition {
  const { unresolvedAttempts: _unresolved, ...kept } = intent;
  const next = advance(kept, moment, {
    state: intent.state,
    ...unresolvedAfter(intent, attempt),
    otherMessageSids: [...(intent.otherMessageSids ?? []), messageSid],
  });
  const event = intentEvent(next, 0, 'message.duplicate-detected.v1', {
    ...intentFacts(next),
    boundMessageSid: intent.messageSid ?? messageSid,
    otherMessageSid: messageSid,
  });
  return { intent: next, outbox: [{ kind: 'event', event }] };
}

const joined = (join: StatusJoin) => ({ reports: join.reports, status: join.view });

export function recorded(intent: Intent, ordinal: number, report: TracedReport, join: StatusJoin) {
  const event = intentEvent(intent, ordinal, 'message.status-recorded.v1', {
    messageSid: report.messageSid,
    intentId: intent.id,
    version: intent.version,
    status: report.status,
    ...(report.errorCode === undefined ? {} : { errorCode: report.errorCode }),
    state: join.view.state,
    changed: join.changed,
    explanation: join.explanation,
    receivedAt: report.receivedAt,
  });
  const causation = report.eventId === undefined ? {} : { causationId: report.eventId };
  return { kind: 'event', event: { ...event, ...causation } } as const;
}
