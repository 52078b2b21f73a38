import { advance, type Moment } from './advance.ts';
import { dispatchWhenDue } from './dispatching.ts';
import type { Intent } from './intent.ts';
import { type Transition, tell } from './intent-event.ts';
import { sizeOfText } from './segments.ts';

/**
 * How long a paused intent waits before it is looked at again. Together with the age of what a sender knows of pauses (5 s)
 * and SQS's whole seconds it stays below a minute: the time within which a resume releases everything.
 */
const LONGEST_HOLD_MILLISECONDS = 50_000;
const SHORTEST_SHARE = 0.7;

export const heldUntil = ({ now, jitter }: Moment): number =>
  now + Math.ceil(LONGEST_HOLD_MILLISECONDS * (SHORTEST_SHARE + (1 - SHORTEST_SHARE) * jitter));

/** It might be sent, but not now: it waits without an attempt, until its deadline at most. Told once a reason. */
export function hold(intent: Intent, reason: string, until: number, moment: Moment): Transition {
  const notBefore = Math.min(until, intent.deadline);
  const { dueAt, dispatch } = dispatchWhenDue({ ...intent, notBefore }, moment.now);
  const held = advance(intent, moment, { state: 'PENDING', notBefore, dueAt, reason });
  const told = tell(held, 0, 'held', { reason, notBefore: new Date(notBefore).toISOString() });
  return {
    intent: held,
    outbox: [...(reason === intent.reason ? [] : [told]), ...(dispatch ? [dispatch] : [])],
  };
}

/** What an intent takes of its pool's rate: an SMS its segments, anything else counts as one. */
export const tokensOf = (intent: Intent): number => {
  if (intent.channel !== 'sms' || intent.mediaUrls !== undefined) return 1;
  const { size, body = '' } = intent;
  // Intents written before their size was kept: what is not replaced takes more, never less.
  return (size ?? sizeOfText(body, { smartEncoding: false })).segments;
};
