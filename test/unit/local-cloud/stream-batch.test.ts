import { describe, expect, test } from '@jest/globals';
import type { InvocationResult } from '../../../local/cloud/functions/function-definition.ts';
import { type BatchPorts, processStreamBatch } from '../../../local/cloud/sources/stream-batch.ts';
import { changedNothing, type StreamRecord } from '../../../local/cloud/sources/stream-client.ts';
import type { StreamSource } from '../../../local/cloud/sources/stream-source.ts';

const CREATED = 1_800_000_000;

const record = (number: number, created = CREATED): StreamRecord => ({
  eventID: String(number),
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: String(number),
    ApproximateCreationDateTime: created,
    Keys: { pk: { S: String(number) } },
  },
});

const source: StreamSource = {
  streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/1',
  engineStreamArn: 'engine',
  region: 'us-east-1',
  functionName: 'publish',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:publish',
  batchSize: 10,
  batchingWindowSeconds: 0,
  startsAt: 'TRIM_HORIZON',
  reportsItemFailures: true,
  bisectsOnError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  parallelizationFactor: 1,
  filters: [],
  onFailureQueue: 'failed',
};

const failing = (...identifiers: string[]): InvocationResult => ({
  kind: 'ok',
  payload: JSON.stringify({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) }),
});
const broken: InvocationResult = {
  kind: 'function-error',
  error: { errorType: 'Error', errorMessage: 'no', trace: [] },
};

interface World {
  readonly ports: BatchPorts;
  /** Sequence numbers of each invocation. */
  readonly invocations: string[][];
  readonly sent: { readonly queue: string; readonly body: Record<string, unknown> }[];
  readonly pauses: number[];
}

function world(answer: (batch: readonly string[], nth: number) => InvocationResult): World {
  const invocations: string[][] = [];
  const sent: World['sent'] = [];
  const pauses: number[] = [];
  const ports: BatchPorts = {
    invoke: async (payload) => {
      const { Records } = JSON.parse(payload) as { Records: StreamRecord[] };
      invocations.push(Records.map((each) => each.dynamodb.SequenceNumber));
      return answer(invocations.at(-1)!, invocations.length);
    },
    sendToQueue: (queue, text) =>
      void sent.push({ queue, body: JSON.parse(text) as Record<string, unknown> }),
    pause: async (milliseconds) => void pauses.push(milliseconds),
    now: () => CREATED * 1000 + 5000,
    report: () => {},
    signal: new AbortController().signal,
  };
  return { ports, invocations, sent, pauses };
}

describe('a batch of a stream', () => {
  test('is retried from the first failed record, in order, with growing pauses, until all of it is taken', async () => {
    const { ports, invocations, pauses } = world((_batch, nth) => (nth < 3 ? failing('2') : failing()));
    await processStreamBatch(source, 'shard', [record(1), record(2), record(3)], ports);
    expect(invocations).toEqual([
      ['1', '2', '3'],
      ['2', '3'],
      ['2', '3'],
    ]);
    expect(pauses).toEqual([200, 400]);
  });

  test('that is poison goes to the failure queue after its retries, by its place in the stream', async () => {
    const { ports, invocations, sent } = world(() => broken);
    const done = await processStreamBatch(
      { ...source, maximumRetryAttempts: 2 },
      'shard-1',
      [record(7), record(8)],
      ports,
    );
    expect(done).toBe(true);
    expect(invocations).toHaveLength(3);
    expect(sent).toMatchObject([
      {
        queue: 'failed',
        body: {
          requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
          DDBStreamBatchInfo: {
            shardId: 'shard-1',
            startSequenceNumber: '7',
            endSequenceNumber: '8',
            batchSize: 2,
          },
        },
      },
    ]);
  });

  test('is halved on errors, so that one poison record costs no other', async () => {
    const { ports, invocations, sent } = world((batch) => (batch.includes('3') ? broken : failing()));
    const bisecting = { ...source, bisectsOnError: true, maximumRetryAttempts: 1 };
    await processStreamBatch(bisecting, 'shard', [record(1), record(2), record(3), record(4)], ports);
    expect(invocations).toEqual([['1', '2', '3', '4'], ['1', '2'], ['3', '4'], ['3'], ['3'], ['4']]);
    expect(sent).toHaveLength(1);
  });

  test('whose records are too old is given up without being shown', async () => {
    const { ports, invocations, sent } = world(() => failing());
    const old = record(1, CREATED - 100);
    await processStreamBatch({ ...source, maximumRecordAgeSeconds: 60 }, 'shard', [old, record(2)], ports);
    expect(invocations).toEqual([['2']]);
    expect(sent).toMatchObject([{ body: { requestContext: { condition: 'RecordAgeExceeded' } } }]);
  });

  test('is left undone when the platform stops', async () => {
    const { ports } = world(() => broken);
    const done = await processStreamBatch(source, 'shard', [record(1)], {
      ...ports,
      signal: AbortSignal.abort(),
    });
    expect(done).toBe(false);
  });

  test('is throttled without using up retries', async () => {
    const { ports, invocations, sent } = world((_batch, nth) =>
      nth < 4 ? { kind: 'throttled' } : failing(),
    );
    await processStreamBatch({ ...source, maximumRetryAttempts: 0 }, 'shard', [record(1)], ports);
    expect(invocations).toHaveLength(4);
    expect(sent).toEqual([]);
  });
});

test('a write that changed nothing is no record of a stream', () => {
  const image = { pk: { S: 'a' }, n: { N: '1' } };
  const modified = (OldImage: StreamRecord['dynamodb']['OldImage']): StreamRecord => ({
    ...record(1),
    eventName: 'MODIFY',
    dynamodb: { ...record(1).dynamodb, NewImage: image, OldImage },
  });
  expect(changedNothing(modified({ n: { N: '1' }, pk: { S: 'a' } }))).toBe(true);
  expect(changedNothing(modified({ n: { N: '2' }, pk: { S: 'a' } }))).toBe(false);
  expect(changedNothing(modified(undefined))).toBe(false);
});
