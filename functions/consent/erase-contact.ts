import * as z from 'zod';
import type { TrunklineEvent } from '../shared/contract/events.ts';
import type { Item } from '../shared/ports/table-client.ts';
import { historyPartition, linkSortKey } from './append-record.ts';
import { profileKey } from './contact-keys.ts';
import type { RecordPorts } from './record-consent.ts';

const HistoryRow = z.object({ shard: z.int(), sequence: z.int() });

export interface Erasure {
  readonly contactId: string;
  readonly accountSid: string;
  readonly by: string;
  readonly reason: string;
}

/**
 * Takes the address out of everything that is kept of a contact: its profile, and what stands beside its links. What is
 * hashed never held it, so the chain stays whole; the barrier is kept under the keyed hash, so opt-outs stay in force.
 * Safe to repeat: what is erased stays so.
 */
export async function eraseContact(erasure: Erasure, ports: RecordPorts): Promise<void> {
  const { contactId } = erasure;
  for (const { shard, sequence } of await historyOf(contactId, ports)) {
    const key = { pk: `CHAIN#${shard}`, sk: linkSortKey(sequence) };
    const link = await ports.tables.get('consent', key, { consistent: true });
    if (link?.address === undefined) continue;
    const { address: _address, salt: _salt, ...kept } = link;
    await ports.tables.put({ table: 'consent', item: kept });
  }
  const now = ports.clock();
  await ports.tables.transact([
    { kind: 'delete', table: 'consent', key: profileKey(contactId) },
    { kind: 'put', table: 'consent', item: erasedItem(erasure, now) },
  ]);
}

async function historyOf(contactId: string, { tables }: RecordPorts) {
  const items: Item[] = [];
  let after: Item | undefined;
  do {
    const page = await tables.query({
      table: 'consent',
      keyCondition: {
        expression: '#pk = :pk',
        names: { '#pk': 'pk' },
        values: { ':pk': historyPartition(contactId) },
      },
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items.map((item) => HistoryRow.parse(item));
}

function erasedItem({ contactId, accountSid, by, reason }: Erasure, now: number): Item {
  const time = new Date(now).toISOString();
  const event: TrunklineEvent = {
    id: `consent/ERASED#${contactId}/${now}/0`,
    time,
    accountSid,
    correlationId: contactId,
    type: 'contact.erased.v1',
    data: { contactId, by, reason },
  };
  return {
    pk: `ERASED#${contactId}`,
    sk: 'ERASED',
    erasedAt: now,
    outbox: [{ kind: 'event', event }],
    outboxAt: time,
  };
}
