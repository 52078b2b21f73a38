import type { RedialRule } from '../../shared/contract/settings.ts';
import { advance, isAwaitingSequel, type Moment } from './advance.ts';
import { dispatchToSettlement, dispatchWhenDue } from './dispatching.ts';
import { type CallIntent, type EndedCall, openAttempts } from './intent.ts';
import { envelopeOf, intentFacts, type Transition } from './intent-event.ts';
import type { StatusView } from './status-report.ts';

/**
 * What follows a call that reached nobody.
 *
 *   ACCEPTED, busy ──rule, and time left──▶ PENDING ──notBefore──▶ the next attempt
 *                  └─ none ──▶ concluded, with a text where one was asked for
 */
export type Sequel =
  | { readonly kind: 'redial'; readonly at: number }
  | { readonly kind: 'conclude'; readonly reason: string };

/** The settlement worker decides, which knows the pool's rules: it is told at once. */
export function awaitSequel({ intent, outbox }: Transition, { now }: Moment): Transition {
  if (!isAwaitingSequel(intent)) return { intent, outbox };
  const { dueAt, dispatch } = dispatchToSettlement(intent, now, now);
  return { intent: { ...intent, dueAt }, outbox: dispatch === undefined ? outbox : [...outbox, dispatch] };
}

/**
 * A call is placed again only where the last one is certainly over, its ending has a rule, and the rule has an attempt left
 * that can begin before the deadline. What operators and quiet hours say is asked when it is armed, like the first time.
 */
export function sequelOf(intent: CallIntent, rules: readonly RedialRule[], now: number): Sequel {
  const { status, earlierCalls = [] } = intent;
  if (status === undefined) return { kind: 'conclude', reason: 'nothing is known of its ending' };
  const doubt = doubtOf(intent);
  if (doubt !== undefined) return { kind: 'conclude', reason: doubt };
  const waits = rules.find((rule) => fits(rule, status))?.waitSeconds ?? [];
  const wait = waits[earlierCalls.length];
  if (wait === undefined) {
    const reason = waits.length === 0 ? `'${status.state}' is not tried again` : 'every attempt is used up';
    return { kind: 'conclude', reason };
  }
  const at = now + wait * 1000;
  if (at >= intent.deadline)
    return { kind: 'conclude', reason: 'another attempt would begin after its deadline' };
  return { kind: 'redial', at };
}

/** Why a call of it may be going on, or come to be, somewhere: then no other is placed. */
function doubtOf(intent: CallIntent): string | undefined {
  if (intent.cancelRequestedAt !== undefined) return 'the client took it back';
  if (intent.evidence === 'list') return 'only the list connects the call with it';
  if (openAttempts(intent).length > 0) return 'the outcome of an earlier attempt is not known';
  if (intent.otherSids !== undefined) return 'Twilio has more than one call for it';
  return undefined;
}

const fits = ({ status, sipResponseCodes }: RedialRule, ending: StatusView): boolean =>
  status === ending.state &&
  (sipResponseCodes === undefined ||
    (ending.sipResponseCode !== undefined && sipResponseCodes.includes(ending.sipResponseCode)));

/** The next attempt of the same intent; the call that ended is remembered with all that was told of it. */
export function redial(intent: CallIntent, at: number, moment: Moment): Transition {
  const ended = endedCallOf(intent);
  const { sid: _sid, acceptedAt: _acceptedAt, evidence: _evidence, status: _status, ...kept } = intent;
  const { dueAt, dispatch } = dispatchWhenDue({ ...intent, notBefore: at }, moment.now);
  const again = { ...kept, reports: [], earlierCalls: [...(intent.earlierCalls ?? []), ended] };
  const pending = advance(again, moment, { state: 'PENDING', notBefore: at, dueAt });
  const event = {
    ...envelopeOf(pending, 0),
    type: 'call.redial-planned.v1' as const,
    data: {
      ...intentFacts(pending),
      ...endingOf(ended),
      attempt: ended.attempt,
      notBefore: new Date(at).toISOString(),
    },
  };
  return { intent: pending, outbox: [{ kind: 'event', event }, ...(dispatch ? [dispatch] : [])] };
}

/** No attempt follows. `textIntentId`: the text that takes the call's place. */
export function conclude(
  intent: CallIntent,
  { reason, textIntentId }: { readonly reason: string; readonly textIntentId?: string },
  moment: Moment,
): Transition {
  const concluded = advance({ ...intent, concludedAt: moment.now }, moment, { state: intent.state, reason });
  const event = {
    ...envelopeOf(concluded, 0),
    type: 'call.concluded.v1' as const,
    data: {
      ...intentFacts(concluded),
      ...endingOf(endedCallOf(intent)),
      reason,
      ...(textIntentId === undefined ? {} : { textIntentId }),
    },
  };
  return { intent: concluded, outbox: [{ kind: 'event', event }] };
}

/** @throws for a call whose SID or status is not known: nothing can follow such a one. */
function endedCallOf({ sid, status, attempt, reports }: CallIntent): EndedCall {
  if (sid === undefined || status === undefined) throw new Error('a call that is not known has not ended');
  return { sid, attempt: attempt?.number ?? 0, reports, status };
}

const endingOf = ({ sid, status }: EndedCall) => ({
  callSid: sid,
  status: status.state,
  ...(status.sipResponseCode === undefined ? {} : { sipResponseCode: status.sipResponseCode }),
});
