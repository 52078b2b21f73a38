import * as z from 'zod';
import { instant } from './fields.ts';

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
