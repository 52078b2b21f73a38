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

/** What every pool has: a queue of its own, and its share of Twilio. */
const poolBase = {
  name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  accountSid: z.string().regex(accountSidPattern),
  trafficClass: TrafficClass,
  /** Absent: the pool for what names no use. */
  use: poolUse.exactOptional(),
  /** Sends in flight at most: Twilio's REST concurrency share of this pool (SQS event sources start at 2). */
  concurrency: z.int().min(2).max(1000),
  /** Default time, from the request, within which a message must have been sent, a call placed. */
  deadlineSeconds: z
    .int()
    .min(60)
    .max(7 * 86_400),
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
};

/**
 * A pool of messages: channel x traffic class x Messaging Service.
 * `validitySeconds` caps Twilio's ValidityPeriod (1 to 36,000 s, vendor limit of the Messages resource).
 */
export const MessagePool = z.strictObject({
  ...poolBase,
  channel: SendChannel,
  messagingServiceSid: z.string().regex(messagingServiceSidPattern),
  validitySeconds: z.int().min(60).max(36_000),
  /**
   * Who answers STOP and HELP at its Messaging Service: Twilio's standard replies, Advanced Opt-Out's, or we.
   * Absent: Twilio.
   */
  optOutReply: z.enum(['twilio', 'advanced', 'ours']).exactOptional(),
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
});
export type MessagePool = z.infer<typeof MessagePool>;

/**
 * Answering machine detection. `detect`: the flow begins when Twilio knows what answered, and is told. `message-end`: a
 * machine's greeting is waited out besides, so that a message can be left after it. `background`: the flow begins at once;
 * what answered stands in the call's record only.
 */
export const MachineDetection = z.enum(['detect', 'message-end', 'background']);
export type MachineDetection = z.infer<typeof MachineDetection>;

/** An ending of a call, and how often and how far apart it is tried again. */
const RedialRule = z.strictObject({
  /** Twilio's CallStatus. */
  status: z.enum(['busy', 'no-answer', 'failed']),
  /** Only with one of these SIP response codes; absent: with any, and with none. */
  sipResponseCodes: z.array(z.int().min(400).max(699)).min(1).exactOptional(),
  /** Waited before the second, third ... attempt, seconds; as many attempts more as there are waits. */
  waitSeconds: z.array(z.int().min(30).max(86_400)).max(5),
});
export type RedialRule = z.infer<typeof RedialRule>;

/** A pool of calls: caller id x traffic class. */
export const CallPool = z.strictObject({
  ...poolBase,
  channel: z.literal('voice'),
  /** Caller id: a number of the account, E.164. */
  from: z.string().regex(/^\+[1-9]\d{6,14}$/),
  /**
   * Calls that are placed a second, as registered with Twilio: 1 by default (https://www.twilio.com/docs/voice/cps). Twilio
   * takes more, queues them for hours and lets them ring then; so it is never asked to.
   */
  callsPerSecond: z.int().min(1).max(500).default(1),
  /** How long a phone rings; Twilio takes 600 s at most and adds 5 s (Calls resource, Timeout). */
  ringSeconds: z.int().min(5).max(600).default(30),
  /** The first rule that fits an ending decides; an ending without a rule is not tried again. */
  redial: z.array(RedialRule).max(20).default([]),
});
export type CallPool = z.infer<typeof CallPool>;

export const SenderPool = z.discriminatedUnion('channel', [MessagePool, CallPool]);
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
