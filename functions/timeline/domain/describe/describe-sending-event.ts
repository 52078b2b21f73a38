import type { SENDING_EVENTS } from '../../../shared/contract/events/sending-events.ts';
import type { EventIn } from '../../../shared/contract/events.ts';
import { type Describe, type Description, defined, plural } from './description.ts';

const WORD_OF_PAUSE = { pause: 'paused', freeze: 'frozen' };

/** Sending itself has a story: who stopped what, when and why. */
const sendingChanged: Describe<'sending.paused.v1' | 'sending.resumed.v1'> = ({ data, ...event }) => ({
  subject: event.correlationId,
  summary: `${data.scope} ${'kind' in data ? WORD_OF_PAUSE[data.kind] : 'resumed'} by ${data.by}: ${data.reason}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const audited: Describe<'ledger.audited.v1'> = ({ data, correlationId }) => ({
  subject: correlationId,
  summary:
    `ledger of ${data.date}: ${plural(data.twilioMessages, 'message')} at Twilio, ` +
    `${plural(data.acceptedIntents, 'accepted intent')}; ${data.unknownToUs} unknown to us, ` +
    `${data.missingAtTwilio} missing at Twilio, statuses repaired: ${data.statusesRepaired}`,
  detail: defined(data),
  links: [],
});

export function describeSendingEvent(event: EventIn<typeof SENDING_EVENTS>): Description {
  switch (event.type) {
    case 'sending.paused.v1':
    case 'sending.resumed.v1':
      return sendingChanged(event);
    case 'ledger.audited.v1':
      return audited(event);
    default:
      return event satisfies never;
  }
}
