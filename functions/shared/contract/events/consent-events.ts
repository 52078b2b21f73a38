import * as z from 'zod';
import { event } from './event.ts';

const record = {
  /** Keyed hash of the address. */
  contactId: z.string(),
  /** Names the record of the ledger: a MessageSid, an intent, the hash of a request. */
  recordId: z.string(),
  scope: z.string(),
  source: z.string(),
  occurredAt: z.iso.datetime(),
};

/** What people agreed to and took back. */
export const CONSENT_EVENTS = {
  /** The barrier stands already; the ledger has still to learn of it. */
  'consent.reported.v1': event('consent.reported.v1', record),
  'consent.opted-out.v1': event('consent.opted-out.v1', {
    ...record,
    /** Other addresses of the person that it covers. */
    linked: z.int(),
    /** The inbound message that said it. */
    messageSid: z.string().optional(),
    /** Messaging Service that the message came to. */
    messagingServiceSid: z.string().optional(),
    /** Twilio saw the same keyword. */
    answeredByTwilio: z.boolean().optional(),
  }),
  'consent.opted-in.v1': event('consent.opted-in.v1', record),
  /** Kept in the ledger, and changed nothing. */
  'consent.noted.v1': event('consent.noted.v1', { ...record, kind: z.string(), reason: z.string() }),
  /** A text that may have been a revocation: what is not essential is held until an operator has read it. */
  'consent.review-opened.v1': event('consent.review-opened.v1', {
    contactId: z.string(),
    messageSid: z.string().optional(),
    reason: z.string(),
  }),
  'consent.review-closed.v1': event('consent.review-closed.v1', {
    contactId: z.string(),
    decision: z.enum(['opted-out', 'dismissed']),
    /** API client of the operator. */
    by: z.string(),
  }),
  'contact.linked.v1': event('contact.linked.v1', {
    contactId: z.string(),
    linkedTo: z.string(),
    by: z.string(),
  }),
  'contact.erased.v1': event('contact.erased.v1', {
    contactId: z.string(),
    by: z.string(),
    reason: z.string(),
  }),
  /** What was pending for a person after an opt-out, and what became of it. */
  'recipient.stopped.v1': event('recipient.stopped.v1', {
    contactId: z.string(),
    recordId: z.string(),
    suppressed: z.int(),
    calledOff: z.int(),
    confirmedBy: z.enum(['twilio', 'trunkline', 'nobody']),
    reason: z.string(),
    intentId: z.string().optional(),
  }),
} as const;
