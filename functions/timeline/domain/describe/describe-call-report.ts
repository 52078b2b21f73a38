import type { CALL_REPORT_EVENTS } from '../../../shared/contract/events/call-report-events.ts';
import type { EventIn } from '../../../shared/contract/events.ts';
import { type Describe, type Description, defined } from './description.ts';

const withError = (errorCode: number | undefined): string =>
  errorCode === undefined ? '' : ` (error ${errorCode})`;

const status: Describe<'call.status-reported.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary: `callback '${data.status}'${withError(data.errorCode)} received, signature verified`,
  detail: defined(data),
  ...(data.occurredAt === undefined ? {} : { occurredAt: data.occurredAt }),
  links: [],
});

const machine: Describe<'call.machine-detected.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary:
    `answered by ${data.answeredBy}, Twilio's detection says` +
    (data.durationMilliseconds === undefined ? '' : ` after ${data.durationMilliseconds} ms`),
  detail: defined(data),
  links: [],
});

const recording: Describe<'recording.reported.v1'> = ({ data }) => ({
  subject: data.recordingSid,
  summary: `callback '${data.status}'${withError(data.errorCode)} received, signature verified`,
  detail: defined(data),
  links: data.callSid === undefined ? [] : [[data.callSid, data.recordingSid]],
});

const task: Describe<'taskrouter.reported.v1'> = ({ data, correlationId }) => ({
  subject: data.taskSid ?? correlationId,
  summary: `TaskRouter: ${data.eventType}`,
  detail: defined(data),
  ...(data.occurredAt === undefined ? {} : { occurredAt: data.occurredAt }),
  links: data.callSid === undefined || data.taskSid === undefined ? [] : [[data.callSid, data.taskSid]],
});

export function describeCallReport(event: EventIn<typeof CALL_REPORT_EVENTS>): Description {
  switch (event.type) {
    case 'call.status-reported.v1':
      return status(event);
    case 'call.machine-detected.v1':
      return machine(event);
    case 'recording.reported.v1':
      return recording(event);
    case 'taskrouter.reported.v1':
      return task(event);
    default:
      return event satisfies never;
  }
}
