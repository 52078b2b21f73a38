/** A message as Twilio keeps it. Addresses carry their channel's prefix (`whatsapp:+1...`). */
export interface TwilioMessage {
  readonly messageSid: string;
  readonly accountSid: string;
  /** `inbound`, `outbound-api`, `outbound-call`, `outbound-reply`, and whatever word Twilio adds. */
  readonly direction: string;
  /** Empty once it was redacted. */
  readonly to: string;
  /** Absent while a Messaging Service has not chosen a sender. */
  readonly from?: string;
  readonly body: string;
  readonly status: string;
  readonly errorCode?: number;
  readonly messagingServiceSid?: string;
  readonly numMedia: number;
  readonly numSegments: number;
  /** Epoch milliseconds; Twilio gives whole seconds. */
  readonly createdAt: number;
  /** When Twilio sent it, or called the webhook of an inbound one; absent until then. */
  readonly sentAt?: number;
}

export interface TwilioMedia {
  readonly mediaSid: string;
  readonly contentType: string;
  /** As a webhook names it; asks for credentials. */
  readonly url: string;
}

/** Twilio refused for now, or gave no answer that can be relied on; the same question may be asked later. */
export type NoAnswer =
  | { readonly kind: 'throttled'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface ListMessages {
  readonly accountSid: string;
  readonly to?: string;
  readonly from?: string;
  /**
   * One day (`YYYY-MM-DD`, UTC), or days from `after` to `before`, both included. What was not sent yet has no date and is
   * left out; an inbound message's is the time of its webhook, so that a filter by date may miss just the missed ones.
   */
  readonly dateSent?: string | { readonly after?: string; readonly before?: string };
  /** 1 to 1000 (vendor limit). */
  readonly pageSize: number;
  /** `nextPage` of an earlier answer to the same question. */
  readonly page?: string;
}

export interface MessageName {
  readonly accountSid: string;
  readonly messageSid: string;
}

/** What Twilio knows of messages: the other side's books. No method throws for anything that Twilio or the network does. */
export interface TwilioLedger {
  /** Newest first. The list lags behind: absence from it proves nothing for minutes. */
  listMessages(
    list: ListMessages,
  ): Promise<
    | { readonly kind: 'page'; readonly messages: readonly TwilioMessage[]; readonly nextPage?: string }
    | NoAnswer
  >;
  fetchMessage(
    name: MessageName,
  ): Promise<
    { readonly kind: 'found'; readonly message: TwilioMessage } | { readonly kind: 'absent' } | NoAnswer
  >;
  listMedia(
    name: MessageName,
  ): Promise<
    | { readonly kind: 'media'; readonly media: readonly TwilioMedia[] }
    | { readonly kind: 'absent' }
    | NoAnswer
  >;
  /** Calls off a scheduled message; one request, never repeated. `too-late` names why Twilio refused (30409). */
  cancelMessage(
    name: MessageName,
  ): Promise<
    | { readonly kind: 'canceled'; readonly message: TwilioMessage }
    | { readonly kind: 'too-late'; readonly errorCode: number }
    | { readonly kind: 'absent' }
    | NoAnswer
  >;
}
