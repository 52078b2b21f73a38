import type { MessageRecord } from './message.ts';
import { countSegments } from './segments.ts';

/** `Thu, 24 Aug 2023 05:01:45 +0000` */
export const rfc2822 = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');

/** The Message resource as api.twilio.com shows it. */
export function renderMessage(message: MessageRecord): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}`;
  const priced = message.sentAt !== null;
  return {
    account_sid: message.accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.acceptedAt),
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: message.errorMessage,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid ?? null,
    num_media: `${message.mediaSids.length}`,
    num_segments: message.from === null ? '0' : `${segmentsOf(message)}`,
    price: priced ? '-0.00750' : null,
    price_unit: priced ? 'USD' : null,
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** An MMS and a channel message always count as one. */
export const segmentsOf = (message: MessageRecord): number =>
  message.mediaSids.length > 0 || message.to.includes(':') ? 1 : countSegments(message.body);
