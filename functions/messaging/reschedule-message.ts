import type { Clock } from '../shared/ports/clock.ts';
import { StoreUnavailableError } from '../shared/ports/table-client.ts';
import type { Intent, IntentState } from './domain/intent.ts';
import { type NewTime, reschedule } from './domain/rescheduling.ts';
import { type StorePorts, writeTransition } from './intent-store.ts';

export type RescheduleMessageOutcome =
  | { readonly kind: 'rescheduled'; readonly intent: Intent }
  | { readonly kind: 'at-twilio' }
  | { readonly kind: 'too-late'; readonly state: IntentState };

const TRIES = 5;

/** Gives a message another time if it has not been armed. A change that commits before the arming prevents it. */
export async function rescheduleMessage(
  first: Intent,
  time: NewTime,
  ports: StorePorts & { readonly clock: Clock },
): Promise<RescheduleMessageOutcome> {
  let intent: Intent | undefined = first;
  for (let attempt = 0; attempt < TRIES && intent !== undefined; attempt += 1) {
    const moment = { now: ports.clock(), owner: ports.random.token(), jitter: 0 };
    const decision = reschedule(intent, time, moment);
    if (decision.kind === 'unchanged') return { kind: 'rescheduled', intent };
    if (decision.kind !== 'reschedule') return decision;
    const written = await writeTransition(intent, decision.transition, [], ports);
    if (written.kind === 'written') return { kind: 'rescheduled', intent: decision.transition.intent };
    intent = written.existing;
  }
  throw new StoreUnavailableError('the intent kept changing under the rescheduling');
}
