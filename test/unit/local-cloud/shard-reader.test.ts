import { expect, test } from '@jest/globals';
import { readShard, type ShardPorts } from '../../../local/cloud/sources/shard-reader.ts';
import type { StreamRecord } from '../../../local/cloud/sources/stream-client.ts';
import type { StreamSource } from '../../../local/cloud/sources/stream-source.ts';

const record = (sequence: number, pk: string): StreamRecord => ({
  eventID: String(sequence),
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: String(sequence), ApproximateCreationDateTime: 0, Keys: { pk: { S: pk } } },
});

const source: StreamSource = {
  streamArn: 'arn',
  engineStreamArn: 'engine',
  region: 'us-east-1',
  functionName: 'f',
  functionArn: 'arn:f',
  batchSize: 1,
  batchingWindowSeconds: 0,
  startsAt: 'TRIM_HORIZON',
  reportsItemFailures: false,
  bisectsOnError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  parallelizationFactor: 4,
  filters: [],
  onFailureQueue: undefined,
};

interface Reading {
  readonly shown: string[];
  readonly checkpoints: string[];
  readonly positions: unknown[];
}

/** Reads one closed shard of these records; `refuses` says which sequence numbers fail, and how often. */
async function read(
  records: readonly StreamRecord[],
  refuses: ReadonlyMap<string, number> = new Map(),
  more: Partial<ShardPorts> = {},
): Promise<Reading> {
  const reading: Reading = { shown: [], checkpoints: [], positions: [] };
  const left = new Map(refuses);
  await readShard(source, 'shard', {
    stream: {
      shards: async () => ['shard'],
      iterator: async (_arn, _shard, position) => {
        reading.positions.push(position);
        return 'iterator';
      },
      read: async () => ({ records, next: undefined }),
    },
    resumeAfter: undefined,
    checkpoint: (sequenceNumber) => void reading.checkpoints.push(sequenceNumber),
    invoke: async (payload) => {
      const { Records } = JSON.parse(payload) as { Records: StreamRecord[] };
      const sequence = Records[0]!.dynamodb.SequenceNumber;
      reading.shown.push(sequence);
      const refusals = left.get(sequence) ?? 0;
      left.set(sequence, refusals - 1);
      await Promise.resolve();
      if (refusals <= 0) return { kind: 'ok', payload: 'null' };
      return { kind: 'function-error', error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
    },
    sendToQueue: () => {},
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    now: () => 0,
    report: () => {},
    signal: new AbortController().signal,
    ...more,
  });
  return reading;
}

test('records of one partition key are shown in their order, a refused one until it is taken', async () => {
  const records = [1, 2, 3, 4].map((sequence) => record(sequence, 'same'));
  const { shown, checkpoints } = await read(records, new Map([['2', 2]]));
  expect(shown).toEqual(['1', '2', '2', '2', '3', '4']);
  expect(checkpoints.at(-1)).toBe('4');
});

test('a refused record holds up its own key; others go on, but the checkpoint does not pass it', async () => {
  const records = [
    record(1, 'poison'),
    ...['b', 'c', 'd', 'e', 'f'].map((key, index) => record(index + 2, key)),
  ];
  const { shown, checkpoints } = await read(records, new Map([['1', 5]]));
  expect(shown.lastIndexOf('1')).toBeGreaterThan(shown.indexOf('3'));
  expect(checkpoints).toHaveLength(1 + checkpoints.indexOf('6'));
  expect(Number(checkpoints[0])).toBeGreaterThanOrEqual(1);
  expect(checkpoints.map(Number)).toEqual(checkpoints.map(Number).sort((left, right) => left - right));
});

test('reading resumes after the checkpoint', async () => {
  const { positions } = await read([], new Map(), { resumeAfter: '41' });
  expect(positions).toEqual([{ kind: 'after', sequenceNumber: '41' }]);
});
