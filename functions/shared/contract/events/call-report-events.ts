import * as z from 'zod';
import { callSid, event } from './event.ts';

export const recordingSid = z.string().regex(/^RE[0-9a-f]{32}$/);

/** What Twilio's asynchronous voice webhooks brought in; each names the inbox item that keeps what it said. */
export const CALL_REPORT_EVENTS = {
  'call.status-reported.v1': event('call.status-reported.v1', {
    callSid,
    /** As Twilio wrote it; a word that nobody knows is passed on. */
    status: z.string(),
    /** Counted per call from 0, in the order in which things happened; a number's own status callback has none. */
    sequenceNumber: z.int().optional(),
    /** True when the callback came over an attempt's own URL; the token itself stays in the inbox item. */
    attempted: z.boolean(),
    parentCallSid: callSid.optional(),
    direction: z.string().optional(),
    durationSeconds: z.int().optional(),
    sipResponseCode: z.int().optional(),
    answeredBy: z.string().optional(),
    errorCode: z.int().optional(),
    /** By Twilio's clock, whole seconds. */
    occurredAt: z.iso.datetime().optional(),
    inboxKey: z.string(),
  }),
  'call.machine-detected.v1': event('call.machine-detected.v1', {
    callSid,
    /** human, machine_start, machine_end_beep, machine_end_silence, machine_end_other, fax, unknown. */
    answeredBy: z.string(),
    durationMilliseconds: z.int().optional(),
    inboxKey: z.string(),
  }),
  'recording.reported.v1': event('recording.reported.v1', {
    recordingSid,
    /** Absent for a conference's recording. */
    callSid: callSid.optional(),
    conferenceSid: z.string().optional(),
    status: z.string(),
    durationSeconds: z.int().optional(),
    channels: z.int().optional(),
    source: z.string().optional(),
    errorCode: z.int().optional(),
    startedAt: z.iso.datetime().optional(),
    inboxKey: z.string(),
  }),
  'taskrouter.reported.v1': event('taskrouter.reported.v1', {
    /** `reservation.accepted` and so on; `assignment` for the question which instruction a reservation gets. */
    eventType: z.string(),
    taskSid: z.string().optional(),
    reservationSid: z.string().optional(),
    workerSid: z.string().optional(),
    taskQueueSid: z.string().optional(),
    workflowSid: z.string().optional(),
    workspaceSid: z.string().optional(),
    /** The call that the task stands for, where its attributes name one. */
    callSid: callSid.optional(),
    occurredAt: z.iso.datetime().optional(),
    inboxKey: z.string(),
  }),
} as const;
