import { advance, type Moment, reappoint } from './advance.ts';
import { recorded, type TracedReport } from './apply-status.ts';
import { dispatchToSettlement, dispatchWhenDue } from './dispatching.ts';
import { giveUpAttempts, type Intent, withoutListed } from './intent.ts';
import { intentEvent, intentFacts, type Transition } from './intent-event.ts';
import { expire } from './lifecycle.ts';
import { joinStatus, type StatusReport } from './message-status.ts';
import { attemptOf, type ListedMessage, type SettlePolicy } from './settlement.ts';

/** The outcome or the status stays open; Twilio is asked again at `at`. */
export function lookAgain(intent: Intent, at: number, moment: Moment): Transition {
  const { dueAt, dispatch } = dispatchToSettlement(intent, at, moment.now);
  const waiting = advance(intent, moment, { state: intent.state, dueAt });
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
  const attempt = attemptOf(intent, listed) ?? intent.attempt;
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
    attempt: attempt?.number ?? 0,
    messageSid: listed.messageSid,
    evidence: 'list',
    armedAt: new Date(attempt?.armedAt ?? intent.updatedAt).toISOString(),
  });
  return { intent: accepted, outbox: [{ kind: 'event', event }, recorded(accepted, 1, report, join)] };
}

/** Stronger evidence says that the message is another intent's: this one's outcome is open again. */
export function displace(intent: Intent, messageSid: string, moment: Moment): Transition {
  const reason = 'the message that the list showed is another one';
  const { dueAt, dispatch } = dispatchToSettlement(intent, moment.now, moment.now);
  const unknown = advance(withoutListed(intent), moment, { state: 'UNKNOWN', reason, dueAt });
  const event = intentEvent(unknown, 0, 'message.displaced.v1', {
    ...intentFacts(unknown),
    messageSid,
    reason,
  });
  return { intent: unknown, outbox: [{ kind: 'event', event }, ...(dispatch ? [dispatch] : [])] };
}

/** What was learned of the message before it was known to be this intent's: in the intent and in its story. */
export function inheritReports(
  transition: Transition,
  messageSid: string,
  reports: readonly StatusReport[],
  moment: Moment,
): Transition {
  let { intent, outbox } = transition;
  for (const known of reports) {
    const join = joinStatus(intent.reports, known);
    if (!join.isNew) continue;
    const explanation = `${join.explanation}; told before the message was known to be this one`;
    const report = { ...known, messageSid, receivedAt: new Date(moment.now).toISOString() };
    outbox = [...outbox, recorded(intent, outbox.length, report, { ...join, explanation })];
    intent = { ...intent, reports: join.reports, status: join.view };
  }
  return { intent: reappoint(intent, moment.now), outbox };
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
      return expire(giveUpAttempts(intent), moment, `its outcome stayed unknown: ${reason}`);
    case 'resend':
      return moment.now >= intent.deadline
        ? expire(giveUpAttempts(intent), moment, 'its outcome stayed unknown until its deadline passed')
        : resend(intent, reason, moment);
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

function resend(intent: Intent, reason: string, moment: Moment): Transition {
  const { pending, dispatch } = sendAgain(intent, { reason }, moment);
  const event = intentEvent(pending, 0, 'message.deferred.v1', {
    ...intentFacts(pending),
    attempt: intent.attempt?.number ?? 0,
    reason,
    notBefore: new Date(moment.now).toISOString(),
  });
  return { intent: pending, outbox: [{ kind: 'event', event }, ...dispatch] };
}

function sendAgain(intent: Intent, change: Partial<Intent>, moment: Moment) {
  const { dueAt, dispatch } = dispatchWhenDue({ ...intent, notBefore: moment.now }, moment.now);
  const again = { ...change, state: 'PENDING', notBefore: moment.now, dueAt } as const;
  return {
    pending: advance(giveUpAttempts(intent), moment, again),
    dispatch: dispatch === undefined ? [] : [dispatch],
  };
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
  const { pending, dispatch } = sendAgain(intent, { deadline }, moment);
  return { intent: pending, outbox: dispatch };
}

const giveUp = (intent: Intent, { reason }: OperatorDecision, moment: Moment): Transition => ({
  intent: advance(giveUpAttempts(intent), moment, {
    state: 'REJECTED',
    reason: `given up by an operator: ${reason}`,
  }),
  outbox: [],
});
