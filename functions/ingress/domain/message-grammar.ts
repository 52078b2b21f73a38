import {
  checkFields,
  type FieldGrammar,
  type GrammarVerdict,
  reshaped,
  SOUND,
} from '../../shared/twilio/field-grammar.ts';
import {
  ACCOUNT_SID,
  ADDRESS,
  API_VERSION,
  DECIMAL,
  ERROR_CODE,
  MEDIA_TYPE,
  MESSAGE_SID,
  MESSAGING_SERVICE_SID,
  OPT_OUT,
  SMALL_NUMBER,
  TEXT,
  URL_TEXT,
  WORD,
} from '../../shared/twilio/field-patterns.ts';

type Fields = ReadonlyMap<string, readonly string[]>;

/** Twilio attaches at most ten media (Twilio: Messages resource, NumMedia). */
const MAXIMUM_MEDIA = 10;

const TEXT_NAMES = [
  ...[
    'Body',
    'ButtonText',
    'ButtonPayload',
    'ProfileName',
    'WaId',
    'Address',
    'Label',
    'ErrorUrl',
    'ErrorMessage',
  ],
  ...['FromCity', 'FromState', 'FromZip', 'FromCountry', 'ToCity', 'ToState', 'ToZip', 'ToCountry'],
  ...['ChannelMetadata', 'InteractiveData', 'FlowData', 'ChannelToAddress', 'ChannelStatusMessage'],
  ...[
    'ExternalUserId',
    'ExternalUserIdentifier',
    'OriginalRepliedMessageSid',
    'OriginalRepliedMessageSender',
  ],
];

const KNOWN: ReadonlyMap<string, RegExp> = new Map<string, RegExp>([
  ...TEXT_NAMES.map((name) => [name, TEXT] as const),
  ...Array.from({ length: MAXIMUM_MEDIA }, (_, index) => [`MediaUrl${index}`, URL_TEXT] as const),
  ...Array.from({ length: MAXIMUM_MEDIA }, (_, index) => [`MediaContentType${index}`, MEDIA_TYPE] as const),
  ['MessageSid', MESSAGE_SID],
  ['SmsSid', MESSAGE_SID],
  ['SmsMessageSid', MESSAGE_SID],
  ['AccountSid', ACCOUNT_SID],
  ['MessagingServiceSid', MESSAGING_SERVICE_SID],
  ['From', ADDRESS],
  ['To', ADDRESS],
  ['ApiVersion', API_VERSION],
  ['NumMedia', SMALL_NUMBER],
  ['NumSegments', SMALL_NUMBER],
  ['MessageStatus', WORD],
  ['SmsStatus', WORD],
  ['MessageType', WORD],
  ['OptOutType', OPT_OUT],
  ['ErrorCode', ERROR_CODE],
  ['Latitude', DECIMAL],
  ['Longitude', DECIMAL],
]);

const INBOUND: FieldGrammar = {
  required: ['MessageSid', 'AccountSid', 'From', 'To'],
  known: KNOWN,
  telling: [
    'Body',
    'ButtonPayload',
    'ButtonText',
    'MessagingServiceSid',
    'NumMedia',
    'NumSegments',
    'OptOutType',
  ],
};

const STATUS: FieldGrammar = {
  required: ['MessageSid', 'AccountSid', 'MessageStatus'],
  known: KNOWN,
  telling: ['ErrorCode', 'From', 'To'],
};

export const checkInboundMessage = (fields: Fields, accountSid: string): GrammarVerdict => {
  const verdict = checkFields(fields, INBOUND);
  if (verdict.kind !== 'sound') return verdict;
  if (only(fields, 'AccountSid') !== accountSid) return reshaped('AccountSid', 'account');
  if (only(fields, 'From') === '' || only(fields, 'To') === '') return reshaped('From', 'form');
  return isMediaConsistent(fields) ? SOUND : reshaped('NumMedia', 'media');
};

export const checkMessageStatus = (fields: Fields, accountSid: string): GrammarVerdict => {
  const verdict = checkFields(fields, STATUS);
  if (verdict.kind !== 'sound') return verdict;
  return only(fields, 'AccountSid') === accountSid ? SOUND : reshaped('AccountSid', 'account');
};

/** `NumMedia` URLs, numbered from 0 without a gap; content types only where there is a URL, and not for all (RCS). */
const isMediaConsistent = (fields: Fields): boolean => {
  const count = Number(only(fields, 'NumMedia') || 0);
  if (count > MAXIMUM_MEDIA) return false;
  for (const name of fields.keys()) {
    const index = MEDIA_INDEX.exec(name)?.[1];
    if (index !== undefined && Number(index) >= count) return false;
  }
  return Array.from({ length: count }, (_, index) => fields.has(`MediaUrl${index}`)).every(Boolean);
};

const MEDIA_INDEX = /^Media(?:Url|ContentType)(\d+)$/;

const only = (fields: Fields, name: string): string => fields.get(name)?.[0] ?? '';
