import * as z from 'zod';
import { event } from './event.ts';

const callSid = z.string().regex(/^CA[0-9a-f]{32}$/);
const word = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** What every event of a call in a flow says. */
const inFlow = {
  callSid,
  /** Version of the call's item after this step: the steps, counted. */
  step: z.int(),
  /** Flow in which the call began. */
  flow: word,
};

/** The way of a call through its flow, a step a webhook. Never digits, never speech: how many keys, not which. */
export const CALL_FLOW_EVENTS = {
  /** An inbound call came in and was answered. */
  'call.received.v1': event('call.received.v1', {
    ...inFlow,
    /** Hash of the flow's content: the version that the call stays in. */
    flowHash: z.string(),
  }),
  /** Twilio fetched the first document of a call that we placed: strong evidence for the attempt with this token. */
  'call.began.v1': event('call.began.v1', {
    ...inFlow,
    flowHash: z.string(),
    intentId: z.string(),
    attempt: z.int(),
    answeredBy: z.enum(['human', 'machine', 'unknown']).optional(),
  }),
  'call.step-taken.v1': event('call.step-taken.v1', {
    ...inFlow,
    /** Where the call waits now: flow and state. */
    state: z.string(),
    /** What brought it there. */
    on: z.enum(['start', 'keys', 'speech', 'silence', 'dial', 'queue', 'recording', 'hang-up']),
    keyPresses: z.int().optional(),
    /** Twilio's word for how a dial or a wait in a queue ended. */
    result: z.string().optional(),
    /** TwiML verbs of the answer, in order, with spaces between them. */
    verbs: z.string(),
  }),
  /** A state of the flow put a word on record: what the caller decided. */
  'call.reported.v1': event('call.reported.v1', { ...inFlow, word, intentId: z.string().optional() }),
  /** The flow came to its end; the call's own end is told by its status callback. */
  'call.flow-ended.v1': event('call.flow-ended.v1', {
    ...inFlow,
    outcome: word,
    intentId: z.string().optional(),
  }),
} as const;
