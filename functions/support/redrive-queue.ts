import type { Clock } from '../shared/ports/clock.ts';
import type { DeadLetter, DeadLetters } from '../shared/ports/dead-letters.ts';
import type { PublishResult } from '../shared/ports/event-bus.ts';
import type { Sleep } from '../shared/ports/randomness.ts';

export interface RedriveCommand {
  /** Letters a second at most, in the mean. */
  readonly perSecond: number;
  /** Ends after about as many. @default the queue is emptied */
  readonly most?: number;
  /** Asked between two batches. */
  readonly isStopped?: () => boolean;
}

export interface RedriveProgress {
  /** Letters delivered; one that could not be removed afterwards is delivered again, which changes nothing twice. */
  readonly delivered: number;
  /** Letters that were not taken and stay in the queue, by reason. */
  readonly kept: ReadonlyMap<string, number>;
}

export interface RedrivePorts {
  readonly letters: DeadLetters;
  /** To where they failed; `failed` by position. May throw: the batch stays in the queue. */
  readonly deliver: (letters: readonly DeadLetter[]) => Promise<PublishResult>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Told after every batch. */
  readonly report: (progress: RedriveProgress) => void;
}

/** An SQS queue may answer empty although something is left in it. */
const EMPTY_RECEIVES = 3;

/**
 * Takes a dead-letter queue back to where its messages failed. Each is delivered before it is removed: a redrive that ends
 * anywhere, by a signal or a crash, has lost nothing and is gone on with by the same command.
 */
export const redriveQueue = async (
  { perSecond, most = Number.POSITIVE_INFINITY, isStopped = () => false }: RedriveCommand,
  ports: RedrivePorts,
): Promise<RedriveProgress> => {
  const startedAt = ports.clock();
  const kept = new Map<string, string>();
  let delivered = 0;
  let empty = 0;
  while (empty < EMPTY_RECEIVES && delivered < most && !isStopped()) {
    const received = await ports.letters.receive();
    const letters = received.filter(({ id }) => !kept.has(id));
    if (letters.length === 0) {
      empty += 1;
      continue;
    }
    empty = 0;
    const refused = await deliverBatch(letters, ports);
    for (const [id, reason] of refused) kept.set(id, reason);
    delivered += letters.length - refused.size;
    ports.report({ delivered, kept: countReasons(kept) });
    await ports.sleep(Math.max(0, startedAt + (delivered / perSecond) * 1_000 - ports.clock()));
  }
  return { delivered, kept: countReasons(kept) };
};

/** @returns reason by id of letters that stay */
const deliverBatch = async (
  letters: readonly DeadLetter[],
  { letters: queue, deliver }: RedrivePorts,
): Promise<ReadonlyMap<string, string>> => {
  const { failed } = await deliver(letters);
  const reasons = new Map(failed.map(({ index, reason }) => [index, reason]));
  await queue.remove(letters.filter((_, index) => !reasons.has(index)));
  return new Map(
    letters.flatMap(({ id }, index) => {
      const reason = reasons.get(index);
      return reason === undefined ? [] : [[id, reason] as const];
    }),
  );
};

const countReasons = (kept: ReadonlyMap<string, string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const reason of kept.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
};
