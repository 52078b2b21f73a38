import * as z from 'zod';
import type { Dispatch } from '../shared/contract/outbox.ts';

/** A message of a send queue, or of the queue of those that must be asked about. */
export const DispatchBody: z.ZodType<Dispatch> = z.strictObject({ intentId: z.string().min(1) });
