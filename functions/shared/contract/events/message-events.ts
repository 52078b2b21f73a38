import * as z from 'zod';
import { event, messageSid } from './event.ts';

const intent = {
  intentId: z.string(),
  /** Version of the intent after this change. */
  version: z.int(),
  state: z.string(),
};

/** The life of an outbound message, and what made it. */
export const MESSAGE_EVENTS = {
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
} as const;
