import type { Moment } from './advance.ts';
import { addOtherSid } from './apply-status.ts';
import { earlierCallOf, madeEarlierCall } from './earlier-calls.ts';
import { type Attempt, type Intent, withoutListed } from './intent.ts';
import type { Transition } from './intent-event.ts';
import { recordOutcome } from './lifecycle.ts';
import type { PostOutcome } from './post.ts';

/**
 * What the answer of a POST still has to say to an intent that others settled meanwhile; undefined if nothing. The same
 * SID confirms it, a missing one is filled in, another one means that Twilio accepted two.
 */
export function applyLateAnswer(
  settled: Intent,
  attempt: Attempt,
  outcome: PostOutcome,
  moment: Moment,
): Transition | undefined {
  if (outcome.kind !== 'accepted') return undefined;
  const { sid } = outcome;
  if (isKnown(settled, sid)) return undefined;
  if (madeEarlierCall(settled, attempt)) return addOtherSid(settled, attempt, sid, moment);
  if (settled.sid === undefined) return recordOutcome(settled, attempt, outcome, moment);
  if (settled.evidence === 'list') {
    const proven = settled.sid === sid ? settled : withoutListed(settled);
    return recordOutcome(proven, attempt, outcome, moment);
  }
  return addOtherSid(settled, attempt, sid, moment);
}

/** With evidence as strong as the answer's. */
const isKnown = (intent: Intent, sid: string): boolean =>
  (intent.sid === sid && intent.evidence !== 'list') ||
  intent.otherSids?.includes(sid) === true ||
  earlierCallOf(intent, sid) !== undefined;
