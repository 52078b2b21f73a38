import type { NoAnswer } from './twilio-ledger.ts';

export interface CallName {
  readonly accountSid: string;
  readonly callSid: string;
}

/** A call as Twilio keeps it. Parties are numbers, `client:name` or SIP addresses. */
export interface TwilioCallRecord {
  readonly callSid: string;
  readonly status: string;
  readonly from: string;
  readonly to: string;
  readonly parentCallSid?: string;
  readonly durationSeconds?: number;
  readonly answeredBy?: string;
  /** Of the account's currency, negative as Twilio writes a charge; absent until it is known. */
  readonly price?: string;
  readonly priceUnit?: string;
}

/** Twilio's books on calls, read after the fact. No method throws for anything that Twilio or the network does. */
export interface TwilioCallRecords {
  /** Eventually consistent (https://www.twilio.com/docs/voice/api/call-resource): a fresh call may be absent. */
  fetchCall(
    name: CallName,
  ): Promise<
    { readonly kind: 'found'; readonly call: TwilioCallRecord } | { readonly kind: 'absent' } | NoAnswer
  >;
  /** Legs that the call made; the first page, at most 1,000. */
  listLegs(
    name: CallName,
  ): Promise<{ readonly kind: 'legs'; readonly legs: readonly TwilioCallRecord[] } | NoAnswer>;
}
