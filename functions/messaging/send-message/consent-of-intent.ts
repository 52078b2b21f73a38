import type { ConsentFacts, ConsentGuard, ConsentQuery } from '../../shared/ports/consent-guard.ts';
import { type Intent, isCall } from '../domain/intent.ts';

/** What of an intent its consent depends on. */
export const consentQueryOf = (intent: Intent): ConsentQuery => ({
  accountSid: intent.accountSid,
  channel: intent.channel,
  address: intent.to ?? 'erased',
  trafficClass: intent.trafficClass,
  ...(isCall(intent) ? {} : { messagingServiceSid: intent.messagingServiceSid }),
  ...purposeOf(intent),
});

export const readConsent = (intent: Intent, guard: ConsentGuard): Promise<ConsentFacts> =>
  guard.read(consentQueryOf(intent));

/** Why it must not be sent, in words; undefined where consent does not forbid it. */
export const refusalOf = (intent: Intent, { standing, scope }: ConsentFacts): string | undefined =>
  standing === 'opted-out' && purposeOf(intent).purpose === undefined
    ? `the recipient opted out (${scope ?? 'everything'})`
    : undefined;

const purposeOf = (intent: Intent): { readonly purpose?: 'opt-out-confirmation' } =>
  isCall(intent) || intent.purpose === undefined ? {} : { purpose: intent.purpose };
