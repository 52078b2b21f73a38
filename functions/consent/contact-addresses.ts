import type { ContactAddresses } from '../shared/ports/contact-addresses.ts';
import type { TableClient } from '../shared/ports/table-client.ts';
import { readPerson } from './read-contact.ts';

/** Events name contacts only; who has to find their messages asks here. */
export const createContactAddresses =
  (tables: Pick<TableClient, 'query'>): ContactAddresses =>
  async (contactId) =>
    (await readPerson(tables, contactId)).flatMap(({ address }) => (address === undefined ? [] : [address]));
