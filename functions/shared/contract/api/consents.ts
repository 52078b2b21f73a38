import * as z from 'zod';
import { instant, operatorReason } from './fields.ts';

const scope = z
  .string()
  .regex(
    /^(?:everything|channel:(?:sms|whatsapp|voice)|group:[A-Za-z0-9]{2,40}|topic:[a-z0-9][a-z0-9-]{0,60})$/,
    {
      error: 'must be everything, channel:<sms|whatsapp|voice>, group:<MessagingServiceSid> or topic:<name>',
    },
  )
  .describe('What it covers; everything includes all others.');

const address = z
  .string()
  .min(1)
  .max(200)
  .describe('A phone number with + and country code; stands in no URL.');

/** A consent that was given, or taken back, elsewhere than by a text to us. */
export const RecordConsentRequest = z
  .strictObject({
    address,
    kind: z.enum(['opt-in', 'opt-out']),
    scope: scope.default('everything'),
    occurredAt: instant.describe('When the person said it; not in the future.'),
    wording: z
      .string()
      .min(1)
      .max(2000)
      .exactOptional()
      .describe('The words that the person agreed to, as shown; an opt-in needs them.'),
    place: z
      .string()
      .min(1)
      .max(500)
      .exactOptional()
      .describe('Where: a page, a shop, a call; an opt-in needs it.'),
  })
  .refine(
    ({ kind, wording, place }) => kind === 'opt-out' || (wording !== undefined && place !== undefined),
    {
      path: ['wording'],
      message: 'an opt-in is proved by its wording and its place',
    },
  );
export type RecordConsentRequest = z.infer<typeof RecordConsentRequest>;

export const RecordedConsent = z.object({
  recordId: z.string(),
  contactId: z.string(),
  effect: z.enum(['opted-in', 'opted-out', 'noted', 'known']),
  reason: z.string().optional().describe('Why it changed nothing.'),
});
export type RecordedConsent = z.infer<typeof RecordedConsent>;

/** Most records of one call. */
export const LARGEST_CONSENT_BATCH = 100;

export const RecordConsentsRequest = z.strictObject({
  records: z
    .array(
      z.strictObject({
        key: z
          .string()
          .min(1)
          .max(200)
          .describe('Names the record among the client’s: the same key, the same record.'),
        record: z.unknown(),
      }),
    )
    .min(1)
    .max(LARGEST_CONSENT_BATCH),
});
export type RecordConsentsRequest = z.infer<typeof RecordConsentsRequest>;

export const RecordedConsents = z.object({
  results: z.array(
    z.object({
      key: z.string(),
      result: RecordedConsent.optional(),
      problems: z.array(z.string()).optional().describe('Why the record was not taken.'),
    }),
  ),
});
export type RecordedConsents = z.infer<typeof RecordedConsents>;

export const LookupContactRequest = z.strictObject({ address });
export const ContactView = z.object({ id: z.string() });
export type ContactView = z.infer<typeof ContactView>;

export const ConsentView = z.object({
  contactId: z.string(),
  standings: z.array(
    z.object({
      scope: z.string(),
      status: z.enum(['opted-in', 'opted-out']),
      since: instant,
      source: z.string(),
      recordId: z.string(),
    }),
  ),
  linked: z.array(z.string()).describe('Other addresses of the person.'),
  inReviewSince: instant.optional(),
  erased: z.boolean().describe('The address itself is not kept any more; what was said still holds.'),
});
export type ConsentView = z.infer<typeof ConsentView>;

export const LinkContactRequest = z.strictObject({ contactId: z.string().regex(/^con_[0-9a-f]{32}$/) });
export const EraseContactRequest = z.strictObject({ reason: operatorReason });

export const ReviewsView = z.object({
  reviews: z
    .array(z.object({ contactId: z.string(), since: instant, messageSid: z.string().optional() }))
    .describe('Oldest first.'),
});
export type ReviewsView = z.infer<typeof ReviewsView>;
export const ReviewDecisionRequest = z.strictObject({ decision: z.enum(['opted-out', 'dismissed']) });

export const CreateExportRequest = z.strictObject({ kind: z.literal('consent') });
const shardEnd = z.object({
  shard: z.int(),
  first: z.int().describe('Oldest record whose retention has not ended.'),
  sequence: z.int(),
  hash: z.string(),
});
export const ExportView = z.object({
  id: z.string(),
  kind: z.literal('consent'),
  createdAt: instant,
  records: z.int(),
  shards: z.array(shardEnd).describe('Where each chain ended when the export was made; it never changes.'),
});
export type ExportView = z.infer<typeof ExportView>;
export const ExportPage = z.object({
  lines: z
    .array(z.string())
    .describe('Lines of the ledger in JSON; `trunkline verify` checks them byte for byte.'),
  next: z.string().optional(),
});
export type ExportPage = z.infer<typeof ExportPage>;
