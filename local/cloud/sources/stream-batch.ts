import { randomUUID } from 'node:crypto';
import type { InvocationResult } from '../functions/function-definition.ts';
import { batchVerdict } from './batch-response.ts';
import type { StreamRecord } from './stream-client.ts';
import type { StreamSource } from './stream-source.ts';

export interface BatchPorts {
  invoke(payload: string, requestId: string): Promise<InvocationResult>;
  sendToQueue(queueName: string, text: string): void;
  pause(milliseconds: number): Promise<void>;
  now(): number;
  /** Told of what should not happen; the work goes on. */
  report(error: unknown): void;
  readonly signal: AbortSignal;
}

const FIRST_RETRY_MILLISECONDS = 200;
const SLOWEST_RETRY_MILLISECONDS = 10_000;

/**
 * Sees one batch of a shard through, in order: until the function took every record, or the retries or the age limit
 * gave it up to the failure destination. While it fails, nothing behind it is delivered.
 * @returns false when the platform stopped before the end
 */
export async function processStreamBatch(
  source: StreamSource,
  shardId: string,
  records: readonly StreamRecord[],
  ports: BatchPorts,
): Promise<boolean> {
  const retries = { attempts: 0 };
  let left = records;
  while (left.length > 0) {
    left = withoutExpired(source, shardId, left, ports);
    if (left.length === 0) break;
    const requestId = randomUUID();
    const result = await ports.invoke(
      JSON.stringify({ Records: left.map((record) => shown(source, record)) }),
      requestId,
    );
    if (ports.signal.aborted && result.kind !== 'ok') return false;
    const failedFrom = firstFailure(source, left, result);
    if (failedFrom === undefined) return true;
    if (failedFrom > 0) retries.attempts = 0;
    left = left.slice(failedFrom);
    if (source.bisectsOnError && left.length > 1) return bisect(source, shardId, left, ports);
    if (result.kind !== 'throttled') retries.attempts += 1;
    if (source.maximumRetryAttempts >= 0 && retries.attempts > source.maximumRetryAttempts) {
      giveUp(source, shardId, left, {
        ports,
        requestId,
        attempts: retries.attempts,
        condition: 'RetryAttemptsExhausted',
      });
      return true;
    }
    await ports.pause(
      Math.min(SLOWEST_RETRY_MILLISECONDS, FIRST_RETRY_MILLISECONDS * 2 ** (retries.attempts - 1)),
    );
    if (ports.signal.aborted) return false;
  }
  return true;
}

/** Halves are tried on their own, the first one first; splitting costs no retry. */
async function bisect(
  source: StreamSource,
  shardId: string,
  records: readonly StreamRecord[],
  ports: BatchPorts,
): Promise<boolean> {
  const middle = Math.ceil(records.length / 2);
  const first = await processStreamBatch(source, shardId, records.slice(0, middle), ports);
  return first && processStreamBatch(source, shardId, records.slice(middle), ports);
}

/** The place of the earliest record to be tried again, undefined when there is none. */
function firstFailure(
  source: StreamSource,
  records: readonly StreamRecord[],
  result: InvocationResult,
): number | undefined {
  const identifiers = records.map((record) => record.dynamodb.SequenceNumber);
  const verdict = batchVerdict(result, source.reportsItemFailures, new Set(identifiers));
  switch (verdict.kind) {
    case 'all-succeeded':
      return undefined;
    case 'all-failed':
      return 0;
    case 'some-failed':
      return identifiers.findIndex((identifier) => verdict.identifiers.has(identifier));
  }
}

function withoutExpired(
  source: StreamSource,
  shardId: string,
  records: readonly StreamRecord[],
  ports: BatchPorts,
): readonly StreamRecord[] {
  if (source.maximumRecordAgeSeconds < 0) return records;
  const oldest = ports.now() / 1000 - source.maximumRecordAgeSeconds;
  const young = records.filter((record) => record.dynamodb.ApproximateCreationDateTime >= oldest);
  const expired = records.filter((record) => !young.includes(record));
  if (expired.length > 0) {
    giveUp(source, shardId, expired, {
      ports,
      requestId: randomUUID(),
      attempts: 0,
      condition: 'RecordAgeExceeded',
    });
  }
  return young;
}

interface GivenUp {
  readonly ports: BatchPorts;
  readonly requestId: string;
  readonly attempts: number;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
}

/** What Lambda sends to an on-failure queue: where the records are in the stream, not the records. */
function giveUp(
  source: StreamSource,
  shardId: string,
  records: readonly StreamRecord[],
  { ports, requestId, attempts, condition }: GivenUp,
): void {
  if (source.onFailureQueue === undefined) return;
  const [first, last] = [records[0]?.dynamodb, records.at(-1)?.dynamodb];
  const arrival = (seconds: number | undefined): string => new Date((seconds ?? 0) * 1000).toISOString();
  const message = {
    requestContext: {
      requestId,
      functionArn: source.functionArn,
      condition,
      approximateInvokeCount: attempts,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(ports.now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: arrival(last?.ApproximateCreationDateTime),
      batchSize: records.length,
      streamArn: source.streamArn,
    },
  };
  ports.sendToQueue(source.onFailureQueue, JSON.stringify(message));
}

const shown = (source: StreamSource, record: StreamRecord): unknown => ({
  ...record,
  awsRegion: source.region,
  eventSourceARN: source.streamArn,
});
