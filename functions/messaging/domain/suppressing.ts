import { advance, type Moment, reappoint } from './advance.ts';
import type { Intent } from './intent.ts';
import { type Transition, tell } from './intent-event.ts';
import { request } from './lifecycle.ts';

/** Decided against before anything was sent. */
export function suppress(intent: Intent, reason: string, moment: Moment): Transition {
  const suppressed = advance(intent, moment, { state: 'SUPPRESSED', reason });
  return { intent: suppressed, outbox: [tell(suppressed, 0, 'suppressed', { reason })] };
}

/** Asked for, and refused by the gate in the same write: it is kept, so that it has a story, and is never dispatched. */
export function requestInVain(intent: Intent, reason: string): Transition {
  const refused = reappoint({ ...intent, state: 'SUPPRESSED', reason }, intent.createdAt);
  const requested = request(refused).outbox.filter(({ kind }) => kind === 'event');
  return {
    intent: refused,
    outbox: [...requested, tell(refused, requested.length, 'suppressed', { reason })],
  };
}
