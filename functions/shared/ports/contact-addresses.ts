/**
 * The addresses of a contact's person, the contact's own first; without those that were erased. Read strongly.
 * @throws StoreUnavailableError
 */
export type ContactAddresses = (contactId: string) => Promise<readonly string[]>;
