import type { CALL_FLOW_EVENTS } from '../../../functions/shared/contract/events/call-flow-events.ts';
import type { EventOf } from '../../../functions/shared/contract/events.ts';

const CALL_SID = `CA${'c1'.repeat(16)}`;

const envelope = (step: number, ordinal = 0) => ({
  id: `voice/CALL#${CALL_SID}/${step}/${ordinal}`,
  time: `2026-03-01T12:30:${String(step).padStart(2, '0')}.000Z`,
  accountSid: 'AC00000000000000000000000000000001',
  correlationId: CALL_SID,
});

const inFlow = (step: number) => ({ callSid: CALL_SID, step, flow: 'support-line' });

/** One event of every type that the way of a call through its flow has. */
export const SAMPLE_CALL_FLOW_EVENTS: {
  readonly [Type in keyof typeof CALL_FLOW_EVENTS]: EventOf<Type>;
} = {
  'call.received.v1': {
    ...envelope(1),
    type: 'call.received.v1',
    data: { ...inFlow(1), flowHash: 'f00d'.repeat(16) },
  },
  'call.began.v1': {
    ...envelope(1, 1),
    type: 'call.began.v1',
    data: {
      ...inFlow(1),
      flowHash: 'f00d'.repeat(16),
      intentId: 'itn_call',
      attempt: 2,
      answeredBy: 'human',
    },
  },
  'call.step-taken.v1': {
    ...envelope(2),
    type: 'call.step-taken.v1',
    data: {
      ...inFlow(2),
      state: 'talk-to-a-person/ring',
      on: 'keys',
      keyPresses: 3,
      verbs: 'Say Dial',
    },
  },
  'call.reported.v1': {
    ...envelope(3),
    type: 'call.reported.v1',
    data: { ...inFlow(3), word: 'confirmed' },
  },
  'call.flow-ended.v1': {
    ...envelope(5),
    type: 'call.flow-ended.v1',
    data: { ...inFlow(5), outcome: 'voicemail-left' },
  },
};

/** What support reads of each. */
export const TOLD_CALL_FLOW_EVENTS = {
  'call.received.v1': {
    subject: CALL_SID,
    summary: 'call came in and entered the flow support-line',
    links: [],
  },
  'call.began.v1': {
    subject: CALL_SID,
    summary: 'attempt 2 was answered and entered the flow support-line; answered by human',
    links: [
      [CALL_SID, 'itn_call'],
      ['itn_call', CALL_SID],
    ],
  },
  'call.step-taken.v1': {
    subject: CALL_SID,
    summary: 'step 2, 3 key presses: talk-to-a-person/ring (Say Dial)',
    links: [],
  },
  'call.reported.v1': { subject: CALL_SID, summary: 'the caller decided: confirmed', links: [] },
  'call.flow-ended.v1': { subject: CALL_SID, summary: 'the flow ended: voicemail-left', links: [] },
} as const;
