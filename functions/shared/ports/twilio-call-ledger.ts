import type { NoAnswer } from './twilio-ledger.ts';

/** A call as Twilio keeps it. */
export interface TwilioCall {
  readonly callSid: string;
  readonly accountSid: string;
  /** `inbound`, `outbound-api`, `outbound-dial`, and whatever word Twilio adds. */
  readonly direction: string;
  readonly to: string;
  readonly from: string;
  readonly status: string;
  /** Epoch milliseconds; Twilio gives whole seconds. */
  readonly createdAt: number;
}

export interface ListCalls {
  readonly accountSid: string;
  readonly to: string;
  readonly from: string;
  /** 1 to 1000 (vendor limit). */
  readonly pageSize: number;
  /** `nextPage` of an earlier answer to the same question. */
  readonly page?: string;
}

export interface CallName {
  readonly accountSid: string;
  readonly callSid: string;
}

/** What Twilio knows of calls. No method throws for anything that Twilio or the network does. */
export interface TwilioCallLedger {
  /** Newest first. The list lags behind: absence from it proves nothing for minutes. */
  listCalls(
    list: ListCalls,
  ): Promise<
    { readonly kind: 'page'; readonly calls: readonly TwilioCall[]; readonly nextPage?: string } | NoAnswer
  >;
  fetchCall(
    name: CallName,
  ): Promise<{ readonly kind: 'found'; readonly call: TwilioCall } | { readonly kind: 'absent' } | NoAnswer>;
  /**
   * Cancels a call that nobody has answered; one request, never repeated. The call that comes back may not show it yet.
   * `too-late` names why Twilio refused (21220: somebody answered, or it is over).
   */
  cancelCall(
    name: CallName,
  ): Promise<
    | { readonly kind: 'asked'; readonly call: TwilioCall }
    | { readonly kind: 'too-late'; readonly errorCode: number }
    | { readonly kind: 'absent' }
    | NoAnswer
  >;
}
