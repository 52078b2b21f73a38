import * as z from 'zod';
import { event } from './event.ts';

const sending = {
  /** Version of the sending control after this change. */
  version: z.int(),
  /** Of everything after this change. */
  state: z.enum(['running', 'paused', 'frozen']),
  /** `all`, `class:<traffic class>` or `pool:<name>`. */
  scope: z.string(),
  /** API client of the operator. */
  by: z.string(),
  reason: z.string(),
};

/** Sending as a whole: what operators stopped, and what the audit of a day found. */
export const SENDING_EVENTS = {
  /** A day's messages of one account, compared with Twilio's list in both directions. */
  'ledger.audited.v1': event('ledger.audited.v1', {
    /** UTC. */
    date: z.iso.date(),
    /** Messages that Twilio's API was asked to send. */
    twilioMessages: z.int(),
    acceptedIntents: z.int(),
    unknownToUs: z.int(),
    missingAtTwilio: z.int(),
    /** Final states that no callback had told. */
    statusesRepaired: z.int(),
  }),
  /** An operator stopped everything, a traffic class or a pool. */
  'sending.paused.v1': event('sending.paused.v1', { ...sending, kind: z.enum(['pause', 'freeze']) }),
  'sending.resumed.v1': event('sending.resumed.v1', sending),
} as const;
