import { METRICS } from '../shared/contract/metrics.ts';
import type { Observer } from '../shared/ports/observer.ts';
import type { PublishFailedQueue } from '../shared/ports/send-queues.ts';
import { type Outbox, type OutboxFailure, type OutboxPorts, publishOutboxes } from './publish-outbox.ts';
import { type OutboxReading, readOutbox } from './read-outbox.ts';

/** One record of a table's stream. */
export interface Change {
  readonly sequenceNumber: string;
  /** Physical name of the table. */
  readonly table: string;
  /** JSON of the item's key. */
  readonly key: string;
  readonly image: ChangeImage;
}

export type ChangeImage =
  | { readonly kind: 'item'; readonly item: { readonly outbox?: unknown } }
  /** A removal: it has no image, and nothing to publish. */
  | { readonly kind: 'removed' }
  | { readonly kind: 'unreadable' };

export interface PublishPorts extends OutboxPorts {
  readonly publishFailed: PublishFailedQueue;
  readonly observer: Observer;
}

interface Pending extends Outbox {
  readonly change: Change;
}

/**
 * Publishes the outboxes of a batch of changes. What fails in all tries goes to the publish-failed queue with its item's key,
 * so that nothing behind it waits; with its entries too, since the item's next write replaces its outbox (docs/adr/0010).
 * @returns sequence numbers of changes that not even that queue took: Lambda delivers them and all behind them again
 */
export const publishChanges = async (
  changes: readonly Change[],
  ports: PublishPorts,
): Promise<readonly string[]> => {
  const read = changes.map((change) => ({ change, outbox: readImage(change.image) }));
  const pending = read.flatMap(({ change, outbox }): Pending[] =>
    outbox.kind === 'entries' ? [{ change, entries: outbox.entries }] : [],
  );
  const result = await publishOutboxes(pending, ports);
  ports.observer.count(METRICS.eventsPublished, result.published);
  if (result.refused > 0) ports.observer.count(METRICS.publishFailed, result.refused);
  const poisoned = [
    ...read.flatMap(({ change, outbox }) =>
      outbox.kind === 'unreadable' ? [{ change, reason: 'unreadable', entries: [] }] : [],
    ),
    ...pending.flatMap(({ change }, index) => {
      const failure = result.failed.get(index);
      return failure === undefined ? [] : [{ change, ...failure }];
    }),
  ];
  const kept = await Promise.all(poisoned.map((item) => setAside(item, ports)));
  return kept.flatMap((sequenceNumber) => sequenceNumber ?? []);
};

const readImage = (image: ChangeImage): OutboxReading => {
  switch (image.kind) {
    case 'item':
      return readOutbox(image.item);
    case 'removed':
      return { kind: 'none' };
    case 'unreadable':
      return image;
  }
};

/** @returns the sequence number if the key could not be set aside */
const setAside = async (
  { change, reason, entries }: OutboxFailure & { readonly change: Change },
  { publishFailed, observer }: PublishPorts,
): Promise<string | undefined> => {
  const { table, key, sequenceNumber } = change;
  try {
    await publishFailed.add({ table, key, reason, entries });
    observer.count(METRICS.publishPoisoned);
    observer.warn('events of an item set aside', { table, key, reason });
    return undefined;
  } catch (error) {
    observer.error('events of an item could not be set aside', error, { table, key, reason });
    return sequenceNumber;
  }
};
