import type { EventOf } from '../../shared/contract/events.ts';
import type { Claim } from './claim.ts';
import { counted, envelope, type Fields, named, only, type Received, timed } from './claim-parts.ts';
import { callOfTask, taskResource } from './task-grammar.ts';

interface ReceivedFields extends Received {
  readonly fields: Fields;
}

/**
 * One report of a call's progress. Twilio counts them per call from 0; the status callback of a number has no count, and
 * comes once.
 */
export const claimCallStatus = (received: ReceivedFields & { readonly attempted: boolean }): Claim => {
  const { fields, attempted } = received;
  const callSid = only(fields, 'CallSid');
  const status = only(fields, 'CallStatus');
  const sequenceNumber = counted('sequenceNumber', only(fields, 'SequenceNumber'));
  const key = `CS#${callSid}#${sequenceNumber.sequenceNumber ?? '-'}#${status}`;
  const event: EventOf<'call.status-reported.v1'> = {
    ...envelope(received, key, 0, callSid),
    type: 'call.status-reported.v1',
    data: {
      callSid,
      status,
      ...sequenceNumber,
      attempted,
      ...named('parentCallSid', only(fields, 'ParentCallSid')),
      ...named('direction', only(fields, 'Direction')),
      ...counted('durationSeconds', only(fields, 'CallDuration')),
      ...counted('sipResponseCode', only(fields, 'SipResponseCode')),
      ...named('answeredBy', only(fields, 'AnsweredBy')),
      ...counted('errorCode', only(fields, 'ErrorCode'), 1),
      ...timed('occurredAt', only(fields, 'Timestamp')),
      inboxKey: key,
    },
  };
  return { kind: 'call-status', key, events: [event] };
};

export const claimMachineDetection = (received: ReceivedFields): Claim => {
  const { fields } = received;
  const callSid = only(fields, 'CallSid');
  const key = `AMD#${callSid}`;
  const event: EventOf<'call.machine-detected.v1'> = {
    ...envelope(received, key, 0, callSid),
    type: 'call.machine-detected.v1',
    data: {
      callSid,
      answeredBy: only(fields, 'AnsweredBy'),
      ...counted('durationMilliseconds', only(fields, 'MachineDetectionDuration')),
      inboxKey: key,
    },
  };
  return { kind: 'machine-detection', key, events: [event] };
};

export const claimRecording = (received: ReceivedFields): Claim => {
  const { fields } = received;
  const recordingSid = only(fields, 'RecordingSid');
  const status = only(fields, 'RecordingStatus');
  const callSid = only(fields, 'CallSid');
  const key = `REC#${recordingSid}#${status}`;
  const event: EventOf<'recording.reported.v1'> = {
    ...envelope(received, key, 0, callSid || recordingSid),
    type: 'recording.reported.v1',
    data: {
      recordingSid,
      ...named('callSid', callSid),
      ...named('conferenceSid', only(fields, 'ConferenceSid')),
      status,
      ...counted('durationSeconds', only(fields, 'RecordingDuration')),
      ...counted('channels', only(fields, 'RecordingChannels')),
      ...named('source', only(fields, 'RecordingSource')),
      ...counted('errorCode', only(fields, 'ErrorCode'), 1),
      ...timed('startedAt', only(fields, 'RecordingStartTime')),
      inboxKey: key,
    },
  };
  return { kind: 'recording', key, events: [event] };
};

/** An event has a SID of its own; where it comes without, resource, type and time tell it from all others. */
export const claimTaskEvent = (received: ReceivedFields): Claim => {
  const { fields } = received;
  const eventType = only(fields, 'EventType');
  const time = only(fields, 'TimestampMs') || only(fields, 'Timestamp');
  const sid = only(fields, 'Sid');
  const key = sid === '' ? `TR#${taskResource(fields)}#${eventType}#${time || '-'}` : `TR#${sid}`;
  return { kind: 'task', key, events: [taskEvent(received, key, eventType)] };
};

/** The question for a reservation's instruction: it is answered from configuration, and remembered. */
export const claimAssignment = (received: ReceivedFields): Claim => {
  const key = `TR#${only(received.fields, 'ReservationSid')}#assignment#-`;
  return { kind: 'task', key, events: [taskEvent(received, key, 'assignment')] };
};

const taskEvent = (
  received: ReceivedFields,
  key: string,
  eventType: string,
): EventOf<'taskrouter.reported.v1'> => {
  const { fields } = received;
  const callSid = callOfTask(fields);
  const taskSid = only(fields, 'TaskSid');
  return {
    ...envelope(received, key, 0, callSid ?? (taskSid || (taskResource(fields) ?? key))),
    type: 'taskrouter.reported.v1',
    data: {
      eventType,
      ...named('taskSid', taskSid),
      ...named('reservationSid', only(fields, 'ReservationSid')),
      ...named('workerSid', only(fields, 'WorkerSid')),
      ...named('taskQueueSid', only(fields, 'TaskQueueSid')),
      ...named('workflowSid', only(fields, 'WorkflowSid')),
      ...named('workspaceSid', only(fields, 'WorkspaceSid')),
      ...named('callSid', callSid),
      ...timed('occurredAt', only(fields, 'TimestampMs') || only(fields, 'Timestamp')),
      inboxKey: key,
    },
  };
};
