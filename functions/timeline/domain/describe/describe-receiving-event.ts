import type { RECEIVING_EVENTS } from '../../../shared/contract/events/receiving-events.ts';
import type { EventIn } from '../../../shared/contract/events.ts';
import { type Describe, type Description, defined, plural } from './description.ts';

const ARRIVAL = {
  webhook: 'received by webhook, signature verified',
  fallback: 'received by fallback, signature verified',
  poll: "found in Twilio's list, its webhook never came",
} as const;

const received: Describe<'message.received.v1'> = ({ data }) => ({
  subject: data.messageSid,
  summary:
    `inbound ${data.channel.toUpperCase()} ${ARRIVAL[data.source]}, recorded once` +
    (data.mediaCount > 0 ? `; ${plural(data.mediaCount, 'attachment')}` : ''),
  detail: defined(data),
  state: 'received',
  links: [],
});

const twilioEvent: Describe<'twilio-event.received.v1'> = ({ data }) => ({
  subject: data.resourceSid ?? data.cloudEventId,
  summary: `Event Streams: ${data.eventType}`,
  detail: defined(data),
  links: [],
});

const debuggerReport: Describe<'debugger.reported.v1'> = ({ data }) => ({
  subject: data.resourceSid ?? data.debuggerSid,
  summary: `Twilio Debugger ${data.level}${data.errorCode === undefined ? '' : ` ${data.errorCode}`}`,
  detail: defined(data),
  links: [],
});

/** Told by its `message.status-recorded` too; kept for consumers that subscribe to it. */
const reported: Describe<'message.status-reported.v1'> = ({ data }) => ({
  subject: data.messageSid,
  summary: `callback '${data.status}' received, signature verified`,
  detail: defined(data),
  links: [],
});

export function describeReceivingEvent(event: EventIn<typeof RECEIVING_EVENTS>): Description {
  switch (event.type) {
    case 'message.received.v1':
      return received(event);
    case 'twilio-event.received.v1':
      return twilioEvent(event);
    case 'debugger.reported.v1':
      return debuggerReport(event);
    case 'message.status-reported.v1':
      return reported(event);
    default:
      return event satisfies never;
  }
}
