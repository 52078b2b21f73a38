import type { WriteAction } from '../shared/ports/table-client.ts';
import type { Moment } from './domain/advance.ts';
import type { Intent } from './domain/intent.ts';
import type { Transition } from './domain/intent-event.ts';
import { displace, inheritReports } from './domain/settling.ts';
import { bindingPut, bindingRelease, readBinding } from './evidence-rows.ts';
import {
  intentPut,
  readIntent,
  type StorePorts,
  type StoreResult,
  storeResultOf,
  transactOnItem,
  UnexpectedConditionError,
} from './intent-store.ts';
import { orphanPut, orphanUnchanged, readOrphan } from './orphan-rows.ts';

export type BindResult =
  | StoreResult
  /** Weak evidence only, and the message is another intent's already. */
  | { readonly kind: 'taken' };

/** A transition that gives an intent a MessageSid, as its own or as a duplicate's. */
export interface Binding {
  readonly before: Intent;
  readonly transition: Transition;
  readonly messageSid: string;
  readonly moment: Moment;
}

/** Position of the binding in the transaction. */
const BINDING = 1;

/**
 * Writes a transition that gives an intent a MessageSid: one message, one intent. Strong evidence takes the message
 * from an intent that had it from the list; weak evidence takes it from nobody. What was told of the message while
 * nobody had it is the intent's from now on.
 */
export async function writeBound(given: Binding, ports: StorePorts): Promise<BindResult> {
  const orphan = isNew(given) ? await readOrphan(ports.tables, orphanOf(given)) : undefined;
  const binding = inheriting(given, orphan?.reports ?? []);
  const { before, transition, messageSid, moment } = binding;
  const result = await transactOnItem(
    [
      intentPut(before, transition),
      bindingPut(messageSid, before.id, moment.now),
      // A report that is kept between the reading and this write would stay with nobody.
      ...(isNew(given) ? [orphanUnchanged(orphanOf(given), orphan)] : []),
      ...(await releaseListed(binding, ports)),
    ],
    ports,
  );
  if (result.kind !== 'refused') return storeResultOf(result, transition);
  if (result.by !== BINDING) return movedMeanwhile(before, ports);
  return isWeak(binding) ? { kind: 'taken' } : takeOver(binding, ports);
}

const orphanOf = ({ before: { accountSid }, messageSid }: Binding) => ({ accountSid, messageSid });

const isNew = ({ before, messageSid }: Binding): boolean => before.messageSid !== messageSid;

const isWeak = ({ transition: { intent }, messageSid }: Binding): boolean =>
  intent.messageSid === messageSid && intent.evidence === 'list';

/** A duplicate's reports are not joined to those of the message that the intent has. */
const inheriting = (binding: Binding, reports: Intent['reports']): Binding =>
  binding.transition.intent.messageSid !== binding.messageSid || reports.length === 0
    ? binding
    : {
        ...binding,
        transition: inheritReports(binding.transition, binding.messageSid, reports, binding.moment),
      };

/** The message that the list seemed to show is free again for its own intent, with all that was told of it. */
async function releaseListed(
  { before, transition, moment }: Binding,
  ports: StorePorts,
): Promise<readonly WriteAction[]> {
  const { messageSid, reports } = before;
  if (messageSid === undefined || messageSid === transition.intent.messageSid) return [];
  const released = { accountSid: before.accountSid, messageSid };
  const orphan = await readOrphan(ports.tables, released);
  return [bindingRelease(messageSid, before.id), orphanPut(released, orphan, { reports, now: moment.now })];
}

async function takeOver(given: Binding, ports: StorePorts): Promise<BindResult> {
  const { before, messageSid, moment } = given;
  const holderId = await readBinding(ports.tables, messageSid);
  const holder = holderId === undefined ? undefined : await readIntent(ports.tables, holderId);
  const hasMoved = holder === undefined || holder.id === before.id || !claims(holder, messageSid);
  if (hasMoved) return movedMeanwhile(before, ports);
  if (holder.evidence !== 'list') throw new UnexpectedConditionError(BINDING);
  const binding = inheriting(given, holder.reports);
  const result = await transactOnItem(
    [
      intentPut(before, binding.transition),
      bindingPut(messageSid, before.id, moment.now, holder.id),
      intentPut(holder, displace(holder, messageSid, moment)),
      ...(await releaseListed(binding, ports)),
    ],
    ports,
  );
  return result.kind === 'refused'
    ? movedMeanwhile(before, ports)
    : storeResultOf(result, binding.transition);
}

const claims = ({ messageSid, otherMessageSids = [] }: Intent, wanted: string): boolean =>
  messageSid === wanted || otherMessageSids.includes(wanted);

/** Everything is read and decided anew by the caller's next try. */
const movedMeanwhile = async (before: Intent, ports: StorePorts): Promise<BindResult> => ({
  kind: 'conflict',
  existing: await readIntent(ports.tables, before.id),
});
