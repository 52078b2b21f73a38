import type { OutboxEntry } from '../shared/contract/outbox.ts';
import type { EventBus, PublishResult } from '../shared/ports/event-bus.ts';
import type { Randomness, Sleep } from '../shared/ports/randomness.ts';
import type { SendQueues } from '../shared/ports/send-queues.ts';

export interface OutboxPorts {
  readonly eventBus: EventBus;
  readonly sendQueues: SendQueues;
  readonly randomness: Randomness;
  readonly sleep: Sleep;
}

export interface Outbox {
  /** In the order in which the write produced them. */
  readonly entries: readonly OutboxEntry[];
}

export interface OutboxResult {
  /** Entries that the bus or a queue took. */
  readonly published: number;
  /** Entries that they refused, tries of the same entry counted each time. */
  readonly refused: number;
  /** By its position, an item that was not taken whole in all tries. */
  readonly failed: ReadonlyMap<number, OutboxFailure>;
}

export interface OutboxFailure {
  /** Entries that were not taken, in their order. */
  readonly entries: readonly OutboxEntry[];
  /** The last one. */
  readonly reason: string;
}

interface Pending {
  readonly item: number;
  readonly entry: OutboxEntry;
}

const TRIES = 3;
const BASE_DELAY_MILLISECONDS = 100;

/** Carries out the outboxes of many items in few calls; refused entries are tried again with backoff, the others are not. */
export const publishOutboxes = async (
  outboxes: readonly Outbox[],
  ports: OutboxPorts,
): Promise<OutboxResult> => {
  const all = outboxes.flatMap(({ entries }, item) => entries.map((entry): Pending => ({ item, entry })));
  let pending: readonly Pending[] = all;
  let refusals: readonly Refusal[] = [];
  let refused = 0;
  for (let tries = 1; tries <= TRIES && pending.length > 0; tries += 1) {
    if (tries > 1)
      await ports.sleep(ports.randomness.fraction() * BASE_DELAY_MILLISECONDS * 4 ** (tries - 1));
    refusals = await publishOnce(pending, ports);
    refused += refusals.length;
    pending = refusals.map(({ pending: entry }) => entry);
  }
  return { published: all.length - pending.length, refused, failed: failuresOf(all, refusals) };
};

const failuresOf = (
  all: readonly Pending[],
  refusals: readonly Refusal[],
): ReadonlyMap<number, OutboxFailure> => {
  const reasons = new Map(refusals.map(({ pending, reason }) => [pending, reason]));
  const failures = new Map<number, OutboxFailure>();
  for (const pending of all) {
    const reason = reasons.get(pending);
    if (reason === undefined) continue;
    const earlier = failures.get(pending.item)?.entries ?? [];
    failures.set(pending.item, { entries: [...earlier, pending.entry], reason });
  }
  return failures;
};

interface Refusal {
  readonly pending: Pending;
  readonly reason: string;
}

const publishOnce = async (pending: readonly Pending[], ports: OutboxPorts): Promise<readonly Refusal[]> => {
  const events = pending.flatMap((it) =>
    it.entry.kind === 'event' ? [{ pending: it, value: it.entry.event }] : [],
  );
  const dispatches = pending.flatMap((it) =>
    it.entry.kind === 'dispatch' ? [{ pending: it, value: it.entry }] : [],
  );
  const refusals = await Promise.all([
    send(events, (values) => ports.eventBus.publish(values)),
    send(dispatches, (values) => ports.sendQueues.enqueue(values)),
  ]);
  return refusals.flat();
};

const send = async <Value>(
  sendings: readonly { readonly pending: Pending; readonly value: Value }[],
  call: (values: readonly Value[]) => Promise<PublishResult>,
): Promise<readonly Refusal[]> => {
  if (sendings.length === 0) return [];
  try {
    const { failed } = await call(sendings.map(({ value }) => value));
    return failed.flatMap(({ index, reason }) => {
      const sending = sendings[index];
      return sending === undefined ? [] : [{ pending: sending.pending, reason }];
    });
  } catch (error) {
    // Nothing is known: sent again under the same ids, which changes nothing twice.
    const reason = error instanceof Error ? error.name : 'Unknown';
    return sendings.map(({ pending }) => ({ pending, reason }));
  }
};
