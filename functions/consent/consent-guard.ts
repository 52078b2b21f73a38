import type { ConsentSettings } from '../shared/contract/consent-settings.ts';
import type { ConsentGuard, SeenGuard } from '../shared/ports/consent-guard.ts';
import type { ContactKey } from '../shared/ports/contact-key.ts';
import type { Randomness } from '../shared/ports/randomness.ts';
import type { TableClient, WriteAction } from '../shared/ports/table-client.ts';
import { contactIdOf } from '../shared/runtime/contact-id.ts';
import { consentAddress } from '../shared/twilio/consent-address.ts';
import type { Contact } from './contact-items.ts';
import { guardKey, isGuardAsSeen } from './contact-keys.ts';
import { judgeConsent } from './domain/facts.ts';
import { EVERYTHING, scopeOfKeyword, scopesOfSend } from './domain/scope.ts';
import { optOutCommit } from './opt-out-commit.ts';
import { readPerson } from './read-contact.ts';

export interface ConsentGuardPorts {
  readonly tables: Pick<TableClient, 'query'>;
  readonly random: Randomness;
  readonly key: ContactKey;
}

/** Consent for whoever sends: what holds now, and the checks that make it hold until the send is armed. */
export const createConsentGuard = (
  { keywordScope }: Pick<ConsentSettings, 'keywordScope'>,
  { tables, random, key }: ConsentGuardPorts,
): ConsentGuard => ({
  read: async (query) => {
    const contactId = contactIdOf(await key(), consentAddress(query.address));
    const [own, ...linked] = await readPerson(tables, contactId);
    const scopes = scopesOfSend(query);
    const checked = new Set([EVERYTHING, scopeOfKeyword(keywordScope, query)]);
    const seen = [own, ...linked].flatMap((contact) => [...checked].map((scope) => seenOf(contact, scope)));
    return { ...judgeConsent(own, linked, scopes), contactId, seen };
  },
  checks: ({ seen }) => seen.map(checkOf),
  refusedByTwilio: ({ query, facts, evidenceId, at }) =>
    optOutCommit({
      contactId: facts.contactId,
      address: consentAddress(query.address),
      accountSid: query.accountSid,
      scope: scopeOfKeyword(keywordScope, query),
      source: 'twilio-21610',
      recordId: evidenceId,
      at,
      stamp: random.token(),
    }),
});

const seenOf = ({ contactId, guards }: Contact, scope: string): SeenGuard => {
  const guard = guards.find((one) => one.scope === scope);
  return { contactId, scope, ...(guard === undefined ? {} : { stamp: guard.stamp }) };
};

const checkOf = ({ contactId, scope, stamp }: SeenGuard): WriteAction => ({
  kind: 'check',
  table: 'consent',
  key: guardKey(contactId, scope),
  condition: isGuardAsSeen(stamp),
});
