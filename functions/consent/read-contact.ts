import type { Item, TableClient } from '../shared/ports/table-client.ts';
import { type Contact, contactOfItems } from './contact-items.ts';
import { contactPartition } from './contact-keys.ts';

/** Everything that is kept of one address, read strongly. */
export async function readContact(tables: Pick<TableClient, 'query'>, contactId: string): Promise<Contact> {
  const items: Item[] = [];
  let after: Item | undefined;
  do {
    const page = await tables.query({
      table: 'consent',
      keyCondition: {
        expression: '#pk = :pk',
        names: { '#pk': 'pk' },
        values: { ':pk': contactPartition(contactId) },
      },
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return contactOfItems(contactId, items);
}

/** An address and the others of its person, itself first. */
export async function readPerson(
  tables: Pick<TableClient, 'query'>,
  contactId: string,
): Promise<readonly [Contact, ...Contact[]]> {
  const own = await readContact(tables, contactId);
  return [own, ...(await Promise.all(own.linked.map((linked) => readContact(tables, linked))))];
}
