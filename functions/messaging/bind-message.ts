import type { Moment } from './domain/advance.ts';
import type { Intent } from './domain/intent.ts';
import type { Transition } from './domain/intent-event.ts';
import { displace, inheritReports } from './domain/settling.ts';
import { bindingPut, readBinding } from './evidence-rows.ts';
import {
  intentPut,
  readIntent,
  type StorePorts,
  type StoreResult,
  storeResultOf,
  transactOnItem,
  UnexpectedConditionError,
} from './intent-store.ts';

export type BindResult =
  | StoreResult
  /** Weak evidence only, and the message is another intent's already. */
  | { readonly kind: 'taken' };

/** Position of the binding in the transaction. */
const BINDING = 1;

/**
 * Writes a transition that gives an intent its MessageSid: one message, one intent. Strong evidence takes the message
 * from an intent that had it from the list; weak evidence takes it from nobody.
 */
export async function writeBound(
  before: Intent,
  transition: Transition,
  moment: Moment,
  ports: StorePorts,
): Promise<BindResult> {
  const { messageSid, evidence } = transition.intent;
  if (messageSid === undefined) throw new Error('the transition binds no message');
  const binding = bindingPut(messageSid, before.id, moment.now);
  const result = await transactOnItem([intentPut(before, transition), binding], ports);
  if (result.kind !== 'refused') return storeResultOf(result, transition);
  if (result.by !== BINDING) throw new UnexpectedConditionError(result.by);
  return evidence === 'list' ? { kind: 'taken' } : takeOver(before, transition, messageSid, moment, ports);
}

async function takeOver(
  before: Intent,
  transition: Transition,
  messageSid: string,
  moment: Moment,
  ports: StorePorts,
): Promise<BindResult> {
  const holderId = await readBinding(ports.tables, messageSid);
  const holder = holderId === undefined ? undefined : await readIntent(ports.tables, holderId);
  if (holder === undefined || holder.evidence !== 'list') throw new UnexpectedConditionError(BINDING);
  const stronger = inheritReports(transition, holder);
  const result = await transactOnItem(
    [
      intentPut(before, stronger),
      bindingPut(messageSid, before.id, moment.now, holder.id),
      intentPut(holder, displace(holder, messageSid, moment)),
    ],
    ports,
  );
  // The holder moved meanwhile: everything is read and decided anew by the caller's next try.
  if (result.kind === 'refused')
    return { kind: 'conflict', existing: await readIntent(ports.tables, before.id) };
  return storeResultOf(result, stronger);
}
