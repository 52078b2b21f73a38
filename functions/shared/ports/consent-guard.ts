import type { SendChannel } from '../contract/settings.ts';
import type { WriteAction } from './table-client.ts';

/** A would-be send, as far as consent goes. */
export interface ConsentQuery {
  readonly accountSid: string;
  readonly channel: SendChannel | 'voice';
  /** E.164, or an opaque id of the channel; a channel's prefix is not part of it. */
  readonly address: string;
  readonly trafficClass: string;
  readonly messagingServiceSid?: string;
  readonly topic?: string;
  /** The one message that an opt-out does not forbid. */
  readonly purpose?: 'opt-out-confirmation';
}

/** What was read of one item that `checks` rests on. */
export interface SeenGuard {
  readonly contactId: string;
  readonly scope: string;
  /** Absent: the item did not exist. */
  readonly stamp?: string;
}

export interface ConsentFacts {
  /**
   * Over all linked addresses and every scope that the send falls under: `opted-out` beats `suspected` (a text that may have been a
   * revocation is in review) beats `opted-in` beats `none`.
   */
  readonly standing: 'opted-in' | 'opted-out' | 'suspected' | 'none';
  /** The scope that decided. */
  readonly scope?: string;
  /** Epoch milliseconds: since when. */
  readonly since?: number;
  /** Opaque id of the address; safe to log. */
  readonly contactId: string;
  readonly seen: readonly SeenGuard[];
}

/** Consent at the moment of sending (protocols: 3). A STOP that commits before an arm prevents it. */
export interface ConsentGuard {
  /** Read strongly. @throws StoreUnavailableError, SecretUnavailableError: then nothing is sent */
  read(query: ConsentQuery): Promise<ConsentFacts>;
  /**
   * Joins the arming transaction, one action per linked address: each fails if anything that `read` saw of that address
   * has changed since. Facts whose checks failed must be read and judged anew.
   */
  checks(facts: ConsentFacts): readonly WriteAction[];
  /** Twilio refused the address as opted out (21610): joins the transaction that records the refusal. */
  refusedByTwilio(refusal: {
    readonly query: ConsentQuery;
    readonly facts: ConsentFacts;
    /** Intent or MessageSid whose refusal it was. */
    readonly evidenceId: string;
    /** Epoch milliseconds. */
    readonly at: number;
  }): readonly WriteAction[];
}
