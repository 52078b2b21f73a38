import * as z from 'zod';
import { event } from './event.ts';

const batch = { batchId: z.string() };

/** The life of a batch: many messages that were handed over in one call. */
export const BATCH_EVENTS = {
  'batch.requested.v1': event('batch.requested.v1', {
    ...batch,
    recipients: z.int(),
    requestedBy: z.string(),
  }),
  /** Work for fan-out-batch: the rows of one chunk become intents. */
  'batch.chunk-requested.v1': event('batch.chunk-requested.v1', { ...batch, chunk: z.int() }),
  'batch.chunk-answered.v1': event('batch.chunk-answered.v1', {
    ...batch,
    chunk: z.int(),
    accepted: z.int(),
    suppressed: z.int(),
    refused: z.int(),
  }),
} as const;
