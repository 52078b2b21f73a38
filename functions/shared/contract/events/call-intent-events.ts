import * as z from 'zod';
import { callSid, event } from './event.ts';
import { INTENT_FACTS, intent, NAMING_FACTS } from './intent-facts.ts';

const ending = {
  /** How the call ended. */
  status: z.string(),
  sipResponseCode: z.int().optional(),
};

/** The life of a call that we place, from its request to what follows its end. */
export const CALL_INTENT_EVENTS = {
  'call.requested.v1': event('call.requested.v1', {
    ...intent,
    trafficClass: z.string(),
    pool: z.string(),
    flow: z.string(),
    requestedBy: z.string(),
    deadline: z.iso.datetime(),
    sendAt: z.iso.datetime().optional(),
  }),
  'call.deferred.v1': event('call.deferred.v1', INTENT_FACTS.deferred),
  'call.accepted.v1': event('call.accepted.v1', { callSid, ...NAMING_FACTS.accepted }),
  'call.rejected.v1': event('call.rejected.v1', INTENT_FACTS.rejected),
  'call.outcome-unknown.v1': event('call.outcome-unknown.v1', INTENT_FACTS.outcomeUnknown),
  /** The list matched another intent's call: stronger evidence took it away again. */
  'call.displaced.v1': event('call.displaced.v1', { callSid, ...NAMING_FACTS.displaced }),
  'call.parked.v1': event('call.parked.v1', INTENT_FACTS.parked),
  'call.decided.v1': event('call.decided.v1', INTENT_FACTS.decided),
  'call.held.v1': event('call.held.v1', INTENT_FACTS.held),
  'call.cancel-requested.v1': event('call.cancel-requested.v1', INTENT_FACTS.cancelRequested),
  'call.cancel-refused.v1': event('call.cancel-refused.v1', INTENT_FACTS.cancelRefused),
  'call.suppressed.v1': event('call.suppressed.v1', INTENT_FACTS.suppressed),
  'call.expired.v1': event('call.expired.v1', INTENT_FACTS.expired),
  'call.status-recorded.v1': event('call.status-recorded.v1', {
    callSid,
    ...NAMING_FACTS.statusRecorded,
    sipResponseCode: z.int().optional(),
    sequenceNumber: z.int().optional(),
  }),
  'call.duplicate-detected.v1': event('call.duplicate-detected.v1', {
    ...intent,
    boundCallSid: callSid,
    otherCallSid: callSid,
  }),
  /** It reached nobody, and is placed again. */
  'call.redial-planned.v1': event('call.redial-planned.v1', {
    ...intent,
    callSid,
    ...ending,
    attempt: z.int(),
    notBefore: z.iso.datetime(),
  }),
  /** It reached nobody, and is not placed again; a text takes its place where one was asked for. */
  'call.concluded.v1': event('call.concluded.v1', {
    ...intent,
    callSid,
    ...ending,
    reason: z.string(),
    /** The intent of that text. */
    textIntentId: z.string().optional(),
  }),
} as const;
