import { createConsentGuard } from '../../../functions/consent/consent-guard.ts';
import type { TableClient } from '../../../functions/shared/ports/table-client.ts';
import { contactIdOf } from '../../../functions/shared/runtime/contact-id.ts';
import { SeededRandomness } from '../messaging/seeded-randomness.ts';

export const CONTACT_KEY = 'a key that only the tests of this house have';

export const contactOf = (address: string): string => contactIdOf(CONTACT_KEY, address);

/** The real guard, over tables in memory. */
export const consentOf = (tables: Pick<TableClient, 'query'>) =>
  createConsentGuard(
    { keywordScope: 'everything' },
    { tables, random: new SeededRandomness(), key: async () => CONTACT_KEY },
  );
