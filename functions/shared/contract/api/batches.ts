import * as z from 'zod';
import { instant } from './fields.ts';

/** Recipients of one call at most. */
export const LARGEST_BATCH = 10_000;
/** Bytes of the request at most: Lambda takes 6 MB with the envelope that API Gateway puts around it. */
export const LARGEST_BATCH_BYTES = 4 * 1024 * 1024;

const fields = z.record(z.string(), z.unknown());

export const CreateBatchRequest = z.strictObject({
  message: fields
    .default({})
    .describe('Fields of POST /v1/messages that all recipients share, above all body and trafficClass.'),
  recipients: z
    .array(fields)
    .min(1)
    .max(LARGEST_BATCH)
    .describe(
      'One object each: `to`, and any field of POST /v1/messages that differs. A bad one is answered for by itself.',
    ),
  allowRepeats: z
    .boolean()
    .default(false)
    .describe('Whether a recipient may get the same content twice; by default the second one is refused.'),
});
export type CreateBatchRequest = z.infer<typeof CreateBatchRequest>;

export const AcceptedBatch = z.object({ id: z.string(), state: z.string(), recipients: z.int() });
export type AcceptedBatch = z.infer<typeof AcceptedBatch>;

export const BatchAnswer = z.object({
  row: z.int().describe('Position in `recipients`, from 0.'),
  outcome: z
    .enum(['accepted', 'suppressed', 'refused', 'pending'])
    .describe(
      'accepted: an intent of its own. suppressed: an intent with the reason why it is not sent. refused: no intent. pending: not answered yet.',
    ),
  id: z.string().optional().describe('Of the intent.'),
  reason: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type BatchAnswer = z.infer<typeof BatchAnswer>;

export const BatchView = z.object({
  id: z.string(),
  state: z.enum(['RUNNING', 'DONE']),
  createdAt: instant,
  recipients: z.int(),
  accepted: z.int(),
  suppressed: z.int(),
  refused: z.int(),
  pending: z.int(),
  answers: z.array(BatchAnswer).describe('A page, in the order of `recipients`.'),
  next: z.string().optional().describe('Pass as `after` for the next page.'),
});
export type BatchView = z.infer<typeof BatchView>;
