import { advance, type Moment, reappoint } from './advance.ts';
import type { TracedReport } from './apply-status.ts';
import { dispatchToSettlement, dispatchWhenDue } from './dispatching.ts';
import { giveUpAttempts, type Intent, isCall, withoutListed } from './intent.ts';
import { type Transition, tell, tellOf, tellStatus } from './intent-event.ts';
import { expire } from './lifecycle.ts';
import { awaitSequel } from './redialing.ts';
import { attemptOf, type Listed, type SettlePolicy } from './settlement.ts';
import type { StatusReport } from './status-report.ts';
import { statusRulesOf } from './status-rules.ts';

/** The outcome or the status stays open; Twilio is asked again at `at`. */
export function lookAgain(intent: Intent, at: number, moment: Moment): Transition {
  const { dueAt, dispatch } = dispatchToSettlement(intent, at, moment.now);
  const waiting = advance(intent, moment, { state: intent.state, dueAt });
  return { intent: waiting, outbox: dispatch ? [dispatch] : [] };
}

/** Weak evidence: the list holds a message, or a call, that can only be this one. */
export function acceptByList(intent: Intent, listed: Listed, moment: Moment): Transition {
  const report: TracedReport = {
    sid: listed.sid,
    status: listed.status,
    ...(listed.errorCode === undefined ? {} : { errorCode: listed.errorCode }),
    receivedAt: new Date(moment.now).toISOString(),
  };
  const join = statusRulesOf(intent).join(intent.reports, report);
  const attempt = attemptOf(intent, listed) ?? intent.attempt;
  const accepted = advance(intent, moment, {
    state: 'ACCEPTED',
    sid: listed.sid,
    acceptedAt: moment.now,
    evidence: 'list',
    reports: join.reports,
    status: join.view,
  });
  const told = tellOf(accepted, 0, 'accepted', listed.sid, {
    attempt: attempt?.number ?? 0,
    evidence: 'list',
    armedAt: new Date(attempt?.armedAt ?? intent.updatedAt).toISOString(),
  });
  const outbox = [told, tellStatus(accepted, 1, report, join)];
  return awaitSequel({ intent: accepted, outbox }, moment);
}

/** Stronger evidence says that what the list showed is another intent's: this one's outcome is open again. */
export function displace(intent: Intent, sid: string, moment: Moment): Transition {
  const reason = `the ${isCall(intent) ? 'call' : 'message'} that the list showed is another one`;
  const { dueAt, dispatch } = dispatchToSettlement(intent, moment.now, moment.now);
  const unknown = advance(withoutListed(intent), moment, { state: 'UNKNOWN', reason, dueAt });
  const told = tellOf(unknown, 0, 'displaced', sid, { reason });
  return { intent: unknown, outbox: [told, ...(dispatch ? [dispatch] : [])] };
}

/** What was learned of a SID before it was known to be this intent's: in the intent and in its story. */
export function inheritReports(
  transition: Transition,
  sid: string,
  reports: readonly StatusReport[],
  moment: Moment,
): Transition {
  let { intent, outbox } = transition;
  for (const known of reports) {
    const join = statusRulesOf(intent).join(intent.reports, known);
    if (!join.isNew) continue;
    const explanation = `${join.explanation}; told before it was known to be this one`;
    const report = { ...known, sid, receivedAt: new Date(moment.now).toISOString() };
    outbox = [...outbox, tellStatus(intent, outbox.length, report, { ...join, explanation })];
    intent = { ...intent, reports: join.reports, status: join.view };
  }
  return awaitSequel({ intent: reappoint(intent, moment.now), outbox }, moment);
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
  const told = tell(parked, 0, 'parked', { attempt: intent.attempt?.number ?? 0, reason });
  return { intent: parked, outbox: [told] };
}

function resend(intent: Intent, reason: string, moment: Moment): Transition {
  const { pending, dispatch } = sendAgain(intent, { reason }, moment);
  const told = tell(pending, 0, 'deferred', {
    attempt: intent.attempt?.number ?? 0,
    reason,
    notBefore: new Date(moment.now).toISOString(),
  });
  return { intent: pending, outbox: [told, ...dispatch] };
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
  const told = tell(decided.intent, 0, 'decided', {
    decision: command.decision,
    decidedBy: command.decidedBy,
    reason: command.reason,
  });
  return { intent: decided.intent, outbox: [told, ...decided.outbox] };
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
