import * as z from 'zod';
import { event, messageSid } from './event.ts';
import { INTENT_FACTS, intent, NAMING_FACTS } from './intent-facts.ts';

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
    /** The intent whose message failed, and which this one tries again. */
    retryOf: z.string().optional(),
    campaign: z.string().optional(),
  }),
  'message.deferred.v1': event('message.deferred.v1', INTENT_FACTS.deferred),
  'message.accepted.v1': event('message.accepted.v1', { messageSid, ...NAMING_FACTS.accepted }),
  'message.rejected.v1': event('message.rejected.v1', INTENT_FACTS.rejected),
  'message.outcome-unknown.v1': event('message.outcome-unknown.v1', INTENT_FACTS.outcomeUnknown),
  /** The list matched another intent's message: stronger evidence took it away again. */
  'message.displaced.v1': event('message.displaced.v1', { messageSid, ...NAMING_FACTS.displaced }),
  'message.parked.v1': event('message.parked.v1', INTENT_FACTS.parked),
  'message.decided.v1': event('message.decided.v1', INTENT_FACTS.decided),
  'message.held.v1': event('message.held.v1', INTENT_FACTS.held),
  'message.cancel-requested.v1': event('message.cancel-requested.v1', INTENT_FACTS.cancelRequested),
  'message.cancel-refused.v1': event('message.cancel-refused.v1', INTENT_FACTS.cancelRefused),
  'message.suppressed.v1': event('message.suppressed.v1', INTENT_FACTS.suppressed),
  'message.expired.v1': event('message.expired.v1', INTENT_FACTS.expired),
  'message.status-recorded.v1': event('message.status-recorded.v1', {
    messageSid,
    ...NAMING_FACTS.statusRecorded,
  }),
  /** Twilio's last word is that nobody got it; told again when another error is named. */
  'message.failed.v1': event('message.failed.v1', {
    ...intent,
    messageSid,
    /** `failed` or `undelivered`. */
    status: z.string(),
    errorCode: z.int().optional(),
  }),
  'message.duplicate-detected.v1': event('message.duplicate-detected.v1', {
    ...intent,
    boundMessageSid: messageSid,
    otherMessageSid: messageSid,
  }),
} as const;
