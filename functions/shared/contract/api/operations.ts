import * as z from 'zod';
import { TrafficClass } from '../settings.ts';
import { instant, operatorReason } from './fields.ts';

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
  .regex(
    /^(all|class:(otp|transactional|marketing)|pool:[a-z][a-z0-9-]{1,40}|campaign:[a-z][a-z0-9-]{0,63})$/,
  )
  .describe('`all`, `class:<traffic class>`, `pool:<name>` or `campaign:<name>`.');

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
