import { isPhoneNumber, lastFourDigits } from '../address.ts';
import { type TwilioError, twilioError } from '../twilio-error.ts';
import {
  callEvents,
  type Hook,
  type HttpMethod,
  type MachineDetection,
  type OutboundPlan,
  type RecordingEvent,
  type RecordingOrder,
  type Source,
  type StatusHook,
} from './call.ts';

export interface CallCommand {
  readonly to: string;
  readonly from: string;
  readonly plan: OutboundPlan;
  readonly fallback?: Hook | undefined;
  readonly statusHook?: StatusHook | undefined;
  readonly timeLimitMs?: number | undefined;
}

export interface CallContext {
  readonly now: number;
  readonly numbers: readonly string[];
  /** How long the account's queue is already. */
  readonly queuedMs: number;
}

export type CallValidation =
  | { readonly kind: 'valid'; readonly command: CallCommand; readonly warnings: readonly TwilioError[] }
  | { readonly kind: 'invalid'; readonly error: TwilioError };

const longestQueueMs = 24 * 3_600_000;

/** Checks a request for a call in Twilio's order as far as it is known: recipient, caller, document, options. */
export function validateCall(form: URLSearchParams, context: CallContext): CallValidation {
  const error =
    recipientError(form) ??
    callerError(form, context) ??
    sourceError(form) ??
    urlError(form) ??
    rangeError(form) ??
    queueError(context);
  if (error) return { kind: 'invalid', error };
  return { kind: 'valid', command: commandOf(form), warnings: warningsOf(form) };
}

function recipientError(form: URLSearchParams): TwilioError | undefined {
  const to = form.get('To') ?? '';
  if (to === '') return twilioError(21201, 'No Called number is specified');
  if (!isDialable(to) || to === form.get('From')) {
    return twilioError(21211, `Invalid 'To' Phone Number: ${to}`);
  }
  return refusedRecipient(to);
}

export const isDialable = (address: string): boolean =>
  isPhoneNumber(address) ||
  /^client:[\w.@+-]{1,121}$/.test(address) ||
  /^sips?:[^\s@]+@[^\s@]+$/.test(address);

/** Magic numbers of the test credentials (https://www.twilio.com/docs/iam/test-credentials), and 12xx for 212xx. */
function refusedRecipient(to: string): TwilioError | undefined {
  const code = magicRecipients.get(to) ?? byLastFour.get(lastFourDigits(to));
  switch (code) {
    case 21214:
      return twilioError(code, `'To' phone number cannot be reached: ${to}`);
    case 21215:
      return twilioError(
        code,
        `Account not authorized to call ${to}. Perhaps you need to enable permissions.`,
      );
    case 21216:
      return twilioError(code, `Account not allowed to call ${to}`);
    case 21217:
      return twilioError(code, `The phone number does not appear to be valid: ${to}`);
    default:
      return undefined;
  }
}

const magicRecipients: ReadonlyMap<string, number> = new Map([
  ['+15005550001', 21217],
  ['+15005550002', 21214],
  ['+15005550003', 21215],
  ['+15005550004', 21216],
]);

const byLastFour: ReadonlyMap<string, number> = new Map([
  ['1214', 21214],
  ['1215', 21215],
  ['1216', 21216],
  ['1217', 21217],
]);

function callerError(form: URLSearchParams, { numbers }: CallContext): TwilioError | undefined {
  const from = form.get('From') ?? '';
  if (from === '') return twilioError(21213, "A 'From' phone number is required");
  if (from === '+15005550006' || numbers.includes(from)) return undefined;
  if (from === '+15005550001' || !isDialable(from)) {
    return twilioError(21212, `Invalid From Number (caller ID): ${from}`);
  }
  return twilioError(
    21210,
    `The source phone number provided, ${from}, is not yet verified for your account.`,
  );
}

function sourceError(form: URLSearchParams): TwilioError | undefined {
  if (form.get('ApplicationSid')) return twilioError(21218, 'The ApplicationSid is invalid');
  if (!form.get('Url') && !form.get('Twiml')) return twilioError(21205, 'Url parameter is required.');
  if ((form.get('Twiml') ?? '').length > 4000) {
    return twilioError(32018, 'Twiml size exceeds the maximum of 4000 characters');
  }
  return undefined;
}

/** http and https, and no underscore in the host of a callback (the API description says so). */
function urlError(form: URLSearchParams): TwilioError | undefined {
  for (const name of [
    ...['Url', 'FallbackUrl', 'StatusCallback', 'AsyncAmdStatusCallback', 'RecordingStatusCallback'],
  ]) {
    const url = form.get(name);
    if (!url) continue;
    const valid = /^https?:\/\//i.test(url) && URL.canParse(url) && !new URL(url).hostname.includes('_');
    if (!valid) return twilioError(21205, `${name} is not a valid URL: ${url}`);
  }
  for (const [name, value] of form) {
    const isMethod = name.endsWith('Method');
    if (isMethod && !['GET', 'POST'].includes(value.toUpperCase())) {
      return twilioError(20001, `${name} must be GET or POST`);
    }
  }
  return undefined;
}

const ranges: Readonly<Record<string, readonly [number, number, number]>> = {
  Timeout: [1, 600, 20001],
  TimeLimit: [1, 86_400, 20001],
  MachineDetectionTimeout: [3, 59, 21263],
  MachineDetectionSpeechThreshold: [1000, 6000, 21263],
  MachineDetectionSpeechEndThreshold: [500, 5000, 21263],
  MachineDetectionSilenceTimeout: [2000, 10_000, 21263],
};

function rangeError(form: URLSearchParams): TwilioError | undefined {
  for (const [name, [min, max, code]] of Object.entries(ranges)) {
    const text = form.get(name);
    if (text === null) continue;
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      return twilioError(code, `${name} must be a whole number from ${min} to ${max}`);
    }
  }
  const detection = form.get('MachineDetection');
  if (detection && !['Enable', 'DetectMessageEnd'].includes(detection)) {
    return twilioError(21263, `Invalid MachineDetection: ${detection}`);
  }
  const digits = form.get('SendDigits');
  if (digits && !/^[0-9A-D#*wW]{1,32}$/.test(digits)) {
    return twilioError(20001, 'SendDigits takes at most 32 of 0-9, A-D, #, *, w and W');
  }
  return eventError(form);
}

function eventError(form: URLSearchParams): TwilioError | undefined {
  const wrong = form
    .getAll('StatusCallbackEvent')
    .find((event) => !callEvents.some((known) => known === event));
  return wrong === undefined ? undefined : twilioError(20001, `Unknown StatusCallbackEvent: ${wrong}`);
}

const queueError = ({ queuedMs }: CallContext): TwilioError | undefined =>
  queuedMs > longestQueueMs ? twilioError(22005, 'Call Queue Full') : undefined;

function commandOf(form: URLSearchParams): CallCommand {
  const seconds = (name: string) => (form.get(name) ? Number(form.get(name)) * 1000 : undefined);
  const statusHook = hookIn(form, 'StatusCallback', 'StatusCallbackMethod');
  const events = callEvents.filter((event) => form.getAll('StatusCallbackEvent').includes(event));
  const sendDigits = form.get('SendDigits') || undefined;
  return {
    to: form.get('To') ?? '',
    from: form.get('From') ?? '',
    fallback: hookIn(form, 'FallbackUrl', 'FallbackMethod'),
    statusHook: statusHook && { ...statusHook, events: events.length > 0 ? events : ['completed'] },
    timeLimitMs: seconds('TimeLimit'),
    plan: {
      source: sourceIn(form),
      timeoutMs: seconds('Timeout') ?? 60_000,
      sendDigits,
      // SendDigits switches the detection off (API description).
      machineDetection: sendDigits === undefined ? detectionIn(form) : undefined,
      record: form.get('Record') === 'true' ? readRecordingOrder(form, 'OutboundAPI') : undefined,
    },
  };
}

/** `Url` wins over `Twiml` (32019). */
function sourceIn(form: URLSearchParams): Source {
  const page = hookIn(form, 'Url', 'Method');
  return page ? { kind: 'page', ...page } : { kind: 'inline', twiml: form.get('Twiml') ?? '' };
}

export function hookIn(form: URLSearchParams, urlName: string, methodName: string): Hook | undefined {
  const url = form.get(urlName);
  return url ? { url, method: methodOf(form.get(methodName)) } : undefined;
}

const methodOf = (text: string | null): HttpMethod => (text?.toUpperCase() === 'GET' ? 'GET' : 'POST');

function detectionIn(form: URLSearchParams): MachineDetection | undefined {
  const mode = form.get('MachineDetection');
  if (mode !== 'Enable' && mode !== 'DetectMessageEnd') return undefined;
  const timeoutMs = Number(form.get('MachineDetectionTimeout') ?? 30) * 1000;
  if (form.get('AsyncAmd') !== 'true') return { mode, timeoutMs };
  const callback = hookIn(form, 'AsyncAmdStatusCallback', 'AsyncAmdStatusCallbackMethod');
  return { mode, timeoutMs, async: { callback } };
}

/** What `Record=true`, or a request to record a call, says of the recording. */
export function readRecordingOrder(
  form: URLSearchParams,
  source: 'OutboundAPI' | 'StartCallRecordingAPI',
): RecordingOrder {
  const hook = hookIn(form, 'RecordingStatusCallback', 'RecordingStatusCallbackMethod');
  const known: readonly RecordingEvent[] = ['in-progress', 'completed', 'absent'];
  const events = known.filter((event) => form.getAll('RecordingStatusCallbackEvent').includes(event));
  const track = form.get('RecordingTrack');
  return {
    channels: form.get('RecordingChannels') === 'dual' ? 2 : 1,
    source,
    track: track === 'inbound' || track === 'outbound' ? track : 'both',
    trim:
      (form.get('Trim') ?? (source === 'OutboundAPI' ? 'trim-silence' : 'do-not-trim')) === 'trim-silence',
    callback: hook && { ...hook, events: events.length > 0 ? events : ['completed'] },
  };
}

function warningsOf(form: URLSearchParams): TwilioError[] {
  const warnings: TwilioError[] = [];
  if (form.get('Url') && form.get('Twiml')) {
    warnings.push(twilioError(32019, 'Twiml and Url are both set: Url is used'));
  }
  if (
    form.get('AsyncAmd') === 'true' &&
    form.get('MachineDetection') &&
    !form.get('AsyncAmdStatusCallback')
  ) {
    warnings.push(twilioError(21262, 'No AMD status callback URL provided'));
  }
  return warnings;
}
