import type { FunctionDefinition, InvocationResult } from './lambda.ts';
import type { World } from './world.ts';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
  isDeleted: boolean;
}

export interface QueueOptions {
  readonly name: string;
  readonly worker: FunctionDefinition;
  readonly batchSize: number;
  readonly concurrency: number;
}

/** AWS's rule for SQS event sources, and the deployment's (lib/constructs/channel-worker.ts). */
const VISIBILITY_FACTOR = 6;
const MAXIMUM_RECEIVES = 5;

/**
 * SQS with its event source mapping: at least once, in no order, hidden while it is worked on, into the dead-letter
 * queue after five receives; batch item failures come again after the visibility timeout.
 */
export class Queue {
  readonly name: string;
  readonly #options: QueueOptions;
  readonly #world: World;
  #messages: Message[] = [];
  #deadLetters: Message[] = [];
  #inFlight = 0;
  #sent = 0;
  #pollAt = Number.POSITIVE_INFINITY;
  deliveries = 0;

  constructor(options: QueueOptions, world: World) {
    this.name = options.name;
    this.#options = options;
    this.#world = world;
  }

  get deadLetters(): number {
    return this.#deadLetters.length;
  }

  get pending(): number {
    return this.#messages.length;
  }

  send(body: string, delaySeconds = 0): void {
    const { faults, coverage } = this.#world;
    const random = this.#world.random('queue');
    this.#sent += 1;
    this.#world.meter?.add('queue messages');
    const id = `${this.name}-${this.#sent}`;
    const jitter = random.chance(faults.queueReorder) ? random.between(0, 3_000) : random.between(1, 30);
    this.#add({ id, body, delay: delaySeconds * 1000 + jitter });
    if (!random.chance(faults.queueDuplicate)) return;
    coverage.reach('fault: queue delivers a message twice');
    this.#add({ id, body, delay: delaySeconds * 1000 + random.between(1, 5_000) });
  }

  /** Moves everything back from the dead-letter queue. */
  redrive(): void {
    for (const message of this.#deadLetters.splice(0)) {
      this.#world.coverage.reach('fault: dead-letter queue redriven');
      this.#add({ id: message.id, body: message.body, delay: this.#world.random('queue').between(0, 1_000) });
    }
  }

  #add({ id, body, delay }: { readonly id: string; readonly body: string; readonly delay: number }): void {
    const { now } = this.#world;
    this.#messages.push({ id, body, sentAt: now, visibleAt: now + delay, receives: 0, isDeleted: false });
    this.#pollBy(now + delay);
  }

  #pollBy(at: number): void {
    if (at >= this.#pollAt) return;
    this.#pollAt = at;
    this.#world.scheduler.at(at, () => {
      if (this.#pollAt !== at) return;
      this.#pollAt = Number.POSITIVE_INFINITY;
      this.#poll();
    });
  }

  #poll(): void {
    const { now } = this.#world;
    while (this.#inFlight < this.#options.concurrency) {
      const batch = this.#receive(now);
      if (batch.length === 0) break;
      this.#invoke(batch);
    }
    if (this.#inFlight >= this.#options.concurrency) return;
    this.#pollBy(Math.min(...this.#messages.map(({ visibleAt }) => visibleAt)));
  }

  #receive(now: number): readonly Message[] {
    const random = this.#world.random('queue');
    const visible = this.#messages.filter((message) => message.visibleAt <= now);
    const size = Math.min(visible.length, 1 + random.below(this.#options.batchSize));
    const batch: Message[] = [];
    while (batch.length < size && visible.length > 0) {
      const message = visible.splice(random.below(visible.length), 1)[0]!;
      if (message.receives >= MAXIMUM_RECEIVES) this.#bury(message);
      else batch.push(message);
    }
    for (const message of batch) {
      message.receives += 1;
      if (message.receives > 1) this.#world.coverage.reach('fault: queue message received again');
      message.visibleAt = now + VISIBILITY_FACTOR * this.#options.worker.timeoutSeconds * 1000;
    }
    return batch;
  }

  #bury(message: Message): void {
    this.#world.coverage.reach('fault: message moved to a dead-letter queue');
    this.#world.note(`${this.name} dead-letter ${message.body.slice(0, 200)}`);
    this.#remove(message);
    this.#deadLetters.push(message);
  }

  #remove(message: Message): void {
    message.isDeleted = true;
    this.#messages = this.#messages.filter((other) => other !== message);
  }

  #invoke(batch: readonly Message[]): void {
    this.#inFlight += 1;
    this.deliveries += batch.length;
    // One request receives a batch, one deletes it.
    this.#world.meter?.add('queue requests', 2);
    this.#world.lambda.invoke(this.#options.worker, sqsEvent(this.name, batch), (result) => {
      this.#inFlight -= 1;
      this.#settle(batch, result);
      this.#pollBy(this.#world.now + 1);
    });
  }

  #settle(batch: readonly Message[], result: InvocationResult): void {
    const { faults, coverage } = this.#world;
    const failed = failedIds(batch, result);
    for (const message of batch) {
      if (failed.has(message.id)) continue;
      if (this.#world.random('queue').chance(faults.deleteLost))
        coverage.reach('fault: delete of a handled message lost');
      else this.#remove(message);
    }
  }
}

const failedIds = (batch: readonly Message[], result: InvocationResult): ReadonlySet<string> => {
  const all = new Set(batch.map(({ id }) => id));
  if (result.kind === 'failed') return all;
  const { batchItemFailures } = result.value as {
    readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
  };
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
};

const sqsEvent = (queue: string, batch: readonly Message[]): object => ({
  Records: batch.map((message, index) => ({
    messageId: message.id,
    receiptHandle: `${message.id}/${message.receives}/${index}`,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(Math.round(message.sentAt)),
      SenderId: 'simulation',
      ApproximateFirstReceiveTimestamp: String(Math.round(message.sentAt)),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
    awsRegion: 'us-east-1',
  })),
});
