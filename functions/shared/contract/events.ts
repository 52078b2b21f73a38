import * as z from 'zod';

/**
 * Events of the bus, versioned, declared once. They carry ids, words and references; never a number, a body,
 * a digit or a token. `id` is item key + version + ordinal, so a republished event keeps its id.
 */
export const EVENT_SOURCE = 'trunkline';

const messageSid = z.string().regex(/^(SM|MM)[0-9a-f]{32}$/);
const envelope = {
  id: z.string().min(1).max(300),
  /** When the state change was written, ISO 8601 with milliseconds. */
  time: z.iso.datetime(),
  accountSid: z.string(),
  /** Joins one business story: the caller's id, or the MessageSid of the text that began it. */
  correlationId: z.string().min(1).max(200),
  /** Id of the event that led to this one; absent at the start of a story. */
  causationId: z.string().optional(),
};

const event = <Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
  z.object({ ...envelope, type: z.literal(type), data: z.object(data) });

const intent = {
  intentId: z.string(),
  /** Version of the intent after this change. */
  version: z.int(),
  state: z.string(),
};

const sending = {
  /** Version of the sending control after this change. */
  version: z.int(),
  /** Of everything after this change. */
  state: z.enum(['running', 'paused', 'frozen']),
  /** `all`, `class:<traffic class>` or `pool:<name>`. */
  scope: z.string(),
  /** API client of the operator. */
  by: z.string(),
  reason: z.string(),
};

export const EVENTS = {
  'message.received.v1': event('message.received.v1', {
    messageSid,
    channel: z.enum(['sms', 'mms', 'whatsapp', 'rcs', 'other']),
    mediaCount: z.int(),
    segmentCount: z.int(),
    messagingServiceSid: z.string().optional(),
    /** Advanced Opt-Out's verdict, where Twilio gives one. */
    optOutType: z.string().optional(),
    /** Key of the inbox item that holds the payload. */
    inboxKey: z.string(),
    /** How we learned of it. */
    source: z.enum(['webhook', 'fallback', 'poll']),
  }),
  'message.status-reported.v1': event('message.status-reported.v1', {
    messageSid,
    status: z.string(),
    errorCode: z.int().optional(),
    /** True when the callback came over an attempt's own URL; the token itself stays in the inbox item. */
    attempted: z.boolean(),
    inboxKey: z.string(),
  }),
  'twilio-event.received.v1': event('twilio-event.received.v1', {
    /** CloudEvents id: Event Streams delivers at least once. */
    cloudEventId: z.string(),
    eventType: z.string(),
    resourceSid: z.string().optional(),
    inboxKey: z.string(),
  }),
  'debugger.reported.v1': event('debugger.reported.v1', {
    debuggerSid: z.string(),
    level: z.string(),
    errorCode: z.int().optional(),
    resourceSid: z.string().optional(),
    inboxKey: z.string(),
  }),
  'auto-response.decided.v1': event('auto-response.decided.v1', {
    messageSid,
    outcome: z.enum(['replied', 'silent']),
    reason: z.string(),
    intentId: z.string().optional(),
  }),
  'message.requested.v1': event('message.requested.v1', {
    ...intent,
    channel: z.string(),
    trafficClass: z.string(),
    pool: z.string(),
    requestedBy: z.string(),
    deadline: z.iso.datetime(),
    sendAt: z.iso.datetime().optional(),
    /** The inbound message that this one answers. */
    inReplyTo: z.string().optional(),
  }),
  'message.deferred.v1': event('message.deferred.v1', {
    ...intent,
    attempt: z.int(),
    reason: z.string(),
    notBefore: z.iso.datetime(),
  }),
  'message.accepted.v1': event('message.accepted.v1', {
    ...intent,
    attempt: z.int(),
    messageSid,
    evidence: z.enum(['response', 'callback', 'list']),
    armedAt: z.iso.datetime(),
    httpStatus: z.int().optional(),
    durationMilliseconds: z.number().optional(),
    /** Twilio-Request-Id of the answer, for Twilio's support. */
    twilioRequestId: z.string().optional(),
    /** Status that Twilio's answer named. */
    status: z.string().optional(),
  }),
  'message.rejected.v1': event('message.rejected.v1', {
    ...intent,
    attempt: z.int(),
    httpStatus: z.int(),
    errorCode: z.int(),
    armedAt: z.iso.datetime(),
    twilioRequestId: z.string().optional(),
  }),
  'message.outcome-unknown.v1': event('message.outcome-unknown.v1', {
    ...intent,
    attempt: z.int(),
    reason: z.string(),
    armedAt: z.iso.datetime(),
  }),
  /** The list matched another intent's message: stronger evidence took it away again. */
  'message.displaced.v1': event('message.displaced.v1', { ...intent, messageSid, reason: z.string() }),
  'message.parked.v1': event('message.parked.v1', { ...intent, attempt: z.int(), reason: z.string() }),
  /** An operator decided on a parked message. */
  'message.decided.v1': event('message.decided.v1', {
    ...intent,
    decision: z.enum(['resend', 'give-up']),
    /** API client of the operator. */
    decidedBy: z.string(),
    reason: z.string(),
  }),
  /** It might be sent, but not now: paused, or its pool's rate is used up. Told when the reason changes. */
  'message.held.v1': event('message.held.v1', { ...intent, reason: z.string(), notBefore: z.iso.datetime() }),
  'message.cancel-requested.v1': event('message.cancel-requested.v1', intent),
  'message.cancel-refused.v1': event('message.cancel-refused.v1', { ...intent, reason: z.string() }),
  'message.suppressed.v1': event('message.suppressed.v1', { ...intent, reason: z.string() }),
  'message.expired.v1': event('message.expired.v1', { ...intent, reason: z.string() }),
  'message.status-recorded.v1': event('message.status-recorded.v1', {
    messageSid,
    intentId: z.string().optional(),
    version: z.int(),
    /** The reported status. */
    status: z.string(),
    errorCode: z.int().optional(),
    /** Highest ranked status after the join. */
    state: z.string(),
    changed: z.boolean(),
    /** What the report changed, or why it changed nothing. */
    explanation: z.string(),
    /** When the callback was acknowledged. */
    receivedAt: z.iso.datetime(),
  }),
  'message.duplicate-detected.v1': event('message.duplicate-detected.v1', {
    ...intent,
    boundMessageSid: messageSid,
    otherMessageSid: messageSid,
  }),
  /** A day's messages of one account, compared with Twilio's list in both directions. */
  'ledger.audited.v1': event('ledger.audited.v1', {
    /** UTC. */
    date: z.iso.date(),
    /** Messages that Twilio's API was asked to send. */
    twilioMessages: z.int(),
    acceptedIntents: z.int(),
    unknownToUs: z.int(),
    missingAtTwilio: z.int(),
    /** Final states that no callback had told. */
    statusesRepaired: z.int(),
  }),
  /** An operator stopped everything, a traffic class or a pool. */
  'sending.paused.v1': event('sending.paused.v1', { ...sending, kind: z.enum(['pause', 'freeze']) }),
  'sending.resumed.v1': event('sending.resumed.v1', sending),
} as const;

export type EventType = keyof typeof EVENTS;
export const TrunklineEvent = z.discriminatedUnion('type', [
  EVENTS['message.received.v1'],
  EVENTS['message.status-reported.v1'],
  EVENTS['twilio-event.received.v1'],
  EVENTS['debugger.reported.v1'],
  EVENTS['auto-response.decided.v1'],
  EVENTS['message.requested.v1'],
  EVENTS['message.deferred.v1'],
  EVENTS['message.accepted.v1'],
  EVENTS['message.rejected.v1'],
  EVENTS['message.outcome-unknown.v1'],
  EVENTS['message.displaced.v1'],
  EVENTS['message.parked.v1'],
  EVENTS['message.decided.v1'],
  EVENTS['message.held.v1'],
  EVENTS['message.cancel-requested.v1'],
  EVENTS['message.cancel-refused.v1'],
  EVENTS['message.suppressed.v1'],
  EVENTS['message.expired.v1'],
  EVENTS['message.status-recorded.v1'],
  EVENTS['message.duplicate-detected.v1'],
  EVENTS['ledger.audited.v1'],
  EVENTS['sending.paused.v1'],
  EVENTS['sending.resumed.v1'],
]);
export type TrunklineEvent = z.infer<typeof TrunklineEvent>;
export type EventOf<Type extends EventType> = z.infer<(typeof EVENTS)[Type]>;
