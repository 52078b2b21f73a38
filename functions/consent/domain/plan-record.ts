import type { Guard } from './facts.ts';
import { EVERYTHING } from './scope.ts';
import { type ConsentCommand, type ConsentEvent, decide, type Standing } from './standing.ts';

/** What a plan needs to know of an address. */
export interface KnownContact {
  readonly contactId: string;
  readonly guards: readonly Guard[];
  readonly standings: readonly Standing[];
}

/** A barrier as it is to stand, on the condition that it is as it was seen. */
export interface GuardChange {
  readonly contactId: string;
  readonly guard: Guard;
  readonly seenStamp: string | undefined;
}

export interface RecordPlan {
  readonly event: ConsentEvent;
  /** The standing that is replaced, and by what; absent where none changes. */
  readonly standing?: { readonly before: Standing | undefined; readonly after: Standing };
  readonly guards: readonly GuardChange[];
}

/**
 * What a record of the ledger changes: the address's standing, its barrier, and the barriers of the person's other
 * addresses. An opt-out bars all of them; what lifts it lifts those that the same record had barred.
 */
export function planRecord(
  command: ConsentCommand,
  own: KnownContact,
  linked: readonly KnownContact[],
  stamp: () => string,
): RecordPlan {
  const before = own.standings.find(({ scope }) => scope === command.scope);
  const current = command.kind === 'opt-out' ? before : strictest(before, guardIn(own, command.scope));
  const event = decide(command, current);
  const after = event.standing;
  const guards = [own, ...linked].flatMap((contact) =>
    changesOf(event, command, { contact, isOwn: contact === own, lifted: current, stamp }),
  );
  return {
    event,
    ...(after === undefined ? {} : { standing: { before, after } }),
    guards: [...guards, ...touched(event, command, own, stamp)],
  };
}

const guardIn = ({ guards }: KnownContact, scope: string): Guard | undefined =>
  guards.find((guard) => guard.scope === scope);

/** A barrier that the ledger has not learned of yet counts like an opt-out that it knows. */
function strictest(standing: Standing | undefined, guard: Guard | undefined): Standing | undefined {
  if (guard?.status !== 'opted-out') return standing;
  if (standing?.status === 'opted-out' && standing.since >= guard.since) return standing;
  const { scope, since, recordId } = guard;
  return { scope, since, recordId, status: 'opted-out', source: 'keyword' };
}

interface Change {
  readonly contact: KnownContact;
  readonly isOwn: boolean;
  readonly lifted: Standing | undefined;
  readonly stamp: () => string;
}

function changesOf(
  event: ConsentEvent,
  { scope, recordId }: ConsentCommand,
  { contact, isOwn, lifted, stamp }: Change,
): readonly GuardChange[] {
  const guard = guardIn(contact, scope);
  const change = (status: Guard['status'], since: number): readonly GuardChange[] => [
    {
      contactId: contact.contactId,
      guard: { scope, status, since, stamp: stamp(), recordId },
      seenStamp: guard?.stamp,
    },
  ];
  switch (event.type) {
    case 'opted-out':
      return guard?.status === 'opted-out' ? [] : change('opted-out', event.standing.since);
    case 'opted-in': {
      const isLifted = guard?.status === 'opted-out' && (isOwn || guard.recordId === lifted?.recordId);
      return isLifted ? change('clear', event.standing.since) : [];
    }
    case 'noted':
      return [];
    default:
      return event satisfies never;
  }
}

/** Arming checks the barrier of everything: a narrower opt-out renews its stamp, so that whoever read before it reads anew. */
function touched(
  event: ConsentEvent,
  { scope, recordId }: ConsentCommand,
  own: KnownContact,
  stamp: () => string,
): readonly GuardChange[] {
  if (event.type !== 'opted-out' || scope === EVERYTHING) return [];
  const guard = guardIn(own, EVERYTHING);
  const kept = guard ?? { scope: EVERYTHING, status: 'clear', since: event.standing.since, recordId };
  return [{ contactId: own.contactId, guard: { ...kept, stamp: stamp() }, seenStamp: guard?.stamp }];
}
