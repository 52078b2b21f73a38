import type { TrunklineEvent } from '../contract/events.ts';

/** The bus takes entries one by one: some of a batch may be refused. Indexes are those of the input. */
export interface PublishResult {
  readonly failed: readonly { readonly index: number; readonly reason: string }[];
}

export interface EventBus {
  /** Any number of events; the adapter splits them into calls. Throws only when nothing is known. */
  publish(events: readonly TrunklineEvent[]): Promise<PublishResult>;
}
