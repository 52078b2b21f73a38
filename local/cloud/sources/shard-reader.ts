import { createHash } from 'node:crypto';
import { AwsCallError } from '../engines/aws-json.ts';
import { type BatchPorts, processStreamBatch } from './stream-batch.ts';
import { changedNothing, type StreamClient, type StreamRecord } from './stream-client.ts';
import type { StreamSource } from './stream-source.ts';

export interface ShardPorts extends BatchPorts {
  readonly stream: StreamClient;
  readonly resumeAfter: string | undefined;
  checkpoint(sequenceNumber: string): void;
}

/** Lambda polls a shard four times a second; a shard that just had records is looked at sooner. */
const IDLE_POLL_MILLISECONDS = 250;
const BUSY_POLL_MILLISECONDS = 40;
const BUSY_FOR_MILLISECONDS = 5000;
const AFTER_FAILURE_MILLISECONDS = 1000;
const LARGEST_BACKLOG = 1000;

/**
 * Reads one shard and hands its records to lanes, one per degree of parallelism, so that records of one partition key
 * keep their order. The checkpoint never passes a record that is not done.
 */
export async function readShard(source: StreamSource, shardId: string, ports: ShardPorts): Promise<void> {
  const backlog = new Backlog(ports.checkpoint);
  const lanes = Array.from(
    { length: source.parallelizationFactor },
    () => new Lane(source, shardId, backlog, ports),
  );
  let lastRecordAt = 0;
  for await (const records of reads(source, shardId, ports)) {
    if (records.length > 0) lastRecordAt = ports.now();
    for (const record of records) accept(source, record, { backlog, lanes });
    while (backlog.size >= LARGEST_BACKLOG && !ports.signal.aborted)
      await ports.pause(BUSY_POLL_MILLISECONDS);
    const isBusy = ports.now() - lastRecordAt < BUSY_FOR_MILLISECONDS;
    await ports.pause(isBusy ? BUSY_POLL_MILLISECONDS : IDLE_POLL_MILLISECONDS);
  }
  await Promise.all(lanes.map((lane) => lane.finished()));
}

/** Reads until the shard is closed or the platform stops; a failed read is reported and tried again from its place. */
async function* reads(
  source: StreamSource,
  shardId: string,
  ports: ShardPorts,
): AsyncGenerator<readonly StreamRecord[]> {
  let after = ports.resumeAfter;
  let iterator: string | undefined;
  while (!ports.signal.aborted) {
    try {
      iterator ??= await iteratorAfter(source, shardId, { after, stream: ports.stream });
      const { records, next } = await ports.stream.read(iterator, LARGEST_BACKLOG, ports.signal);
      after = records.at(-1)?.dynamodb.SequenceNumber ?? after;
      iterator = next;
      yield records;
      if (next === undefined) return;
    } catch (error) {
      iterator = undefined;
      if (ports.signal.aborted) return;
      ports.report(error);
      await ports.pause(AFTER_FAILURE_MILLISECONDS);
    }
  }
}

async function iteratorAfter(
  source: StreamSource,
  shardId: string,
  { after, stream }: { readonly after: string | undefined; readonly stream: StreamClient },
): Promise<string> {
  const start = source.startsAt === 'LATEST' ? ({ kind: 'newest' } as const) : ({ kind: 'oldest' } as const);
  if (after === undefined) return stream.iterator(source.engineStreamArn, shardId, start);
  try {
    return await stream.iterator(source.engineStreamArn, shardId, { kind: 'after', sequenceNumber: after });
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.code !== 'TrimmedDataAccessException') throw error;
    return stream.iterator(source.engineStreamArn, shardId, { kind: 'oldest' });
  }
}

function accept(
  source: StreamSource,
  record: StreamRecord,
  { backlog, lanes }: { readonly backlog: Backlog; readonly lanes: readonly Lane[] },
): void {
  if (changedNothing(record)) return;
  backlog.add(record.dynamodb.SequenceNumber);
  const isWanted = source.filters.length === 0 || source.filters.some((matches) => matches(record));
  const digest = createHash('md5').update(JSON.stringify(record.dynamodb.Keys)).digest();
  if (isWanted) lanes[digest.readUInt32BE(0) % lanes.length]?.add(record);
  else backlog.done(record.dynamodb.SequenceNumber);
}

/** Records read and not yet done, in stream order. */
class Backlog {
  readonly #pending = new Map<string, boolean>();
  readonly #checkpoint: (sequenceNumber: string) => void;

  constructor(checkpoint: (sequenceNumber: string) => void) {
    this.#checkpoint = checkpoint;
  }

  get size(): number {
    return this.#pending.size;
  }

  add(sequenceNumber: string): void {
    this.#pending.set(sequenceNumber, false);
  }

  done(...sequenceNumbers: readonly string[]): void {
    for (const sequenceNumber of sequenceNumbers) this.#pending.set(sequenceNumber, true);
    let passed: string | undefined;
    for (const [sequenceNumber, isDone] of this.#pending) {
      if (!isDone) break;
      this.#pending.delete(sequenceNumber);
      passed = sequenceNumber;
    }
    if (passed !== undefined) this.#checkpoint(passed);
  }
}

/** One invocation at a time, over the records of some partition keys, in their order. */
class Lane {
  readonly #source: StreamSource;
  readonly #shardId: string;
  readonly #backlog: Backlog;
  readonly #ports: ShardPorts;
  readonly #records: StreamRecord[] = [];
  #running: Promise<void> | undefined;

  constructor(source: StreamSource, shardId: string, backlog: Backlog, ports: ShardPorts) {
    this.#source = source;
    this.#shardId = shardId;
    this.#backlog = backlog;
    this.#ports = ports;
  }

  add(record: StreamRecord): void {
    this.#records.push(record);
    this.#running ??= this.#run();
  }

  async finished(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { batchSize, batchingWindowSeconds } = this.#source;
    // The records of one read arrive together: let all of them into the first batch.
    await this.#ports.pause(batchingWindowSeconds * 1000);
    while (this.#records.length > 0 && !this.#ports.signal.aborted) {
      const batch = this.#records.splice(0, batchSize);
      if (await this.#process(batch))
        this.#backlog.done(...batch.map((record) => record.dynamodb.SequenceNumber));
      else this.#records.unshift(...batch);
    }
    this.#running = undefined;
  }

  /** A batch that breaks something of ours stays first in its lane, as one that the function refuses does. */
  async #process(batch: readonly StreamRecord[]): Promise<boolean> {
    try {
      return await processStreamBatch(this.#source, this.#shardId, batch, this.#ports);
    } catch (error) {
      this.#ports.report(error);
      await this.#ports.pause(AFTER_FAILURE_MILLISECONDS);
      return false;
    }
  }
}
