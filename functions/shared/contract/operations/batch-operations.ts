import { AcceptedBatch, BatchView, CreateBatchRequest } from '../api/batches.ts';
import type { Operation } from './operation.ts';

export const BATCH_OPERATIONS = {
  createBatch: {
    summary: 'Send to up to 10,000 recipients, each with an intent and an answer of its own',
    request: CreateBatchRequest,
    success: 202,
    response: AcceptedBatch,
    problems: [400, 401, 403, 409, 413, 415, 422, 503],
    isMutation: true,
  },
  readBatch: {
    summary: 'How far a batch has come, and what was answered for each recipient',
    success: 200,
    response: BatchView,
    problems: [400, 401, 403, 404, 503],
    query: [{ name: 'after', description: '`next` of the page before.' }],
  },
} as const satisfies Record<string, Operation>;
