import * as z from 'zod';
import type { TrunklineEvent } from '../shared/contract/events.ts';
import type { OutboxEntry } from '../shared/contract/outbox.ts';

/**
 * Only the envelope: in a deployment a writer may be ahead of the publisher, and consumers check what they take.
 */
const Envelope = z.looseObject({
  id: z.string().min(1).max(300),
  type: z.string().regex(/^[a-z-]+(?:\.[a-z-]+)*\.v\d+$/),
  time: z.iso.datetime(),
  accountSid: z.string(),
  correlationId: z.string().min(1),
  data: z.looseObject({}),
});

const Entry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    event: z.custom<TrunklineEvent>((value) => Envelope.safeParse(value).success),
  }),
  z.object({
    kind: z.literal('dispatch'),
    pool: z.string().min(1),
    intentId: z.string().min(1),
    delaySeconds: z.int().min(0).max(900),
  }),
]);

const Entries = z.array(Entry).min(1);

export type OutboxReading =
  | { readonly kind: 'entries'; readonly entries: readonly OutboxEntry[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' };

/** The outbox of an item, if it has one. */
export const readOutbox = (item: { readonly outbox?: unknown }): OutboxReading => {
  if (item.outbox === undefined) return { kind: 'none' };
  const parsed = Entries.safeParse(item.outbox);
  return parsed.success ? { kind: 'entries', entries: parsed.data } : { kind: 'unreadable' };
};
