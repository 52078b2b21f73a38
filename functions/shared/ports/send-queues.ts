import type { OutboxEntry } from '../contract/outbox.ts';
import type { PublishResult } from './event-bus.ts';

export interface DispatchMessage {
  readonly pool: string;
  readonly intentId: string;
  /** 0 to 900 s (SQS vendor limit). */
  readonly delaySeconds: number;
}

/** The send queues of the pools. A pool without a queue is a failure of that entry, never of the others. */
export interface SendQueues {
  enqueue(messages: readonly DispatchMessage[]): Promise<PublishResult>;
}

/** What could not be published of one write, and of which item: ids and references only, as the entries themselves. */
export interface PublishFailure {
  /** Physical name of the table. */
  readonly table: string;
  /** JSON of the item's key. */
  readonly key: string;
  readonly reason: string;
  /** Entries that were not taken; none where the item's outbox cannot be read. */
  readonly entries: readonly OutboxEntry[];
}

/** Takes what could not be published, so that nothing behind it waits. */
export interface PublishFailedQueue {
  add(failure: PublishFailure): Promise<void>;
}
