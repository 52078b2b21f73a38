import type { CALL_RECORD_EVENTS } from '../../../shared/contract/events/call-record-events.ts';
import type { EventIn } from '../../../shared/contract/events.ts';
import { type Describe, type Description, defined, plural } from './description.ts';

const facts = ({
  durationSeconds,
  sipResponseCode,
  answeredBy,
  errorCode,
}: {
  readonly durationSeconds?: number | undefined;
  readonly sipResponseCode?: number | undefined;
  readonly answeredBy?: string | undefined;
  readonly errorCode?: number | undefined;
}): string =>
  [
    durationSeconds === undefined ? [] : [`${durationSeconds} s`],
    sipResponseCode === undefined ? [] : [`SIP ${sipResponseCode}`],
    answeredBy === undefined ? [] : [`answered by ${answeredBy}`],
    errorCode === undefined ? [] : [`error ${errorCode}`],
  ]
    .flat()
    .map((fact) => `; ${fact}`)
    .join('');

/** A leg belongs to the story of the call that made it, and has its own. */
const progressed: Describe<'call.progressed.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary:
    `callback ${data.sequenceNumber === undefined ? '' : `${data.sequenceNumber} `}'${data.status}'` +
    `${data.parentCallSid === undefined ? '' : ' of a leg'}: ${data.explanation}${facts(data)}`,
  detail: defined(data),
  state: data.state,
  ...(data.occurredAt === undefined ? {} : { occurredAt: data.occurredAt }),
  links:
    data.parentCallSid === undefined
      ? []
      : [
          [data.parentCallSid, data.callSid],
          [data.callSid, data.parentCallSid],
        ],
});

const lookedUp: Describe<'call.looked-up.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary: data.found
    ? `Twilio's record: ${data.state}` +
      (data.price === undefined ? ', price not known yet' : `, price ${data.price} ${data.priceUnit ?? ''}`) +
      (data.legs === 0 ? '' : `, ${plural(data.legs, 'leg')}`) +
      (data.missingCallbacks === 0 ? '' : `; ${plural(data.missingCallbacks, 'callback')} never came`)
    : 'Twilio has no record of this call',
  detail: defined(data),
  state: data.state,
  links: [],
});

const noticeGiven: Describe<'call.notice-given.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary:
    `${data.consent === 'key-press' ? 'recording agreed to by a key' : 'recording announced'}: ` +
    `notice ${data.noticeId} of policy ${data.policyVersion}, for ${data.jurisdictions.join(' and ') || 'an unknown place'}`,
  detail: { ...defined(data), jurisdictions: data.jurisdictions.join(' ') },
  links: [],
});

const task: Describe<'task.progressed.v1'> = ({ data }) => ({
  subject: data.taskSid,
  summary: `task ${data.state} by ${data.eventType}, ${plural(data.reservations, 'reservation')}`,
  detail: defined(data),
  state: data.state,
  ...(data.occurredAt === undefined ? {} : { occurredAt: data.occurredAt }),
  links: data.callSid === undefined ? [] : [[data.callSid, data.taskSid]],
});

type RecordingEvent = Extract<EventIn<typeof CALL_RECORD_EVENTS>, { readonly type: `recording.${string}` }>;

const recording = (event: RecordingEvent, state?: string): Description => ({
  subject: event.data.recordingSid,
  summary: event.data.explanation,
  detail: defined(event.data),
  ...(state === undefined ? {} : { state }),
  links: event.data.callSid === undefined ? [] : [[event.data.callSid, event.data.recordingSid]],
});

export function describeCallRecord(event: EventIn<typeof CALL_RECORD_EVENTS>): Description {
  switch (event.type) {
    case 'call.progressed.v1':
      return progressed(event);
    case 'call.looked-up.v1':
      return lookedUp(event);
    case 'call.notice-given.v1':
      return noticeGiven(event);
    case 'task.progressed.v1':
      return task(event);
    case 'recording.permitted.v1':
      return recording(event, 'permitted');
    case 'recording.quarantined.v1':
      return recording(event, event.data.action === 'delete' ? 'refused' : 'quarantined');
    case 'recording.copied.v1':
      return recording(event, event.data.quarantined ? 'quarantined' : 'kept');
    case 'recording.deleted.v1':
      return recording(event, event.data.where === 'trunkline' ? 'deleted' : undefined);
    case 'recording.absent.v1':
      return recording(event, 'absent');
    case 'recording.stuck.v1':
      return recording(event);
    default:
      return event satisfies never;
  }
}
