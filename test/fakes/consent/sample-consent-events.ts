import type { CONSENT_EVENTS } from '../../../functions/shared/contract/events/consent-events.ts';
import type { EventOf } from '../../../functions/shared/contract/events.ts';

export const CONTACT_ID = 'con_0123456789abcdef0123456789abcdef';
export const OTHER_CONTACT_ID = 'con_f123456789abcdef0123456789abcdef';
const MESSAGE_SID = `SM${'9'.repeat(32)}`;

const envelope = (number: number, correlationId: string = MESSAGE_SID) => ({
  id: `consent/RECORD#${MESSAGE_SID}/1/${number}`,
  time: '2026-03-01T12:00:01.000Z',
  accountSid: `AC${'0'.repeat(31)}1`,
  correlationId,
});

const record = {
  contactId: CONTACT_ID,
  recordId: MESSAGE_SID,
  scope: 'everything',
  source: 'keyword',
  occurredAt: '2026-03-01T12:00:00.000Z',
};

/** One event of every type that tells of consent. */
export const SAMPLE_CONSENT_EVENTS: { readonly [Type in keyof typeof CONSENT_EVENTS]: EventOf<Type> } = {
  'consent.reported.v1': {
    ...envelope(1, 'int_1'),
    type: 'consent.reported.v1',
    data: { ...record, recordId: 'int_1', source: 'twilio-21610' },
  },
  'consent.opted-out.v1': {
    ...envelope(2),
    type: 'consent.opted-out.v1',
    data: { ...record, linked: 1, messageSid: MESSAGE_SID, answeredByTwilio: true },
  },
  'consent.opted-in.v1': {
    ...envelope(3, CONTACT_ID),
    type: 'consent.opted-in.v1',
    data: { ...record, source: 'api' },
  },
  'consent.noted.v1': {
    ...envelope(4),
    type: 'consent.noted.v1',
    data: { ...record, kind: 'opt-out', reason: 'opted out already' },
  },
  'consent.review-opened.v1': {
    ...envelope(5),
    type: 'consent.review-opened.v1',
    data: { contactId: CONTACT_ID, messageSid: MESSAGE_SID, reason: 'it may be a revocation' },
  },
  'consent.review-closed.v1': {
    ...envelope(6, CONTACT_ID),
    type: 'consent.review-closed.v1',
    data: { contactId: CONTACT_ID, decision: 'dismissed', by: 'operator-7' },
  },
  'contact.linked.v1': {
    ...envelope(7, CONTACT_ID),
    type: 'contact.linked.v1',
    data: { contactId: CONTACT_ID, linkedTo: OTHER_CONTACT_ID, by: 'operator-7' },
  },
  'contact.erased.v1': {
    ...envelope(8, CONTACT_ID),
    type: 'contact.erased.v1',
    data: { contactId: CONTACT_ID, by: 'operator-7', reason: 'asked for by mail' },
  },
  'recipient.stopped.v1': {
    ...envelope(9),
    type: 'recipient.stopped.v1',
    data: {
      contactId: CONTACT_ID,
      recordId: MESSAGE_SID,
      suppressed: 2,
      calledOff: 1,
      confirmedBy: 'trunkline',
      reason: 'Twilio has no word like it',
      intentId: 'int_2',
    },
  },
};
