import { advance, type Moment } from './advance.ts';
import type { StatusDecision, TracedReport } from './apply-status.ts';
import { joinCallStatus } from './call-status.ts';
import { type Attempt, type CallIntent, type EndedCall, type Intent, isCall } from './intent.ts';
import { tellStatus } from './intent-event.ts';

/** A call of an intent that has been placed again since, or is about to be. */
interface EarlierCall {
  readonly intent: CallIntent;
  readonly call: EndedCall;
}

export function earlierCallOf(intent: Intent, sid: string): EarlierCall | undefined {
  if (!isCall(intent)) return undefined;
  const call = intent.earlierCalls?.find((one) => one.sid === sid);
  return call === undefined ? undefined : { intent, call };
}

/** Whether the attempt's call is known, and over: another one of it is a duplicate. */
export const madeEarlierCall = (intent: Intent, attempt: Attempt): boolean =>
  isCall(intent) && intent.earlierCalls?.some((call) => call.attempt === attempt.number) === true;

/** What comes late of an earlier call belongs to that call; the intent goes on as it is. */
export function recordEarlierCall(
  { intent, call }: EarlierCall,
  report: TracedReport,
  moment: Moment,
): StatusDecision {
  const join = joinCallStatus(call.reports, report);
  if (!join.isNew) return { kind: 'known', join };
  const told = { ...call, reports: join.reports, status: join.view };
  const earlierCalls = (intent.earlierCalls ?? []).map((one) => (one.sid === call.sid ? told : one));
  const next = advance({ ...intent, earlierCalls }, moment, {
    state: intent.state,
    ...(intent.dueAt === undefined ? {} : { dueAt: intent.dueAt }),
  });
  return {
    kind: 'recorded',
    transition: { intent: next, outbox: [tellStatus(next, 0, report, join)] },
    join,
  };
}
