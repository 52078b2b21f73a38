import { advance, type Moment } from './advance.ts';
import { recorded, type TracedReport } from './apply-status.ts';
import { dispatchToSettlement, dispatchWhenDue } from './dispatching.ts';
import type { Intent } from './intent.ts';
import { intentEvent, intentFacts, type Transition } from './intent-event.ts';
import { expire } from './lifecycle.ts';
import { joinStatus } from './message-status.ts';
import type { ListedMessage, SettlePolicy } from './settlement.ts';

/** The outcome stays open; Twilio is asked again at `at`. */
export function lookAgain(intent: Intent, at: number, moment: Moment): Transition {
  const { dueAt, dispatch } = dispatchToSettlement(intent, at, moment.now);
  const waiting = advance(intent, moment, { state: 'UNKNOWN', dueAt });
  return { intent: waiting, outbox: dispatch ? [dispatch] : [] };
}

/** Weak evidence: the list holds a message that can only be this one. */
export function acceptByList(intent: Intent, listed: ListedMessage, moment: Moment): Transition {
  const report: TracedReport = {
    messageSid: listed.messageSid,
    status: listed.status,
    ...(listed.errorCode === undefined ? {} : { errorCode: listed.errorCode }),
    receivedAt: new Date(moment.now).toISOString(),
  };
  const join = joinStatus(intent.reports, report);
  const accepted = advance(intent, moment, {
    state: 'ACCEPTED',
    messageSid: listed.messageSid,
    acceptedAt: moment.now,
    evidence: 'list',
    reports: join.reports,
    status: join.view,
  });
  const event = intentEvent(accepted, 0, 'message.accepted.v1', {
    ...intentFacts(accepted),
    attempt: intent.attempt?.number ?? 0,
    messageSid: listed.messageSid,
    evidence: 'list',
    armedAt: new Date(intent.attempt?.armedAt ?? intent.updatedAt).toISOString(),
  });
  return { intent: accepted, outbox: [{ kind: 'event', event }, recorded(accepted, 1, report, join)] };
}

/** Stronger evidence says that the message is another intent's: this one's outcome is open again. */
export function displace(intent: Intent, messageSid: string, moment: Moment): Transition {
  const { messageSid: _sid, acceptedAt: _acceptedAt, evidence: _evidence, status: _status, ...kept } = intent;
  const reason = 'the message that the list showed is another one';
  const { dueAt, dispatch } = dispatchToSettlement(intent, moment.now, moment.now);
  const unknown = advance(kept, moment, { state: 'UNKNOWN', reports: [], reason, dueAt });
  const event = intentEvent(unknown, 0, 'message.displaced.v1', {
    ...intentFacts(unknown),
    messageSid,
    reason,
  });
  return { intent: unknown, outbox: [{ kind: 'event', event }, ...(dispatch ? [dispatch] : [])] };
}

/** What the displaced intent had learned of the message belongs to the one that has it now. */
export function inheritReports(transition: Transition, displaced: Intent): Transition {
  const { intent } = transition;
  let joined = { reports: intent.reports, status: intent.status };
  for (const report of displaced.reports) {
    const { reports, view } = joinStatus(joined.reports, report);
    joined = { reports, status: view };
  }
  const { status, reports } = joined;
  return { ...transition, intent: { ...intent, reports, ...(status === undefined ? {} : { status }) } };
}

/** The settle time has passed without evidence. */
export function applyPolicy(
  intent: Intent,
  policy: SettlePolicy,
  reason: string,
  moment: Moment,
): Transition {
  switch (policy) {
    case 'park':
      return park(intent, reason, moment);
    case 'expire':
      return expire(intent, moment, 'its outcome stayed unknown past the settle time');
    case 'resend':
      return moment.now >= intent.deadline ? expire(intent, moment) : resend(intent, moment);
    default:
      return policy satisfies never;
  }
}

function park(intent: Intent, reason: string, moment: Moment): Transition {
  const parked = advance(intent, moment, { state: 'PARKED', reason });
  const event = intentEvent(parked, 0, 'message.parked.v1', {
    ...intentFacts(parked),
    attempt: intent.attempt?.number ?? 0,
    reason,
  });
  return { intent: parked, outbox: [{ kind: 'event', event }] };
}

function resend(intent: Intent, moment: Moment): Transition {
  const reason = 'no evidence within the settle time; its pool sends again';
  const { dueAt, dispatch } = dispatchWhenDue({ ...intent, notBefore: moment.now }, moment.now);
  const pending = advance(intent, moment, { state: 'PENDING', notBefore: moment.now, dueAt, reason });
  const event = intentEvent(pending, 0, 'message.deferred.v1', {
    ...intentFacts(pending),
    attempt: intent.attempt?.number ?? 0,
    reason,
    notBefore: new Date(moment.now).toISOString(),
  });
  return { intent: pending, outbox: [{ kind: 'event', event }, ...(dispatch ? [dispatch] : [])] };
}

/** What an operator may decide on a parked message; kept with who and why. */
export interface OperatorDecision {
  readonly decision: 'resend' | 'give-up';
  readonly decidedBy: string;
  readonly reason: string;
  /** Deadline of the new try, epoch milliseconds. */
  readonly deadline: number;
}

/** Carries an operator's decision out; undefined if the message is not parked any more. */
export function decideParked(
  intent: Intent,
  command: OperatorDecision,
  moment: Moment,
): Transition | undefined {
  if (intent.state !== 'PARKED') return undefined;
  const decided =
    command.decision === 'resend' ? again(intent, command, moment) : giveUp(intent, command, moment);
  const event = intentEvent(decided.intent, 0, 'message.decided.v1', {
    ...intentFacts(decided.intent),
    decision: command.decision,
    decidedBy: command.decidedBy,
    reason: command.reason,
  });
  return { intent: decided.intent, outbox: [{ kind: 'event', event }, ...decided.outbox] };
}

function again(intent: Intent, { deadline }: OperatorDecision, moment: Moment): Transition {
  const { dueAt, dispatch } = dispatchWhenDue({ ...intent, notBefore: moment.now }, moment.now);
  const change = { state: 'PENDING', notBefore: moment.now, deadline, dueAt } as const;
  return { intent: advance(intent, moment, change), outbox: dispatch ? [dispatch] : [] };
}

const giveUp = (intent: Intent, { reason }: OperatorDecision, moment: Moment): Transition => ({
  intent: advance(intent, moment, { state: 'REJECTED', reason: `given up by an operator: ${reason}` }),
  outbox: [],
});
