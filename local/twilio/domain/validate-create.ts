import { channelOf, isDestination } from './address.ts';
import { magicSender, notOurSender, refusedRecipient } from './carrier-outcome.ts';
import { type TwilioError, twilioError } from './twilio-error.ts';

interface Sender {
  readonly phoneNumber: string;
  readonly smsCapable: boolean;
  readonly mmsCapable: boolean;
  readonly messagingServiceSid?: string | undefined;
}

/** What a create request is checked against. */
export interface CreateContext {
  readonly now: number;
  readonly senders: readonly Sender[];
  readonly messagingServiceSids: readonly string[];
}

export interface CreateCommand {
  readonly to: string;
  readonly from?: string | undefined;
  readonly messagingServiceSid?: string | undefined;
  readonly body: string;
  readonly mediaUrls: readonly string[];
  readonly contentSid?: string | undefined;
  readonly statusCallback?: string | undefined;
  readonly sendAt?: number | undefined;
}

export type CreateValidation =
  | { readonly kind: 'valid'; readonly command: CreateCommand }
  | { readonly kind: 'invalid'; readonly error: TwilioError };

/** Checks in Twilio's order as far as it is known: recipient, sender, content, callback, schedule. */
export function validateCreate(form: URLSearchParams, context: CreateContext): CreateValidation {
  const error =
    recipientError(form) ??
    senderError(form, context) ??
    contentError(form) ??
    callbackError(form.get('StatusCallback')) ??
    validityError(form.get('ValidityPeriod')) ??
    scheduleError(form, context.now);
  return error ? { kind: 'invalid', error } : { kind: 'valid', command: commandOf(form) };
}

function commandOf(form: URLSearchParams): CreateCommand {
  const from = form.get('From') ?? undefined;
  const serviceAsFrom = from?.startsWith('MG') ? from : undefined;
  const sendAt = form.get('SendAt');
  return {
    to: form.get('To') ?? '',
    from: serviceAsFrom === undefined ? from : undefined,
    messagingServiceSid: form.get('MessagingServiceSid') ?? serviceAsFrom,
    body: form.get('Body') ?? '',
    mediaUrls: form.getAll('MediaUrl'),
    contentSid: form.get('ContentSid') ?? undefined,
    statusCallback: form.get('StatusCallback') || undefined,
    sendAt: form.get('ScheduleType') && sendAt ? Date.parse(sendAt) : undefined,
  };
}

function recipientError(form: URLSearchParams): TwilioError | undefined {
  const to = form.get('To') ?? '';
  if (to === '') return twilioError(21604, "A 'To' phone number is required.");
  if (!isDestination(to)) return twilioError(21211, `Invalid 'To' Phone Number: ${to}`);
  if (to === form.get('From')) {
    return channelOf(to) === 'sms'
      ? twilioError(21266, "'To' and 'From' number cannot be the same")
      : twilioError(63031, 'Channels message cannot have same From and To');
  }
  return refusedRecipient(to);
}

function senderError(form: URLSearchParams, context: CreateContext): TwilioError | undefined {
  const { from, messagingServiceSid } = commandOf(form);
  if (!from && !messagingServiceSid) {
    return twilioError(21603, "A 'From' or 'MessagingServiceSid' parameter is required to send a message");
  }
  if (messagingServiceSid) return serviceError(messagingServiceSid, from, context);
  return from ? ownSenderError(from, form, context) : undefined;
}

function serviceError(
  serviceSid: string,
  from: string | undefined,
  context: CreateContext,
): TwilioError | undefined {
  if (!/^MG[0-9a-fA-F]{32}$/.test(serviceSid)) {
    return twilioError(21705, `The Messaging Service Sid ${serviceSid} is invalid`);
  }
  if (!context.messagingServiceSids.includes(serviceSid)) {
    return twilioError(21701, 'The Messaging Service does not exist');
  }
  const pool = context.senders.filter((sender) => sender.messagingServiceSid === serviceSid);
  if (pool.length === 0) return twilioError(21704, 'The Messaging Service contains no phone numbers');
  if (from && !pool.some((sender) => sender.phoneNumber === from)) return notOurSender(from);
  return undefined;
}

function ownSenderError(
  from: string,
  form: URLSearchParams,
  context: CreateContext,
): TwilioError | undefined {
  const magic = magicSender(from);
  if (magic === 'works') return undefined;
  if (magic) return magic;
  const sender = context.senders.find(({ phoneNumber }) => phoneNumber === from);
  if (channelOf(form.get('To') ?? '') !== channelOf(from) || (!sender && channelOf(from) !== 'sms')) {
    return twilioError(63007, 'Twilio could not find a Channel with the specified From address');
  }
  if (!sender) return notOurSender(from);
  if (!sender.smsCapable) {
    return twilioError(21601, `The phone number ${from} is not a valid SMS-capable inbound phone number.`);
  }
  if (form.has('MediaUrl') && !sender.mmsCapable) {
    return twilioError(21621, "The 'From' number has not been enabled for MMS");
  }
  return undefined;
}

function contentError(form: URLSearchParams): TwilioError | undefined {
  const { body, mediaUrls, contentSid } = commandOf(form);
  if (form.has('ContentVariables') && !contentSid) return twilioError(21654, 'ContentSid Required');
  if (contentSid && !/^HX[0-9a-fA-F]{32}$/.test(contentSid)) {
    return twilioError(21655, 'The ContentSid is Invalid');
  }
  if (body === '' && mediaUrls.length === 0 && !contentSid) {
    return twilioError(21602, 'Message body is required.');
  }
  if (body.length > 1600) {
    return twilioError(21617, 'The concatenated message body exceeds the 1600 character limit');
  }
  if (mediaUrls.length > 10) {
    return twilioError(21623, 'Number of media files exceeds allowed limit');
  }
  const wrong = mediaUrls.find((url) => !/^https?:\/\//i.test(url) || !URL.canParse(url));
  return wrong === undefined ? undefined : twilioError(21620, `Invalid media URL(s): ${wrong}`);
}

/** Twilio takes http and https, at most 4,000 characters, and no underscore in the host name (ERR 21609). */
function callbackError(url: string | null): TwilioError | undefined {
  if (!url) return undefined;
  const valid =
    url.length <= 4000 &&
    /^https?:\/\//i.test(url) &&
    URL.canParse(url) &&
    !new URL(url).hostname.includes('_');
  return valid ? undefined : twilioError(21609, `The 'StatusCallback' URL ${url} is not a valid URL.`);
}

function validityError(text: string | null): TwilioError | undefined {
  if (text === null) return undefined;
  const seconds = Number(text);
  const valid = Number.isInteger(seconds) && seconds >= 1 && seconds <= 36000;
  return valid ? undefined : twilioError(21624, `The ValidityPeriod ${text} is not between 1 and 36000`);
}

const shortestScheduleMs = 300_000;
const longestScheduleMs = 35 * 24 * 3_600_000;

/** Documented in ERR 35111, 35114, 35115 (more than 300 s, at most 35 days ahead), 35118 and 35126. */
function scheduleError(form: URLSearchParams, now: number): TwilioError | undefined {
  const type = form.get('ScheduleType');
  const sendAt = form.get('SendAt');
  if (!type) return undefined;
  if (type !== 'fixed') return twilioError(35126, `The ScheduleType value ${type} is not supported`);
  if (!commandOf(form).messagingServiceSid) {
    return twilioError(35118, 'MessagingServiceSid is required to schedule a message');
  }
  if (!sendAt) return twilioError(35111, 'SendAt timestamp is missing');
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(sendAt) ? Date.parse(sendAt) : Number.NaN;
  if (Number.isNaN(at)) return twilioError(35114, 'Scheduling does not support this timestamp');
  const supported = at - now > shortestScheduleMs && at - now <= longestScheduleMs;
  return supported
    ? undefined
    : twilioError(
        35115,
        'SendAt time must be between 300 seconds and 35 days (3024000 seconds) in the future',
      );
}
