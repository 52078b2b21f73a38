import * as z from 'zod';
import { event, messageSid } from './event.ts';

/** What webhooks, and the polls that make up for them, brought in. */
export const RECEIVING_EVENTS = {
  'message.received.v1': event('message.received.v1', {
    messageSid,
    channel: z.enum(['sms', 'mms', 'whatsapp', 'rcs', 'other']),
    mediaCount: z.int(),
    segmentCount: z.int(),
    messagingServiceSid: z.string().optional(),
    /** Advanced Opt-Out's verdict, where Twilio gives one. */
    optOutType: z.string().optional(),
    /** What the text asks of us, by the keyword rules; absent where it is just a text. */
    keyword: z.enum(['stop', 'start', 'help', 'revocation', 'suspected']).optional(),
    /** Twilio's own keyword rules answer it. */
    answeredByTwilio: z.boolean().optional(),
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
} as const;
