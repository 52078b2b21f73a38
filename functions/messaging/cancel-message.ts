import type { Clock } from '../shared/ports/clock.ts';
import { StoreUnavailableError } from '../shared/ports/table-client.ts';
import { cancel } from './domain/canceling.ts';
import type { Intent, IntentState } from './domain/intent.ts';
import { type StorePorts, writeTransition } from './intent-store.ts';

export type CancelMessageOutcome =
  /** Taken back; `pending` while Twilio is asked to call it off. */
  | { readonly kind: 'canceled' | 'pending'; readonly intent: Intent }
  | { readonly kind: 'too-late'; readonly state: IntentState };

const TRIES = 5;

/** Takes a message back if it has not been armed. A cancel that commits before the arming prevents it. */
export async function cancelMessage(
  first: Intent,
  ports: StorePorts & { readonly clock: Clock },
): Promise<CancelMessageOutcome> {
  let intent: Intent | undefined = first;
  for (let attempt = 0; attempt < TRIES && intent !== undefined; attempt += 1) {
    const moment = { now: ports.clock(), owner: ports.random.token(), jitter: 0 };
    const decision = cancel(intent, moment);
    if (decision.kind === 'canceled-already') return { kind: kindOf(intent), intent };
    if (decision.kind === 'too-late') return decision;
    const written = await writeTransition(intent, decision.transition, [], ports);
    if (written.kind === 'written') {
      return { kind: kindOf(decision.transition.intent), intent: decision.transition.intent };
    }
    intent = written.existing;
  }
  throw new StoreUnavailableError('the intent kept changing under the cancellation');
}

const kindOf = ({ state, status }: Intent): 'canceled' | 'pending' =>
  state === 'SUPPRESSED' || status?.state === 'canceled' ? 'canceled' : 'pending';
