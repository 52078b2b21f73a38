import type { StatusStep } from './delivery-plan.ts';

/** A message that Twilio has: the truth. */
export interface LedgerMessage {
  readonly sid: string;
  readonly to: string;
  readonly body: string;
  readonly messagingServiceSid: string;
  /** Of the attempt, from the StatusCallback's path; absent for messages that are not ours. */
  readonly token?: string;
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
  /** When Twilio begins to send it: at once, or at its `SendAt`. */
  readonly startsAt: number;
  canceledAt?: number;
  /** When the list first shows it. */
  readonly listedAt: number;
  /** When the POST was answered. */
  answeredAt: number;
  /** What becomes of it; after a cancel, that. */
  plan: readonly StatusStep[];
  /** Reports whose callback was answered with 2xx. */
  readonly acknowledged: {
    readonly status: string;
    readonly errorCode?: number;
    readonly withToken: boolean;
  }[];
}

export interface InboundText {
  readonly sid: string;
  readonly from: string;
  readonly body: string;
  readonly sentAt: number;
  readonly listedAt: number;
  /** How many times a webhook of it was answered with 2xx. */
  acknowledgements: number;
}

/** What really happened at Twilio. */
export class Ledger {
  readonly messages = new Map<string, LedgerMessage>();
  readonly inbound = new Map<string, InboundText>();

  /** Messages by the token of the attempt that created them. */
  byToken(): ReadonlyMap<string, readonly LedgerMessage[]> {
    const found = new Map<string, LedgerMessage[]>();
    for (const message of this.messages.values()) {
      if (message.token === undefined) continue;
      found.set(message.token, [...(found.get(message.token) ?? []), message]);
    }
    return found;
  }
}
