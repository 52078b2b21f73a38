import { ACCOUNT, OUR_NUMBER } from '../world/settings.ts';
import type { InboundText, LedgerMessage } from './ledger.ts';

const written = new Map<number, string>();

/** `Sun, 01 Mar 2026 12:00:00 +0000`: whole seconds, as Twilio writes them; remembered, for lists are read often. */
const twilioDate = (milliseconds: number): string => {
  const second = Math.floor(milliseconds / 1_000);
  const known = written.get(second) ?? new Date(milliseconds).toUTCString().replace('GMT', '+0000');
  written.set(second, known);
  return known;
};

/** What Twilio's API says of an outbound message at an instant. */
export const outboundResource = (message: LedgerMessage, now: number): object => {
  const { status, errorCode } = message.plan
    .filter(({ after }) => message.startsAt + after <= now)
    .at(-1) ?? {
    status: message.startsAt > now ? 'scheduled' : 'accepted',
  };
  return {
    sid: message.sid,
    account_sid: ACCOUNT,
    direction: 'outbound-api',
    to: message.to,
    from: OUR_NUMBER,
    body: message.body,
    status,
    error_code: errorCode ?? null,
    messaging_service_sid: message.messagingServiceSid || null,
    num_media: '0',
    num_segments: '1',
    date_created: twilioDate(message.acceptedAt),
    date_sent:
      status === 'accepted' || status === 'scheduled' || status === 'canceled'
        ? null
        : twilioDate(message.acceptedAt),
  };
};

export const inboundResource = (text: InboundText): object => ({
  sid: text.sid,
  account_sid: ACCOUNT,
  direction: 'inbound',
  to: OUR_NUMBER,
  from: text.from,
  body: text.body,
  status: 'received',
  error_code: null,
  messaging_service_sid: null,
  num_media: '0',
  num_segments: '1',
  date_created: twilioDate(text.sentAt),
  date_sent: twilioDate(text.sentAt),
});
