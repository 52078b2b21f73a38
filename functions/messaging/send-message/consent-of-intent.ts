import type { ConsentFacts, ConsentGuard, ConsentQuery } from '../../shared/ports/consent-guard.ts';
import type { Intent } from '../domain/intent.ts';

/** What of an intent its consent depends on. */
export const consentQueryOf = ({
  accountSid,
  channel,
  to,
  trafficClass,
  messagingServiceSid,
}: Intent): ConsentQuery => ({
  accountSid,
  channel,
  address: to ?? 'erased',
  trafficClass,
  messagingServiceSid,
});

export const readConsent = (intent: Intent, guard: ConsentGuard): Promise<ConsentFacts> =>
  guard.read(consentQueryOf(intent));

/** Why it must not be sent, in words; undefined where consent does not forbid it. */
export const refusalOf = ({ standing, scope }: ConsentFacts): string | undefined =>
  standing === 'opted-out' ? `the recipient opted out (${scope ?? 'everything'})` : undefined;
