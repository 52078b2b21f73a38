import type { WriteAction } from '../shared/ports/table-client.ts';
import type { Moment } from './domain/advance.ts';
import { type Intent, isCall } from './domain/intent.ts';
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
  /** Weak evidence only, and the SID is another intent's already. */
  | { readonly kind: 'taken' };

/** A transition that gives an intent a SID, as its own or as a duplicate's. */
export interface Binding {
  readonly before: Intent;
  readonly transition: Transition;
  readonly sid: string;
  readonly moment: Moment;
}

/** Position of the binding in the transaction. */
const BINDING = 1;

/**
 * Writes a transition that gives an intent a SID: one message or call, one intent. Strong evidence takes it from an
 * intent that had it from the list; weak evidence takes it from nobody. What was told of it while nobody had it is the
 * intent's from now on.
 */
export async function writeBound(given: Binding, ports: StorePorts): Promise<BindResult> {
  const orphan = isNew(given) ? await readOrphan(ports.tables, orphanOf(given)) : undefined;
  const binding = inheriting(given, orphan?.reports ?? []);
  const { before, transition, sid, moment } = binding;
  const result = await transactOnItem(
    [
      intentPut(before, transition),
      bindingPut(sid, before.id, moment.now),
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

const orphanOf = ({ before: { accountSid }, sid }: Binding) => ({ accountSid, sid });

const isNew = ({ before, sid }: Binding): boolean => before.sid !== sid;

const isWeak = ({ transition: { intent }, sid }: Binding): boolean =>
  intent.sid === sid && intent.evidence === 'list';

/** A duplicate's reports are not joined to those of what the intent has. */
const inheriting = (binding: Binding, reports: Intent['reports']): Binding =>
  binding.transition.intent.sid !== binding.sid || reports.length === 0
    ? binding
    : {
        ...binding,
        transition: inheritReports(binding.transition, binding.sid, reports, binding.moment),
      };

/** What the list seemed to show is free again for its own intent, with all that was told of it. */
async function releaseListed(
  { before, transition, moment }: Binding,
  ports: StorePorts,
): Promise<readonly WriteAction[]> {
  const { sid, reports } = before;
  if (sid === undefined || sid === transition.intent.sid) return [];
  const released = { accountSid: before.accountSid, sid };
  const orphan = await readOrphan(ports.tables, released);
  return [bindingRelease(sid, before.id), orphanPut(released, orphan, { reports, now: moment.now })];
}

async function takeOver(given: Binding, ports: StorePorts): Promise<BindResult> {
  const { before, sid, moment } = given;
  const holderId = await readBinding(ports.tables, sid);
  const holder = holderId === undefined ? undefined : await readIntent(ports.tables, holderId);
  const hasMoved = holder === undefined || holder.id === before.id || !claims(holder, sid);
  if (hasMoved) return movedMeanwhile(before, ports);
  if (holder.evidence !== 'list') throw new UnexpectedConditionError(BINDING);
  const binding = inheriting(given, holder.reports);
  const result = await transactOnItem(
    [
      intentPut(before, binding.transition),
      bindingPut(sid, before.id, moment.now, holder.id),
      intentPut(holder, displace(holder, sid, moment)),
      ...(await releaseListed(binding, ports)),
    ],
    ports,
  );
  return result.kind === 'refused'
    ? movedMeanwhile(before, ports)
    : storeResultOf(result, binding.transition);
}

const claims = (intent: Intent, wanted: string): boolean =>
  intent.sid === wanted ||
  intent.otherSids?.includes(wanted) === true ||
  (isCall(intent) && intent.earlierCalls?.some(({ sid }) => sid === wanted) === true);

/** Everything is read and decided anew by the caller's next try. */
const movedMeanwhile = async (before: Intent, ports: StorePorts): Promise<BindResult> => ({
  kind: 'conflict',
  existing: await readIntent(ports.tables, before.id),
});
