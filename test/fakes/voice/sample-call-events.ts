import type { CALL_RECORD_EVENTS } from '../../../functions/shared/contract/events/call-record-events.ts';
import type { CALL_REPORT_EVENTS } from '../../../functions/shared/contract/events/call-report-events.ts';
import type { EventOf } from '../../../functions/shared/contract/events.ts';

export const CALL_SID = `CA${'1'.repeat(32)}`;
export const RECORDING_SID = `RE${'2'.repeat(32)}`;
export const PARENT_SID = `CA${'6'.repeat(32)}`;
export const TASK_SID = `WT${'5'.repeat(32)}`;

const envelope = (number: number) => ({
  id: `inbox/${CALL_SID}/${number}/0`,
  time: `2026-03-01T12:00:${number}.000Z`,
  accountSid: `AC${'0123456789abcdef'.repeat(2)}`,
  correlationId: CALL_SID,
});

/** One event of every type that a webhook of a call gives rise to. */
export const SAMPLE_CALL_REPORTS: {
  readonly [Type in keyof typeof CALL_REPORT_EVENTS]: EventOf<Type>;
} = {
  'call.status-reported.v1': {
    ...envelope(41),
    type: 'call.status-reported.v1',
    data: {
      callSid: CALL_SID,
      status: 'busy',
      sequenceNumber: 2,
      attempted: true,
      direction: 'outbound-api',
      durationSeconds: 0,
      sipResponseCode: 486,
      occurredAt: '2022-05-07T14:30:14.000Z',
      inboxKey: `CS#${CALL_SID}#2#busy`,
    },
  },
  'call.machine-detected.v1': {
    ...envelope(42),
    type: 'call.machine-detected.v1',
    data: {
      callSid: CALL_SID,
      answeredBy: 'machine_end_beep',
      durationMilliseconds: 3500,
      inboxKey: `AMD#${CALL_SID}`,
    },
  },
  'recording.reported.v1': {
    ...envelope(43),
    type: 'recording.reported.v1',
    data: {
      recordingSid: RECORDING_SID,
      callSid: CALL_SID,
      status: 'completed',
      durationSeconds: 12,
      channels: 2,
      source: 'DialVerb',
      startedAt: '2021-07-29T06:59:25.000Z',
      inboxKey: `REC#${RECORDING_SID}#completed`,
    },
  },
  'taskrouter.reported.v1': {
    ...envelope(44),
    type: 'taskrouter.reported.v1',
    data: {
      eventType: 'reservation.accepted',
      taskSid: TASK_SID,
      reservationSid: `WR${'3'.repeat(32)}`,
      callSid: CALL_SID,
      occurredAt: '2026-03-01T12:00:00.000Z',
      inboxKey: `TR#EV${'4'.repeat(32)}`,
    },
  },
};

const recording = { recordingSid: RECORDING_SID, callSid: CALL_SID, version: 2 };

/** One event of every type that the records of calls give rise to. */
export const SAMPLE_CALL_RECORDS: {
  readonly [Type in keyof typeof CALL_RECORD_EVENTS]: EventOf<Type>;
} = {
  'call.progressed.v1': {
    ...envelope(45),
    type: 'call.progressed.v1',
    data: {
      callSid: CALL_SID,
      version: 3,
      state: 'busy',
      status: 'busy',
      sequenceNumber: 2,
      parentCallSid: PARENT_SID,
      sipResponseCode: 486,
      explanation: 'ringing → busy',
      occurredAt: '2022-05-07T14:30:14.000Z',
    },
  },
  'call.looked-up.v1': {
    ...envelope(46),
    type: 'call.looked-up.v1',
    data: {
      callSid: CALL_SID,
      version: 4,
      state: 'completed',
      found: true,
      price: '-0.0085',
      priceUnit: 'USD',
      legs: 1,
      missingCallbacks: 2,
      look: 1,
    },
  },
  'call.notice-given.v1': {
    ...envelope(47),
    type: 'call.notice-given.v1',
    data: {
      callSid: CALL_SID,
      noticeId: 'announcement-en',
      policyVersion: '2026-11-1',
      consent: 'announced',
      jurisdictions: ['US', 'US-CA'],
    },
  },
  'task.progressed.v1': {
    ...envelope(48),
    type: 'task.progressed.v1',
    data: {
      taskSid: TASK_SID,
      version: 2,
      state: 'assigned',
      eventType: 'reservation.accepted',
      reservations: 1,
      callSid: CALL_SID,
      occurredAt: '2026-03-01T12:00:00.000Z',
    },
  },
  'recording.permitted.v1': {
    ...envelope(49),
    type: 'recording.permitted.v1',
    data: { ...recording, required: 'notice', policyVersion: '2026-11-1', explanation: 'announced before' },
  },
  'recording.quarantined.v1': {
    ...envelope(50),
    type: 'recording.quarantined.v1',
    data: {
      ...recording,
      required: 'notice',
      policyVersion: '2026-11-1',
      action: 'quarantine',
      explanation: 'no proof came',
    },
  },
  'recording.copied.v1': {
    ...envelope(51),
    type: 'recording.copied.v1',
    data: { ...recording, bytes: 9, sha256: 'a'.repeat(64), quarantined: false, explanation: 'copied' },
  },
  'recording.deleted.v1': {
    ...envelope(52),
    type: 'recording.deleted.v1',
    data: { ...recording, where: 'twilio', explanation: 'deleted at Twilio' },
  },
  'recording.absent.v1': {
    ...envelope(53),
    type: 'recording.absent.v1',
    data: { ...recording, status: 'absent', errorCode: 16101, explanation: 'nothing was recorded' },
  },
  'recording.stuck.v1': {
    ...envelope(54),
    type: 'recording.stuck.v1',
    data: { ...recording, step: 'copy', tries: 5, explanation: 'copy fails' },
  },
};
