import * as z from 'zod';
import { recordingSid } from './call-report-events.ts';
import { callSid, event } from './event.ts';

const call = {
  callSid,
  /** Version of the call's record after this change. */
  version: z.int(),
  /** Highest ranked status of all reports. */
  state: z.string(),
};

const recording = {
  recordingSid,
  callSid: callSid.optional(),
  version: z.int(),
  explanation: z.string(),
};

/** What became of calls, their recordings and their tasks, folded from Twilio's reports in whatever order they came. */
export const CALL_RECORD_EVENTS = {
  'call.progressed.v1': event('call.progressed.v1', {
    ...call,
    /** The reported status. */
    status: z.string(),
    sequenceNumber: z.int().optional(),
    parentCallSid: callSid.optional(),
    durationSeconds: z.int().optional(),
    sipResponseCode: z.int().optional(),
    answeredBy: z.string().optional(),
    errorCode: z.int().optional(),
    /** What the report changed, or why it changed nothing. */
    explanation: z.string(),
    occurredAt: z.iso.datetime().optional(),
  }),
  /** Twilio's own record of the call was read: it repairs what callbacks missed, and knows the price. */
  'call.looked-up.v1': event('call.looked-up.v1', {
    ...call,
    found: z.boolean(),
    /** Of the account's currency; negative, as Twilio writes a charge. Absent until Twilio has it. */
    price: z.string().optional(),
    priceUnit: z.string().optional(),
    durationSeconds: z.int().optional(),
    /** Legs that the call made. */
    legs: z.int(),
    /** Callbacks that never came. */
    missingCallbacks: z.int(),
    /** Number of this look, from 1. */
    look: z.int(),
  }),
  /** The parties were told that the call is recorded, or agreed to it, before anything was recorded: the proof. */
  'call.notice-given.v1': event('call.notice-given.v1', {
    callSid,
    noticeId: z.string(),
    policyVersion: z.string(),
    consent: z.enum(['announced', 'key-press']),
    /** Presumed places of both ends, such as `US-CA`. */
    jurisdictions: z.array(z.string()),
  }),
  'task.progressed.v1': event('task.progressed.v1', {
    taskSid: z.string(),
    version: z.int(),
    /** pending, reserved, assigned, wrapping, completed, canceled, deleted. */
    state: z.string(),
    eventType: z.string(),
    /** Different reservations so far. */
    reservations: z.int(),
    callSid: callSid.optional(),
    reservationSid: z.string().optional(),
    workerSid: z.string().optional(),
    taskQueueSid: z.string().optional(),
    occurredAt: z.iso.datetime().optional(),
  }),
  /** What the law wants had been done before the recording began, and by what it is proved. */
  'recording.permitted.v1': event('recording.permitted.v1', {
    ...recording,
    required: z.string(),
    noticeId: z.string().optional(),
    policyVersion: z.string(),
    noticeGivenAt: z.iso.datetime().optional(),
    startedAt: z.iso.datetime().optional(),
  }),
  /** No proof came: it is withheld from everybody, or deleted, as the policy says. */
  'recording.quarantined.v1': event('recording.quarantined.v1', {
    ...recording,
    required: z.string(),
    policyVersion: z.string(),
    action: z.enum(['delete', 'quarantine']),
  }),
  /** Our encrypted copy was written, read back and compared. */
  'recording.copied.v1': event('recording.copied.v1', {
    ...recording,
    bytes: z.int(),
    /** SHA-256 of the media, hex. */
    sha256: z.string(),
    quarantined: z.boolean(),
  }),
  'recording.deleted.v1': event('recording.deleted.v1', {
    ...recording,
    where: z.enum(['twilio', 'trunkline']),
  }),
  /** Nothing was recorded: too short, silent, or failed at Twilio. */
  'recording.absent.v1': event('recording.absent.v1', {
    ...recording,
    status: z.string(),
    errorCode: z.int().optional(),
  }),
  /** A step fails again and again; it goes on being tried, an operator is told. */
  'recording.stuck.v1': event('recording.stuck.v1', {
    ...recording,
    step: z.enum(['look', 'copy', 'delete-at-twilio', 'erase']),
    tries: z.int(),
  }),
} as const;
