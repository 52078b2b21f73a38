const sid = (prefixes: string): RegExp => new RegExp(`^(?:${prefixes})[0-9a-f]{32}$`);

/** Any text: names whose value is somebody's words. */
export const TEXT = /^[\s\S]*$/;
export const MESSAGE_SID = sid('SM|MM');
export const ACCOUNT_SID = sid('AC');
export const MESSAGING_SERVICE_SID = sid('MG');
export const DEBUGGER_SID = sid('NO');
export const CALL_SID = sid('CA');
export const CONFERENCE_SID = sid('CF');
export const RECORDING_SID = sid('RE');
export const EVENT_SID = sid('EV');
export const WORKSPACE_SID = sid('WS');
export const WORKFLOW_SID = sid('WW');
export const TASK_QUEUE_SID = sid('WQ');
export const TASK_CHANNEL_SID = sid('TC');
export const TASK_SID = sid('WT');
export const RESERVATION_SID = sid('WR');
export const WORKER_SID = sid('WK');
export const ACTIVITY_SID = sid('WA');
export const ANY_SID = sid('[A-Z]{2}');
/** Parameters that Twilio also sends without a value. */
export const orEmpty = (pattern: RegExp): RegExp => new RegExp(`^$|${pattern.source}`);
export const API_VERSION = /^(?:\d{4}-\d{2}-\d{2})?$/;
export const ERROR_CODE = /^\d{0,6}$/;
export const SMALL_NUMBER = /^\d{1,3}$/;
export const DECIMAL = /^(?:-?\d{1,3}(?:\.\d{1,20})?)?$/;
/** `Sun, 25 Mar 2018 09:53:19 +0000`, ISO 8601, or epoch seconds. */
export const CALL_TIME = /^[0-9A-Za-z:.,+/ -]{0,48}$/;
export const SEQUENCE_NUMBER = /^\d{1,6}$/;
/** -1 as long as nothing has been measured. */
export const SECONDS = /^(?:-1|\d{0,7})$/;
export const SIP_CODE = /^(?:[1-7]\d{2})?$/;
export const TIMESTAMP = /^[0-9A-Za-z:.+ -]{0,40}$/;
/** In one case: a mixed word would be a word with another parameter's name glued to it. */
export const WORD = /^(?:[a-z_-]{1,32}|[A-Z_-]{1,32})$/;
/** Advanced Opt-Out's verdicts, exactly: a cut word must not become another. */
export const OPT_OUT = /^(?:STOP|START|HELP)$/;
export const URL_TEXT = /^[\x21-\x7e]{1,2048}$/;
export const MEDIA_TYPE = /^[\x20-\x7e]{0,255}$/;

/** What follows `From` or `To` in the signed string: inside an address it is a boundary that was moved. */
const MOVED_BOUNDARY =
  '(?:From|To)(?:City|Country|State|Zip|\\+|[a-z]+:)|Latitude|Longitude|MediaUrl|MediaContentType|WaId';

/**
 * Addresses are opaque: numbers and short codes (with a prefix, too), alphanumeric senders (at most 11 characters,
 * Twilio: Alphanumeric Sender ID), and whatever else a channel prefix announces, WhatsApp's business-scoped user ids
 * (140 characters) for one. In all at most 160 characters.
 */
export const ADDRESS = new RegExp(
  `^(?!.*(?:${MOVED_BOUNDARY}))(?:(?:[a-z]{2,20}:)?\\+?[0-9]{0,20}|(?=.*[A-Za-z])[A-Za-z0-9 _.&-]{1,11}|[a-z]{2,20}:[A-Za-z0-9][A-Za-z0-9@._+=/-]{0,138})$`,
);

/** What follows `From`, `To`, `Called` or `Caller` in the signed string of a call's webhook. */
const MOVED_CALL_BOUNDARY =
  '(?:From|To|Called|Caller)(?:City|Country|State|Zip|\\+|[a-z]+:)|CallSid|CallStatus|CallbackSource|CallDuration|Direction|Duration|ParentCallSid|SequenceNumber|SipResponseCode|Timestamp|AnsweredBy';

/**
 * A party of a call: a number, `client:name`, a SIP address with its parameters, or the words that stand for a withheld
 * number (`anonymous`, `unknown`); not to be relied on as E.164 (https://www.twilio.com/docs/voice/twiml).
 */
export const PARTY = new RegExp(`^(?!.*(?:${MOVED_CALL_BOUNDARY}))[\\x20-\\x7e]{0,300}$`);
