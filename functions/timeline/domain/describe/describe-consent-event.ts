import type { CONSENT_EVENTS } from '../../../shared/contract/events/consent-events.ts';
import type { EventIn } from '../../../shared/contract/events.ts';
import { type Describe, type Description, defined, plural } from './description.ts';

const WORD_OF_SOURCE: Readonly<Record<string, string>> = {
  keyword: 'a keyword',
  'free-text': 'a text in free words',
  api: 'an application',
  import: 'an import',
  'twilio-21610': "Twilio's refusal (21610)",
  review: 'an operator',
  deactivation: 'the deactivation of the number',
};
const by = (source: string): string => WORD_OF_SOURCE[source] ?? source;

type Recorded = 'consent.opted-out.v1' | 'consent.opted-in.v1' | 'consent.noted.v1' | 'consent.reported.v1';

/** A contact has a story, and the message or request that changed it has another: each leads to the other. */
const recorded =
  (verb: string): Describe<Recorded> =>
  ({ data, correlationId }) => ({
    subject: data.contactId,
    summary:
      `${verb} (${data.scope}) by ${by(data.source)}` +
      ('reason' in data ? `, without effect: ${data.reason}` : ''),
    detail: defined(data),
    occurredAt: data.occurredAt,
    links: correlationId === data.contactId ? [] : [[correlationId, data.contactId]],
  });

const stopped: Describe<'recipient.stopped.v1'> = ({ data, correlationId }) => ({
  subject: data.contactId,
  summary:
    `after the opt-out: ${plural(data.suppressed, 'pending message')} suppressed, ` +
    `${data.calledOff} called off at Twilio; confirmed by ${data.confirmedBy} (${data.reason})`,
  detail: defined(data),
  links: [
    ...(correlationId === data.contactId ? [] : [[correlationId, data.contactId] as const]),
    ...(data.intentId === undefined ? [] : [[data.contactId, data.intentId] as const]),
  ],
});

const story = (contactId: string, summary: string, data: object): Description => ({
  subject: contactId,
  summary,
  detail: defined(data),
  links: [],
});

export function describeConsentEvent(event: EventIn<typeof CONSENT_EVENTS>): Description {
  switch (event.type) {
    case 'consent.reported.v1':
      return recorded('opt-out in force')(event);
    case 'consent.opted-out.v1':
      return recorded('opted out')(event);
    case 'consent.opted-in.v1':
      return recorded('opted in')(event);
    case 'consent.noted.v1':
      return recorded(event.data.kind)(event);
    case 'recipient.stopped.v1':
      return stopped(event);
    case 'consent.review-opened.v1':
      return {
        ...story(event.data.contactId, `held for review: ${event.data.reason}`, event.data),
        links: event.data.messageSid === undefined ? [] : [[event.data.messageSid, event.data.contactId]],
      };
    case 'consent.review-closed.v1':
      return story(event.data.contactId, `reviewed by ${event.data.by}: ${event.data.decision}`, event.data);
    case 'contact.linked.v1':
      return {
        ...story(event.data.contactId, `linked to another address by ${event.data.by}`, event.data),
        links: [[event.data.contactId, event.data.linkedTo]],
      };
    case 'contact.erased.v1':
      return story(
        event.data.contactId,
        `address erased by ${event.data.by}: ${event.data.reason}`,
        event.data,
      );
    default:
      return event satisfies never;
  }
}
