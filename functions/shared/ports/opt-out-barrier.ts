import type { Put } from './table-client.ts';

/** A revocation as it came in. */
export interface Revocation {
  readonly accountSid: string;
  /** As Twilio gives it, channel prefix included. */
  readonly from: string;
  readonly channel: string;
  readonly messagingServiceSid?: string;
  readonly messageSid: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Drawn for this write. */
  readonly stamp: string;
}

/**
 * The write that opts the sender out, without a condition: it joins the claim of the message in one transaction, and is made
 * alone where that transaction cannot be had (protocols: 3). Throws SecretUnavailableError.
 */
export type OptOutBarrier = (revocation: Revocation) => Promise<Omit<Put, 'condition'>>;
