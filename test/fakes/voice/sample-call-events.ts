import type { CALL_REPORT_EVENTS } from '../../../functions/shared/contract/events/call-report-events.ts';
import type { EventOf } from '../../../functions/shared/contract/events.ts';

export const CALL_SID = `CA${'1'.repeat(32)}`;
export const RECORDING_SID = `RE${'2'.repeat(32)}`;
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
