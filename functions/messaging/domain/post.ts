/** One `POST /2010-04-01/Accounts/{AccountSid}/Messages.json`. */
export interface CreateMessageRequest {
  readonly accountSid: string;
  readonly to: string;
  readonly messagingServiceSid: string;
  readonly body?: string;
  readonly mediaUrls?: readonly string[];
  /** Absolute URL with the attempt's token in its path. */
  readonly statusCallback: string;
  /** ISO 8601: Twilio holds the message until then (`ScheduleType=fixed`). */
  readonly sendAt?: string;
  /** Seconds, 1 to 36,000 (vendor limit). */
  readonly validityPeriod: number;
}

/** One `POST /2010-04-01/Accounts/{AccountSid}/Calls.json`; every URL but the fallback has the attempt's token in its path. */
export interface CreateCallRequest {
  readonly accountSid: string;
  readonly to: string;
  readonly from: string;
  /** Answers the TwiML of the first step. */
  readonly url: string;
  /** A document that needs no function and no table; fetched by GET. */
  readonly fallbackUrl?: string;
  readonly statusCallback: string;
  /** How long it may ring, 5 to 600 s (vendor limit). */
  readonly timeoutSeconds: number;
  readonly machineDetection?: {
    /** `Enable`: as soon as it is known what answered. `DetectMessageEnd`: after a machine's greeting. */
    readonly mode: 'Enable' | 'DetectMessageEnd';
    /** Where Twilio tells what answered, while the call goes on; absent: it asks for the TwiML when it knows. */
    readonly callback?: string;
  };
}

interface Answered {
  readonly httpStatus: number;
  readonly durationMilliseconds: number;
  /** Twilio-Request-Id header. */
  readonly twilioRequestId?: string;
}

/** What is known after one POST. Only `accepted`, `rejected`, `throttled` and `not-sent` are proof; all else is `unknown`. */
export type PostOutcome =
  /** `sid`: the MessageSid or CallSid. */
  | (Answered & { readonly kind: 'accepted'; readonly sid: string; readonly status: string })
  /** 4xx with a Twilio error body. */
  | (Answered & { readonly kind: 'rejected'; readonly errorCode: number })
  /** 429: never processed, safe to repeat (Twilio error 20429). */
  | (Answered & { readonly kind: 'throttled'; readonly retryAfterSeconds?: number })
  /** DNS, connect or TLS failure on a new socket: no byte of the request left. */
  | { readonly kind: 'not-sent'; readonly reason: string; readonly durationMilliseconds: number }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly durationMilliseconds: number;
      readonly httpStatus?: number;
      readonly twilioRequestId?: string;
    };
