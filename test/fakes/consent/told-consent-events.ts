import type { CONSENT_EVENTS } from '../../../functions/shared/contract/events/consent-events.ts';
import type { Description } from '../../../functions/timeline/domain/describe/description.ts';
import { CONTACT_ID, OTHER_CONTACT_ID } from './sample-consent-events.ts';

const MESSAGE_SID = `SM${'9'.repeat(32)}`;

/** How the sample events are told. */
export const TOLD_CONSENT: { readonly [Type in keyof typeof CONSENT_EVENTS]: Partial<Description> } = {
  'consent.reported.v1': {
    subject: CONTACT_ID,
    summary: "opt-out in force (everything) by Twilio's refusal (21610)",
    links: [['int_1', CONTACT_ID]],
  },
  'consent.opted-out.v1': {
    subject: CONTACT_ID,
    summary: 'opted out (everything) by a keyword',
    occurredAt: '2026-03-01T12:00:00.000Z',
    links: [[MESSAGE_SID, CONTACT_ID]],
  },
  'consent.opted-in.v1': {
    subject: CONTACT_ID,
    summary: 'opted in (everything) by an application',
    links: [],
  },
  'consent.noted.v1': {
    subject: CONTACT_ID,
    summary: 'opt-out (everything) by a keyword, without effect: opted out already',
    links: [[MESSAGE_SID, CONTACT_ID]],
  },
  'consent.review-opened.v1': {
    subject: CONTACT_ID,
    summary: 'held for review: it may be a revocation',
    links: [[MESSAGE_SID, CONTACT_ID]],
  },
  'consent.review-closed.v1': {
    subject: CONTACT_ID,
    summary: 'reviewed by operator-7: dismissed',
    links: [],
  },
  'contact.linked.v1': {
    subject: CONTACT_ID,
    summary: 'linked to another address by operator-7',
    links: [[CONTACT_ID, OTHER_CONTACT_ID]],
  },
  'contact.erased.v1': {
    subject: CONTACT_ID,
    summary: 'address erased by operator-7: asked for by mail',
    links: [],
  },
  'recipient.stopped.v1': {
    subject: CONTACT_ID,
    summary:
      'after the opt-out: 2 pending messages suppressed, 1 called off at Twilio; ' +
      'confirmed by trunkline (Twilio has no word like it)',
    links: [
      [MESSAGE_SID, CONTACT_ID],
      [CONTACT_ID, 'int_2'],
    ],
  },
};
