import type { CALL_RECORD_EVENTS } from '../../../functions/shared/contract/events/call-record-events.ts';
import type { Description } from '../../../functions/timeline/domain/describe/description.ts';
import { CALL_SID, PARENT_SID, RECORDING_SID, TASK_SID } from '../../fakes/voice/sample-call-events.ts';

export const TOLD_OF_CALL_RECORDS: {
  readonly [Type in keyof typeof CALL_RECORD_EVENTS]: Partial<Description>;
} = {
  'call.progressed.v1': {
    subject: CALL_SID,
    summary: "callback 2 'busy' of a leg: ringing → busy; SIP 486",
    state: 'busy',
    occurredAt: '2022-05-07T14:30:14.000Z',
    links: [
      [PARENT_SID, CALL_SID],
      [CALL_SID, PARENT_SID],
    ],
  },
  'call.looked-up.v1': {
    subject: CALL_SID,
    summary: "Twilio's record: completed, price -0.0085 USD, 1 leg; 2 callbacks never came",
    state: 'completed',
    links: [],
  },
  'call.notice-given.v1': {
    subject: CALL_SID,
    summary: 'recording announced: notice announcement-en of policy 2026-11-1, for US and US-CA',
    links: [],
  },
  'task.progressed.v1': {
    subject: TASK_SID,
    summary: 'task assigned by reservation.accepted, 1 reservation',
    state: 'assigned',
    occurredAt: '2026-03-01T12:00:00.000Z',
    links: [[CALL_SID, TASK_SID]],
  },
  'recording.permitted.v1': {
    subject: RECORDING_SID,
    summary: 'announced before',
    state: 'permitted',
    links: [[CALL_SID, RECORDING_SID]],
  },
  'recording.quarantined.v1': {
    subject: RECORDING_SID,
    summary: 'no proof came',
    state: 'quarantined',
    links: [[CALL_SID, RECORDING_SID]],
  },
  'recording.copied.v1': {
    subject: RECORDING_SID,
    summary: 'copied',
    state: 'kept',
    links: [[CALL_SID, RECORDING_SID]],
  },
  'recording.deleted.v1': {
    subject: RECORDING_SID,
    summary: 'deleted at Twilio',
    links: [[CALL_SID, RECORDING_SID]],
  },
  'recording.absent.v1': {
    subject: RECORDING_SID,
    summary: 'nothing was recorded',
    state: 'absent',
    links: [[CALL_SID, RECORDING_SID]],
  },
  'recording.stuck.v1': {
    subject: RECORDING_SID,
    summary: 'copy fails',
    links: [[CALL_SID, RECORDING_SID]],
  },
};
