import type { TrunklineEvent } from '../shared/contract/events.ts';
import { StoreUnavailableError, type WriteAction } from '../shared/ports/table-client.ts';
import type { Contact } from './contact-items.ts';
import { guardPut, isGuardAsSeen, linkKey } from './contact-keys.ts';
import type { Guard } from './domain/facts.ts';
import { EVERYTHING } from './domain/scope.ts';
import { readContact } from './read-contact.ts';
import type { RecordPorts } from './record-consent.ts';

export interface Linking {
  readonly contactId: string;
  readonly other: string;
  readonly accountSid: string;
  readonly by: string;
}

const TRIES = 6;
const PAUSE_MILLISECONDS = 20;

/**
 * Two addresses are one person from now on. Both barriers are renewed with it, so that an arming that read them apart reads
 * anew; where one is barred from everything, so is the other.
 */
export async function linkContacts(linking: Linking, ports: RecordPorts): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const one = await readContact(ports.tables, linking.contactId);
    const other = await readContact(ports.tables, linking.other);
    const result = await ports.tables.transact(actionsOf(linking, [one, other], ports));
    if (result.kind === 'committed') return;
    await ports.sleep(ports.random.fraction() * PAUSE_MILLISECONDS * 2 ** tries);
  }
  throw new StoreUnavailableError('the contacts kept changing under the link');
}

function actionsOf(linking: Linking, both: readonly Contact[], ports: RecordPorts): readonly WriteAction[] {
  const now = ports.clock();
  const guards = both.map(({ guards: all }) => all.find(({ scope }) => scope === EVERYTHING));
  const barred = guards.find((guard) => guard?.status === 'opted-out');
  return both.flatMap((contact, index): WriteAction[] => {
    const own = guards[index];
    const kept: Omit<Guard, 'stamp'> = barred ??
      own ?? { scope: EVERYTHING, status: 'clear', since: now, recordId: 'link' };
    const guard = { ...kept, stamp: ports.random.token() };
    const linkedTo = both[1 - index]?.contactId ?? '';
    return [
      { ...guardPut(contact.contactId, guard), condition: isGuardAsSeen(own?.stamp) },
      {
        kind: 'put',
        table: 'consent',
        item: { ...linkKey(contact.contactId, linkedTo), ...(index === 0 ? told(linking, now) : {}) },
      },
    ];
  });
}

function told({ contactId, other, accountSid, by }: Linking, now: number) {
  const time = new Date(now).toISOString();
  const event: TrunklineEvent = {
    id: `consent/LINK#${contactId}#${other}/${now}/0`,
    time,
    accountSid,
    correlationId: contactId,
    type: 'contact.linked.v1',
    data: { contactId, linkedTo: other, by },
  };
  return { outbox: [{ kind: 'event', event }], outboxAt: time };
}
