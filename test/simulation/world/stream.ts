import { marshallItem } from '../../../functions/shared/aws/table-client-marshalling.ts';
import type { ChangeRecord } from '../../fakes/in-memory-table-client.ts';
import type { FunctionDefinition, InvocationResult } from './lambda.ts';
import type { World } from './world.ts';

const BATCH_SIZE = 100;
const SHARDS = 3;

interface Shard {
  readonly name: string;
  records: ChangeRecord[];
  isBusy: boolean;
  isScheduled: boolean;
  /** After a failure of the whole batch, Lambda halves it. */
  batchSize: number;
}

/**
 * The streams of the tables with their event source mapping: in order within a shard, which an item never leaves; a
 * failed record and all behind it come again until they are taken.
 */
export class Streams {
  readonly #world: World;
  readonly #publisher: FunctionDefinition;
  readonly #shards = new Map<string, Shard>();

  constructor(world: World, publisher: FunctionDefinition) {
    this.#world = world;
    this.#publisher = publisher;
  }

  get pending(): number {
    return [...this.#shards.values()].reduce((sum, { records }) => sum + records.length, 0);
  }

  /** The mapping's filter: only images with an outbox reach the function. */
  add(record: ChangeRecord): void {
    if (record.kind === 'REMOVE' || record.newImage?.outbox === undefined) return;
    const shard = this.#shardOf(record);
    shard.records.push(record);
    this.#schedule(shard, this.#world.random('stream').between(20, 250));
  }

  #shardOf(record: ChangeRecord): Shard {
    const key = String(record.keys.pk);
    let sum = 0;
    for (let index = 0; index < key.length; index += 1) sum = (sum * 31 + key.charCodeAt(index)) % 65_521;
    const name = `${record.table}-${sum % SHARDS}`;
    const shard = this.#shards.get(name) ?? {
      name,
      records: [],
      isBusy: false,
      isScheduled: false,
      batchSize: BATCH_SIZE,
    };
    this.#shards.set(name, shard);
    return shard;
  }

  #schedule(shard: Shard, after: number): void {
    if (shard.isScheduled || shard.isBusy) return;
    shard.isScheduled = true;
    this.#world.scheduler.after(after, () => {
      shard.isScheduled = false;
      this.#read(shard);
    });
  }

  #read(shard: Shard): void {
    const batch = shard.records.slice(0, shard.batchSize);
    if (batch.length === 0 || shard.isBusy) return;
    shard.isBusy = true;
    this.#world.lambda.invoke(this.#publisher, streamEvent(batch), (result) => {
      shard.isBusy = false;
      const done = doneOf(batch, result);
      if (done < batch.length) this.#world.coverage.reach('fault: stream batch comes again');
      shard.batchSize = result.kind === 'failed' ? Math.max(1, batch.length >> 1) : BATCH_SIZE;
      shard.records = shard.records.slice(done);
      if (shard.records.length > 0) this.#schedule(shard, this.#world.random('stream').between(5, 100));
    });
  }
}

/** How many records of the batch need not come again. */
const doneOf = (batch: readonly ChangeRecord[], result: InvocationResult): number => {
  if (result.kind === 'failed') return 0;
  const { batchItemFailures } = result.value as {
    readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
  };
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const first = batch.findIndex(({ sequence }) => failed.has(String(sequence)));
  return first < 0 ? batch.length : first;
};

const streamEvent = (batch: readonly ChangeRecord[]): object => ({
  Records: batch.map((record) => ({
    eventID: String(record.sequence),
    eventName: record.kind,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${record.table}/stream/2026-03-01T00:00:00.000`,
    dynamodb: {
      Keys: marshallItem(record.keys),
      NewImage: marshallItem(record.newImage ?? {}),
      SequenceNumber: String(record.sequence),
      StreamViewType: 'NEW_IMAGE',
    },
  })),
});
