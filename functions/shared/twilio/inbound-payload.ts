import { type FormFields, parseFormText } from './form-body.ts';
import { type MessageChannel, messageChannel } from './message-channel.ts';

export interface InboundMedia {
  readonly url: string;
  /** As the sender's side named it; never trusted. */
  readonly contentType?: string;
}

/** An inbound message as its stored webhook tells it. Addresses are opaque strings, prefix included (`whatsapp:+1...`). */
export interface InboundMessage {
  readonly messageSid: string;
  readonly accountSid: string;
  readonly channel: MessageChannel;
  readonly from: string;
  readonly to: string;
  /** Empty where the message has none (a voice note, a pin). Not trimmed. */
  readonly body: string;
  readonly media: readonly InboundMedia[];
  readonly segmentCount: number;
  readonly messagingServiceSid?: string;
  /** Advanced Opt-Out's verdict: STOP, START or HELP. */
  readonly optOutType?: string;
  readonly buttonText?: string;
  readonly buttonPayload?: string;
  readonly profileName?: string;
  /** WhatsApp's business-scoped user id, under either name that Twilio gives it. */
  readonly externalUserId?: string;
  readonly repliedToMessageSid?: string;
  readonly latitude?: string;
  readonly longitude?: string;
}

/** Parameters of a payload in the inbox; of a repeated name, the first value. Throws on what ingress would have refused. */
export const parseStoredForm = (payload: string): ReadonlyMap<string, string> => {
  const form = parseFormText(payload);
  if (form.kind === 'malformed') throw new Error(`Stored payload is malformed: ${form.reason}`);
  return firstValues(form.fields);
};

/** Reads an inbound message from its stored payload. Throws if a required parameter is missing. */
export const readInboundMessage = (payload: string): InboundMessage => {
  const form = parseStoredForm(payload);
  const from = required(form, 'From');
  const media = readMedia(form);
  return {
    messageSid: required(form, 'MessageSid'),
    accountSid: required(form, 'AccountSid'),
    channel: messageChannel(from, media.length),
    from,
    to: required(form, 'To'),
    body: form.get('Body') ?? '',
    media,
    segmentCount: Number(form.get('NumSegments') ?? 1),
    ...optional('messagingServiceSid', form.get('MessagingServiceSid')),
    ...optional('optOutType', form.get('OptOutType')),
    ...optional('buttonText', form.get('ButtonText')),
    ...optional('buttonPayload', form.get('ButtonPayload')),
    ...optional('profileName', form.get('ProfileName')),
    ...optional('externalUserId', form.get('ExternalUserId') ?? form.get('ExternalUserIdentifier')),
    ...optional('repliedToMessageSid', form.get('OriginalRepliedMessageSid')),
    ...optional('latitude', form.get('Latitude')),
    ...optional('longitude', form.get('Longitude')),
  };
};

const firstValues = (fields: FormFields): ReadonlyMap<string, string> => {
  const first = new Map<string, string>();
  for (const [name, values] of fields) first.set(name, values[0] ?? '');
  return first;
};

const readMedia = (form: ReadonlyMap<string, string>): readonly InboundMedia[] =>
  Array.from({ length: Number(form.get('NumMedia') ?? 0) }, (_, index) => ({
    url: required(form, `MediaUrl${index}`),
    ...optional('contentType', form.get(`MediaContentType${index}`)),
  }));

const required = (form: ReadonlyMap<string, string>, name: string): string => {
  const value = form.get(name);
  if (value === undefined) throw new Error(`Stored payload lacks ${name}`);
  return value;
};

/** Twilio sends some parameters empty where it has no value. */
const optional = <Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [N in Name]?: string } => (value === undefined || value === '' ? {} : single(name, value));

const single = <Name extends string>(name: Name, value: string): { readonly [N in Name]?: string } => {
  const entry: { [N in Name]?: string } = {};
  entry[name] = value;
  return entry;
};
