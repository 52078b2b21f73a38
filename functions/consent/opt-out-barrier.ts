import type { KeywordScope } from '../shared/contract/consent-settings.ts';
import type { ContactKey } from '../shared/ports/contact-key.ts';
import type { OptOutBarrier } from '../shared/ports/opt-out-barrier.ts';
import { contactIdOf } from '../shared/runtime/contact-id.ts';
import { consentAddress } from '../shared/twilio/consent-address.ts';
import { guardPut } from './contact-keys.ts';
import { scopeOfKeyword } from './domain/scope.ts';

/** Light enough for the webhook: no schema, no SDK. What the ledger needs follows with the message's event. */
export const createOptOutBarrier =
  ({ keywordScope }: { readonly keywordScope: KeywordScope }, key: ContactKey): OptOutBarrier =>
  async (revocation) =>
    guardPut(contactIdOf(await key(), consentAddress(revocation.from)), {
      scope: scopeOfKeyword(keywordScope, revocation),
      status: 'opted-out',
      since: revocation.receivedAt,
      stamp: revocation.stamp,
      recordId: revocation.messageSid,
    });
