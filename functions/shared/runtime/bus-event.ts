import * as z from 'zod';
import { EVENT_SOURCE, TrunklineEvent } from '../contract/events.ts';

/** What EventBridge puts on a consumer's queue around an event. */
export interface BusEvent {
  readonly event: TrunklineEvent;
  /** When the bus took it, ISO 8601, whole seconds. */
  readonly publishedAt: string;
}

/** Parses the body of a queue message that a rule of the bus wrote; other sources and unknown types are refused. */
export const BusEvent = z
  .object({
    source: z.literal(EVENT_SOURCE),
    'detail-type': z.string(),
    time: z.iso.datetime(),
    detail: TrunklineEvent,
  })
  .refine((envelope) => envelope['detail-type'] === envelope.detail.type, {
    path: ['detail-type'],
    message: 'does not name the type of the event',
  })
  .transform((envelope): BusEvent => ({ event: envelope.detail, publishedAt: envelope.time }));
