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

/** Takes the keys of items whose events could not be published, so that nothing behind them waits. */
export interface PublishFailedQueue {
  add(failure: { readonly table: string; readonly key: string; readonly reason: string }): Promise<void>;
}
