import * as z from 'zod';
import { campaignName, poolUse, SendChannel, TrafficClass } from '../settings.ts';
import { correlationId, instant } from './fields.ts';

export const SendMessageRequest = z
  .strictObject({
    to: z.string().min(3).max(160).describe('E.164 number of the recipient, e.g. +14155550123'),
    body: z
      .string()
      .min(1)
      .max(1600)
      .refine(
        (text) => text.isWellFormed() && !text.includes('\0'),
        'has a character that no message can carry',
      )
      .exactOptional()
      .describe('Text, at most 1,600 characters (Twilio error 21617).'),
    template: z
      .strictObject({
        name: z.string().min(1).max(512),
        variables: z.record(z.string(), z.string()).default({}),
      })
      .exactOptional()
      .describe('A template of the catalogue instead of a body.'),
    mediaUrls: z
      .array(z.url({ protocol: /^https$/, hostname: z.regexes.domain }).max(2000))
      .min(1)
      .max(10)
      .exactOptional()
      .describe('At most ten (Twilio error 21623), fetched by Twilio.'),
    trafficClass: TrafficClass,
    channel: z.enum([...SendChannel.options, 'auto']).default('auto'),
    use: poolUse
      .exactOptional()
      .describe('Chooses among the sender pools of a traffic class; by default the one without a use.'),
    campaign: campaignName
      .exactOptional()
      .describe(
        'What the message belongs to: can be paused by itself. Never a number or a name of a person.',
      ),
    sendAt: instant.exactOptional().describe('Not before this time, however far ahead.'),
    deadline: instant
      .exactOptional()
      .describe("Not after this time; by default the sender pool's, counted from sendAt or now."),
    timeZone: z
      .string()
      .min(1)
      .max(64)
      .exactOptional()
      .describe("IANA name of the recipient's time zone; decides over postcode and number in quiet hours."),
    postcode: z
      .string()
      .min(1)
      .max(12)
      .exactOptional()
      .describe('ZIP code or Canadian postal code of the recipient; decides over the number.'),
    correlationId: correlationId.exactOptional(),
    tags: z
      .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/))
      .max(10)
      .exactOptional(),
  })
  .refine(
    (request) =>
      (request.template === undefined) !== (request.body === undefined && request.mediaUrls === undefined),
    {
      message: 'needs a body, media, or a template, and not a template beside the others',
    },
  );
export type SendMessageRequest = z.infer<typeof SendMessageRequest>;

export const MessageView = z.object({
  id: z.string(),
  state: z.string().describe('PENDING, ARMED, ACCEPTED, REJECTED, SUPPRESSED, EXPIRED, UNKNOWN or PARKED.'),
  status: z.string().optional().describe("Twilio's status, highest ranked of all reports."),
  messageSid: z.string().optional(),
  errorCode: z.int().optional().describe('Twilio error code.'),
  meaning: z.string().optional().describe('Of the error, in plain words.'),
  nextAction: z.string().optional().describe('What support does about the error.'),
  reason: z.string().optional(),
  channel: SendChannel,
  trafficClass: TrafficClass,
  pool: z.string(),
  campaign: z.string().optional(),
  encoding: z.enum(['GSM-7', 'UCS-2']).optional().describe('Of an SMS, as it is sent.'),
  segments: z.int().optional().describe('Of an SMS: what Twilio bills, and what its pool is paced by.'),
  attempts: z.int(),
  correlationId: z.string(),
  tags: z.array(z.string()).optional(),
  createdAt: instant,
  updatedAt: instant,
  sendAt: instant.optional(),
  deadline: instant,
});
export type MessageView = z.infer<typeof MessageView>;

export const RescheduleMessageRequest = z.strictObject({
  sendAt: instant.describe('Not before this time, however far ahead; now, if it is past.'),
  deadline: instant
    .exactOptional()
    .describe('By default as long after the new time as it was after the old one.'),
});

/** What the gate says of a would-be send; no number, no postcode. */
export const MessageDecision = z.object({
  decision: z
    .enum(['send', 'hold', 'expire', 'refuse'])
    .describe('expire: it would be held past its deadline.'),
  rule: z.string().optional().describe('The rule that decides, where it is not to be sent.'),
  reason: z.string().optional(),
  at: instant.describe('The time for which this holds: now, or when the message would be due.'),
  until: instant.optional().describe('hold: when it would go out. send: the end of the legal hours.'),
  pool: z.string(),
  trafficClass: TrafficClass,
  deadline: instant,
  rules: z.array(
    z.object({
      rule: z.string(),
      verdict: z.enum(['pass', 'hold', 'refuse']),
      until: instant.optional(),
      explanation: z.string(),
      input: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
});
export type MessageDecision = z.infer<typeof MessageDecision>;

export const AcceptedMessage = z.object({ id: z.string(), state: z.string() });
export type AcceptedMessage = z.infer<typeof AcceptedMessage>;
