import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import type { EventBus, PublishResult } from '../../../functions/shared/ports/event-bus.ts';
import type {
  DispatchMessage,
  PublishFailedQueue,
  PublishFailure,
  SendQueues,
} from '../../../functions/shared/ports/send-queues.ts';

/** Refuses a value as often as its id is listed; 'always' for good. */
export type Refusals = Map<string, number | 'always'>;

const isRefused = (refusals: Refusals, id: string): boolean => {
  const left = refusals.get(id) ?? 0;
  if (left === 'always') return true;
  if (left > 0) refusals.set(id, left - 1);
  return left > 0;
};

const failuresOf = (refusals: Refusals, ids: readonly string[]): PublishResult => ({
  failed: ids.flatMap((id, index) =>
    isRefused(refusals, id) ? [{ index, reason: 'ThrottlingException' }] : [],
  ),
});

export class MemoryBus implements EventBus {
  readonly published: TrunklineEvent[] = [];
  readonly refusals: Refusals = new Map();
  calls = 0;
  isDown = false;

  async publish(events: readonly TrunklineEvent[]): Promise<PublishResult> {
    this.calls += 1;
    if (this.isDown) throw new Error('nothing is known');
    const result = failuresOf(
      this.refusals,
      events.map(({ id }) => id),
    );
    const failed = new Set(result.failed.map(({ index }) => index));
    this.published.push(...events.filter((_event, index) => !failed.has(index)));
    return result;
  }
}

export class MemorySendQueues implements SendQueues {
  readonly sent: DispatchMessage[] = [];
  readonly refusals: Refusals = new Map();

  async enqueue(messages: readonly DispatchMessage[]): Promise<PublishResult> {
    const result = failuresOf(
      this.refusals,
      messages.map(({ intentId }) => intentId),
    );
    const failed = new Set(result.failed.map(({ index }) => index));
    this.sent.push(...messages.filter((_message, index) => !failed.has(index)));
    return result;
  }
}

export class MemoryPublishFailedQueue implements PublishFailedQueue {
  readonly added: PublishFailure[] = [];
  isDown = false;

  async add(failure: PublishFailure): Promise<void> {
    if (this.isDown) throw new Error('refused');
    this.added.push(failure);
  }
}
