import * as z from 'zod';

/** What every event of an intent says of it. */
export const intent = {
  intentId: z.string(),
  /** Version of the intent after this change. */
  version: z.int(),
  state: z.string(),
};

/** What is told of messages and of calls in the same words: the data of `message.<fact>.v1` and of `call.<fact>.v1`. */
export const INTENT_FACTS = {
  deferred: { ...intent, attempt: z.int(), reason: z.string(), notBefore: z.iso.datetime() },
  rejected: {
    ...intent,
    attempt: z.int(),
    httpStatus: z.int(),
    errorCode: z.int(),
    armedAt: z.iso.datetime(),
    twilioRequestId: z.string().optional(),
  },
  outcomeUnknown: { ...intent, attempt: z.int(), reason: z.string(), armedAt: z.iso.datetime() },
  parked: { ...intent, attempt: z.int(), reason: z.string() },
  /** An operator decided on what was parked. */
  decided: {
    ...intent,
    decision: z.enum(['resend', 'give-up']),
    /** API client of the operator. */
    decidedBy: z.string(),
    reason: z.string(),
  },
  /** It might be sent, but not now: paused, or its pool's rate is used up. Told when the reason changes. */
  held: { ...intent, reason: z.string(), notBefore: z.iso.datetime() },
  cancelRequested: intent,
  cancelRefused: { ...intent, reason: z.string() },
  suppressed: { ...intent, reason: z.string() },
  expired: { ...intent, reason: z.string() },
};

/** What is told alike of what Twilio made, beside its MessageSid or CallSid. */
export const NAMING_FACTS = {
  accepted: {
    ...intent,
    attempt: z.int(),
    evidence: z.enum(['response', 'callback', 'list']),
    armedAt: z.iso.datetime(),
    httpStatus: z.int().optional(),
    durationMilliseconds: z.number().optional(),
    /** Twilio-Request-Id of the answer, for Twilio's support. */
    twilioRequestId: z.string().optional(),
    /** Status that Twilio's answer named. */
    status: z.string().optional(),
  },
  displaced: { ...intent, reason: z.string() },
  statusRecorded: {
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
  },
};
