import { channelOf, masked, withoutChannel } from './address.ts';
import type { MessageRecord, StatusChange } from './message.ts';
import type { OptOutKeyword } from './opt-out.ts';
import { segmentsOf } from './render-message.ts';

/** Names and values in the order in which Twilio sends them. */
export type WebhookParameters = readonly (readonly [name: string, value: string])[];

/** What a handset adds to a message beside text and media. */
export interface PhoneExtras {
  readonly profileName?: string | undefined;
  readonly buttonText?: string | undefined;
  readonly buttonPayload?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  readonly repliedMessageSid?: string | undefined;
}

export interface InboundParametersInput {
  readonly message: MessageRecord;
  readonly media: readonly { readonly url: string; readonly contentType: string }[];
  readonly extras: PhoneExtras;
  /** Only Advanced Opt-Out tells which keyword it matched. */
  readonly optOutType?: OptOutKeyword | undefined;
}

/** Field set, casing and order of captured SMS, MMS and WhatsApp webhooks. */
export function inboundParameters(input: InboundParametersInput): WebhookParameters {
  return channelOf(input.message.to) === 'sms' ? smsParameters(input) : channelParameters(input);
}

function smsParameters({ message, media, optOutType }: InboundParametersInput): WebhookParameters {
  const country = (number: string | null) => (/^\+1\d{10}$/.test(number ?? '') ? 'US' : '');
  return defined([
    ['ToCountry', country(message.to)],
    ...media.map(({ contentType }, index) => [`MediaContentType${index}`, contentType] as const),
    ['ToState', ''],
    ['SmsMessageSid', message.sid],
    ['NumMedia', `${media.length}`],
    ['ToCity', ''],
    ['FromZip', ''],
    ['SmsSid', message.sid],
    ['OptOutType', optOutType],
    ['FromState', ''],
    ['SmsStatus', 'received'],
    ['FromCity', ''],
    ['Body', message.body],
    ['FromCountry', country(message.from)],
    ['To', message.to],
    ['MessagingServiceSid', message.messagingServiceSid],
    ['ToZip', ''],
    ['NumSegments', `${segmentsOf(message)}`],
    ['MessageSid', message.sid],
    ['AccountSid', message.accountSid],
    ['From', message.from ?? ''],
    ...media.map(({ url }, index) => [`MediaUrl${index}`, url] as const),
    ['ApiVersion', '2010-04-01'],
  ]);
}

function channelParameters({ message, media, extras, optOutType }: InboundParametersInput) {
  const identity = withoutChannel(message.from ?? '');
  const onWhatsApp = channelOf(message.to) === 'whatsapp';
  return defined([
    ...media.map(({ contentType }, index) => [`MediaContentType${index}`, contentType] as const),
    ['SmsMessageSid', message.sid],
    ['NumMedia', `${media.length}`],
    ['ProfileName', onWhatsApp ? (extras.profileName ?? 'Simulated Phone') : undefined],
    ['MessageType', messageType(media, extras)],
    ['SmsSid', message.sid],
    ['WaId', onWhatsApp ? identity.replace('+', '') : undefined],
    ['OptOutType', optOutType],
    ['SmsStatus', 'received'],
    ['Body', message.body],
    ['ButtonText', extras.buttonText],
    ['ButtonPayload', extras.buttonPayload],
    ['Latitude', extras.latitude?.toString()],
    ['Longitude', extras.longitude?.toString()],
    ['OriginalRepliedMessageSender', extras.repliedMessageSid === undefined ? undefined : message.to],
    ['OriginalRepliedMessageSid', extras.repliedMessageSid],
    ['To', message.to],
    ['MessagingServiceSid', message.messagingServiceSid],
    ['NumSegments', '1'],
    ['ReferralNumMedia', onWhatsApp ? '0' : undefined],
    ['MessageSid', message.sid],
    ['AccountSid', message.accountSid],
    ['From', message.from ?? ''],
    ...media.map(({ url }, index) => [`MediaUrl${index}`, url] as const),
    ['ApiVersion', '2010-04-01'],
  ]);
}

function messageType(media: readonly { readonly contentType: string }[], extras: PhoneExtras): string {
  if (extras.buttonText !== undefined || extras.buttonPayload !== undefined) return 'button';
  if (extras.latitude !== undefined) return 'location';
  return media[0]?.contentType.split('/')[0] ?? 'text';
}

/** A status callback for one status that the message went through. */
export function statusParameters(message: MessageRecord, change: StatusChange): WebhookParameters {
  const errorCode = change.errorCode === undefined ? undefined : `${change.errorCode}`;
  const shared = {
    head: [
      ['SmsSid', message.sid],
      ['SmsStatus', change.status],
      ['MessageStatus', change.status],
    ] as const,
    sid: [
      ['MessageSid', message.sid],
      ['AccountSid', message.accountSid],
    ] as const,
    tail: [
      ['From', message.from ?? undefined],
      ['ApiVersion', '2010-04-01'],
    ] as const,
  };
  if (channelOf(message.to) === 'sms') {
    return defined([
      ['ErrorCode', errorCode],
      ['RawDlrDoneDate', isReceipt(change) ? rawDlrDoneDate(change.at) : undefined],
      ...shared.head,
      ['To', message.to],
      ['MessagingServiceSid', message.messagingServiceSid],
      ...shared.sid,
      ...shared.tail,
    ]);
  }
  return defined([
    ['ErrorCode', errorCode],
    ['ChannelStatusMessage', errorCode === undefined ? undefined : (message.errorMessage ?? undefined)],
    ['EventType', change.status === 'read' ? 'READ' : undefined],
    ...shared.head,
    ['ChannelToAddress', masked(message.to)],
    ['To', message.to],
    ['ChannelPrefix', channelOf(message.to)],
    ['MessagingServiceSid', message.messagingServiceSid],
    ...shared.sid,
    ...shared.tail,
    ['ChannelInstallSid', `XE${message.accountSid.slice(2)}`],
  ]);
}

const isReceipt = ({ status }: StatusChange) => status === 'delivered' || status === 'undelivered';

/** YYMMDDhhmm, as carriers pass it through (UTC here; Twilio states no zone). */
const rawDlrDoneDate = (at: number) => new Date(at).toISOString().replace(/\D/g, '').slice(2, 12);

function defined(pairs: readonly (readonly [string, string | undefined])[]): [string, string][] {
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]));
}
