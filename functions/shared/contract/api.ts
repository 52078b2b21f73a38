import * as z from 'zod';
import { SendChannel, TrafficClass } from './settings.ts';

/** Shapes of the application API: handlers parse with them, the OpenAPI description is generated from them. */

/** Printable, no spaces: stands in URLs and log lines. */
const correlationId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/)
  .describe("Joins the caller's own story; searchable on the timeline. Never a number or a name.");

const instant = z.iso.datetime({ offset: true });

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
    sendAt: instant.exactOptional().describe('Not before this time.'),
    deadline: instant
      .exactOptional()
      .describe("Not after this time; by default the sender pool's, counted from sendAt or now."),
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
  reason: z.string().optional(),
  channel: SendChannel,
  trafficClass: TrafficClass,
  pool: z.string(),
  attempts: z.int(),
  correlationId: z.string(),
  tags: z.array(z.string()).optional(),
  createdAt: instant,
  updatedAt: instant,
  sendAt: instant.optional(),
  deadline: instant,
});
export type MessageView = z.infer<typeof MessageView>;

export const AcceptedMessage = z.object({ id: z.string(), state: z.string() });
export type AcceptedMessage = z.infer<typeof AcceptedMessage>;

export const TimelineEntry = z.object({
  at: instant.describe('When Trunkline learned of it.'),
  occurredAt: instant.optional().describe('When it happened, where the vendor says.'),
  kind: z.string().describe('The event, e.g. message.accepted.'),
  summary: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const TimelineView = z.object({
  subject: z.string(),
  state: z.string(),
  /** Ids whose stories are joined here. */
  related: z.array(z.string()),
  entries: z.array(TimelineEntry),
  next: z.string().optional().describe('Pass as `after` for the next page.'),
});
export type TimelineView = z.infer<typeof TimelineView>;

/** Why an operator does something; kept in the story, so never a number or a name. */
const operatorReason = z
  .string()
  .max(500)
  .regex(/\S/, 'says nothing')
  .describe('Kept in the story: never a number or a name.');

export const ParkedMessage = z.object({
  id: z.string(),
  pool: z.string(),
  trafficClass: TrafficClass,
  parkedAt: instant,
  attempts: z.int(),
  reason: z.string(),
  correlationId: z.string(),
  deadline: instant,
});
export type ParkedMessage = z.infer<typeof ParkedMessage>;

export const ParkedView = z.object({
  messages: z.array(ParkedMessage).describe('Oldest first.'),
  next: z.string().optional().describe('Pass as `after` for the next page.'),
});
export type ParkedView = z.infer<typeof ParkedView>;

export const ParkedDecisionRequest = z.strictObject({
  decision: z
    .enum(['resend', 'give-up'])
    .describe("resend: once more, within its pool's deadline from now. give-up: never."),
  reason: operatorReason,
});
export type ParkedDecisionRequest = z.infer<typeof ParkedDecisionRequest>;

const pauseScope = z
  .string()
  .regex(/^(all|class:(otp|transactional|marketing)|pool:[a-z][a-z0-9-]{1,40})$/)
  .describe('`all`, `class:<traffic class>` or `pool:<name>`.');

export const ChangePauseRequest = z
  .strictObject({
    scope: pauseScope,
    state: z
      .enum(['running', 'paused', 'frozen'])
      .describe('frozen: nobody knows what was sent, as after a restore; the scope is `all`.'),
    reason: operatorReason,
    confirm: z.literal(true).exactOptional().describe('Needed to end a freeze.'),
  })
  .refine(({ scope, state }) => state !== 'frozen' || scope === 'all', {
    path: ['scope'],
    message: 'only everything (`all`) can be frozen',
  });
export type ChangePauseRequest = z.infer<typeof ChangePauseRequest>;

export const PausesView = z.object({
  pauses: z
    .array(
      z.object({
        scope: pauseScope,
        state: z.enum(['paused', 'frozen']),
        since: instant,
        by: z.string().describe('API client of the operator.'),
        reason: z.string(),
      }),
    )
    .describe('Oldest first; none: everything is running.'),
});
export type PausesView = z.infer<typeof PausesView>;

export const Health = z.object({ status: z.literal('ok'), environment: z.string() });

export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
