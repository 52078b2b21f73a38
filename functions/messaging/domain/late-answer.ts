import type { Moment } from './advance.ts';
import { addOtherMessageSid } from './apply-status.ts';
import { type Attempt, type Intent, withoutListed } from './intent.ts';
import type { Transition } from './intent-event.ts';
import { recordOutcome } from './lifecycle.ts';
import type { CreateMessageOutcome } from './post.ts';

/**
 * What the answer of a POST still has to say to an intent that others settled meanwhile; undefined if nothing. The same
 * MessageSid confirms it, a missing one is filled in, another one means that Twilio accepted two messages.
 */
export function applyLateAnswer(
  settled: Intent,
  attempt: Attempt,
  outcome: CreateMessageOutcome,
  moment: Moment,
): Transition | undefined {
  if (outcome.kind !== 'accepted') return undefined;
  const { messageSid } = outcome;
  if (settled.messageSid === undefined) return recordOutcome(settled, attempt, outcome, moment);
  if (settled.evidence === 'list') {
    const proven = settled.messageSid === messageSid ? settled : withoutListed(settled);
    return recordOutcome(proven, attempt, outcome, moment);
  }
  if (settled.messageSid === messageSid || settled.otherMessageSids?.includes(messageSid) === true)
    return undefined;
  return addOtherMessageSid(settled, attempt, messageSid, moment);
}
