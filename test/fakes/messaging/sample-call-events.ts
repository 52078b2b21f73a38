import type { CALL_INTENT_EVENTS } from '../../../functions/shared/contract/events/call-intent-events.ts';
import type { EventOf } from '../../../functions/shared/contract/events.ts';
import { ACCOUNT } from './settings.ts';

export const CALL_INTENT_ID = 'int_0000000000000000000000000000ca11';
export const TEXT_INTENT_ID = 'int_000000000000000000000000000ca11f';

/** CallSid number n. */
export const callSidOf = (number: number): string => `CA${number.toString(16).padStart(32, '0')}`;

const envelope = (number: number) => ({
  id: `messaging/${CALL_INTENT_ID}/${number}/0`,
  time: `2026-03-01T13:00:${String(number).padStart(2, '0')}.000Z`,
  accountSid: ACCOUNT,
  correlationId: 'appointment-3',
});

const facts = (version: number, state: string) => ({ intentId: CALL_INTENT_ID, version, state });
const ARMED_AT = '2026-03-01T13:00:04.000Z';
const ATTEMPT = { attempt: 1, armedAt: ARMED_AT };

/** One event of every type about a call that we place, as the functions write them. */
export const SAMPLE_CALL_EVENTS: {
  readonly [Type in keyof typeof CALL_INTENT_EVENTS]: EventOf<Type>;
} = {
  'call.requested.v1': {
    ...envelope(1),
    type: 'call.requested.v1',
    data: {
      ...facts(1, 'PENDING'),
      trafficClass: 'transactional',
      pool: 'voice-transactional',
      flow: 'appointment-confirm',
      requestedBy: 'clinic',
      deadline: '2026-03-01T17:00:00.000Z',
      sendAt: '2026-03-01T13:00:00.000Z',
    },
  },
  'call.held.v1': {
    ...envelope(2),
    type: 'call.held.v1',
    data: { ...facts(2, 'PENDING'), reason: 'its pool places 1 call a second', notBefore: ARMED_AT },
  },
  'call.deferred.v1': {
    ...envelope(3),
    type: 'call.deferred.v1',
    data: { ...facts(3, 'PENDING'), attempt: 1, reason: 'slow down', notBefore: ARMED_AT },
  },
  'call.outcome-unknown.v1': {
    ...envelope(4),
    type: 'call.outcome-unknown.v1',
    data: { ...facts(4, 'UNKNOWN'), ...ATTEMPT, reason: 'timeout' },
  },
  'call.accepted.v1': {
    ...envelope(5),
    type: 'call.accepted.v1',
    data: { ...facts(5, 'ACCEPTED'), ...ATTEMPT, callSid: callSidOf(1), evidence: 'callback' },
  },
  'call.displaced.v1': {
    ...envelope(6),
    type: 'call.displaced.v1',
    data: {
      ...facts(6, 'UNKNOWN'),
      callSid: callSidOf(1),
      reason: 'the call that the list showed is another one',
    },
  },
  'call.rejected.v1': {
    ...envelope(7),
    type: 'call.rejected.v1',
    data: { ...facts(7, 'REJECTED'), ...ATTEMPT, httpStatus: 400, errorCode: 21_211 },
  },
  'call.parked.v1': {
    ...envelope(8),
    type: 'call.parked.v1',
    data: { ...facts(8, 'PARKED'), attempt: 1, reason: 'no evidence' },
  },
  'call.decided.v1': {
    ...envelope(9),
    type: 'call.decided.v1',
    data: { ...facts(9, 'PENDING'), decision: 'resend', decidedBy: 'ops', reason: 'it never rang' },
  },
  'call.cancel-requested.v1': {
    ...envelope(10),
    type: 'call.cancel-requested.v1',
    data: facts(10, 'ACCEPTED'),
  },
  'call.cancel-refused.v1': {
    ...envelope(11),
    type: 'call.cancel-refused.v1',
    data: { ...facts(11, 'ACCEPTED'), reason: 'somebody had answered' },
  },
  'call.suppressed.v1': {
    ...envelope(12),
    type: 'call.suppressed.v1',
    data: { ...facts(12, 'SUPPRESSED'), reason: 'canceled by the client' },
  },
  'call.expired.v1': {
    ...envelope(13),
    type: 'call.expired.v1',
    data: { ...facts(13, 'EXPIRED'), reason: 'its deadline passed before it could be sent' },
  },
  'call.status-recorded.v1': {
    ...envelope(14),
    type: 'call.status-recorded.v1',
    data: {
      intentId: CALL_INTENT_ID,
      version: 14,
      callSid: callSidOf(1),
      status: 'busy',
      sipResponseCode: 486,
      sequenceNumber: 2,
      state: 'busy',
      changed: true,
      explanation: 'ringing → busy',
      receivedAt: '2026-03-01T13:00:14.000Z',
    },
  },
  'call.duplicate-detected.v1': {
    ...envelope(15),
    type: 'call.duplicate-detected.v1',
    data: { ...facts(15, 'ACCEPTED'), boundCallSid: callSidOf(1), otherCallSid: callSidOf(2) },
  },
  'call.redial-planned.v1': {
    ...envelope(16),
    type: 'call.redial-planned.v1',
    data: {
      ...facts(16, 'PENDING'),
      callSid: callSidOf(1),
      status: 'busy',
      sipResponseCode: 486,
      attempt: 1,
      notBefore: '2026-03-01T13:10:16.000Z',
    },
  },
  'call.concluded.v1': {
    ...envelope(17),
    type: 'call.concluded.v1',
    data: {
      ...facts(17, 'ACCEPTED'),
      callSid: callSidOf(2),
      status: 'no-answer',
      reason: 'every attempt is used up',
      textIntentId: TEXT_INTENT_ID,
    },
  },
};
