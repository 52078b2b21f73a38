import * as z from 'zod';

/** Traffic classes: never mixed in a queue, a sender pool or a rate (design: C1). */
export const TrafficClass = z.enum(['otp', 'transactional', 'marketing']);
export type TrafficClass = z.infer<typeof TrafficClass>;

export const SendChannel = z.enum(['sms', 'whatsapp']);
export type SendChannel = z.infer<typeof SendChannel>;

/** Names one of several pools of a channel and traffic class, by what it sends: `receipts`, `alerts`. */
export const poolUse = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** What messages belong to, by the client's own word; stands in pauses and stories. */
export const campaignName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);

export const accountSidPattern = /^AC[0-9a-f]{32}$/;
const messagingServiceSidPattern = /^MG[0-9a-f]{32}$/;

/**
 * A sender pool: channel x traffic class x Messaging Service, with a queue of its own.
 * `validitySeconds` caps Twilio's ValidityPeriod (1 to 36,000 s, vendor limit of the Messages resource).
 */
export const SenderPool = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  accountSid: z.string().regex(accountSidPattern),
  channel: SendChannel,
  trafficClass: TrafficClass,
  messagingServiceSid: z.string().regex(messagingServiceSidPattern),
  /** Absent: the pool for what names no use. */
  use: poolUse.exactOptional(),
  /** Sends in flight at most: Twilio's REST concurrency share of this pool (SQS event sources start at 2). */
  concurrency: z.int().min(2).max(1000),
  /** Default time, from the request, within which a message must have been sent. */
  deadlineSeconds: z
    .int()
    .min(60)
    .max(7 * 86_400),
  validitySeconds: z.int().min(60).max(36_000),
  /**
   * Registered rate of its senders together, segments a second, rounded down; paced so that nothing queues up at Twilio.
   * Long codes 1, toll-free 3, short codes 100, 10DLC by trust score; a WhatsApp message or an MMS counts as one segment, WhatsApp
   * has 80 (https://help.twilio.com/articles/115002943027, Twilio error 21611). Absent: not paced.
   */
  segmentsPerSecond: z.int().min(1).max(10_000).optional(),
  /** Whether the Messaging Service's Smart Encoding is on: then its substitutions are counted. Absent: off. */
  smartEncoding: z.boolean().exactOptional(),
  /**
   * Two-phase sending of what has a `sendAt`: Twilio gets it this long before (its limits: 15 min to 35 days; here a week at
   * most), so that unknown outcomes are found, and cancellations take effect, before it goes out. Absent: sent at its time.
   */
  scheduleAheadSeconds: z
    .int()
    .min(1_200)
    .max(7 * 86_400)
    .exactOptional(),
  /**
   * What is done with a send whose outcome stayed unknown for `settleSeconds` after arming: `park` for an operator, `resend`
   * (rather twice than never; only as good as callbacks and Twilio's list), or `expire`.
   */
  unknownOutcome: z
    .strictObject({
      policy: z.enum(['park', 'resend', 'expire']),
      settleSeconds: z
        .int()
        .min(60)
        .max(7 * 86_400),
    })
    .default({ policy: 'park', settleSeconds: 86_400 }),
});
export type SenderPool = z.infer<typeof SenderPool>;

/** Answers to inbound texts; the first rule whose words contain the whole text wins, else `defaultReply`. */
export const AutoResponder = z.strictObject({
  enabled: z.boolean(),
  rules: z.array(
    z.strictObject({ words: z.array(z.string().min(1)).min(1), reply: z.string().min(1).max(1600) }),
  ),
  defaultReply: z.string().min(1).max(1600).optional(),
  /** A sender is answered at most once in this time, so that two machines cannot talk to each other for ever. */
  minimumIntervalSeconds: z.int().min(0).max(86_400),
});
export type AutoResponder = z.infer<typeof AutoResponder>;

/** What the messaging functions need to know of the environment. */
export const MessagingSettings = z.strictObject({
  pools: z.array(SenderPool).min(1),
  autoResponder: AutoResponder,
  /** Accept test numbers (+1555..., +1500555...), which no numbering plan allows; for `local` only. */
  acceptTestNumbers: z.boolean(),
});
export type MessagingSettings = z.infer<typeof MessagingSettings>;

/** Content of an account's secret. Every listed auth token verifies webhooks; the first is Twilio's primary one. */
export interface AccountSecret {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  readonly apiKeySid?: string;
  readonly apiKeySecret?: string;
}
