import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { createHandler } from '../../../functions/ingress/publish-events/handler.ts';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { MemoryBus, MemoryPublishFailedQueue, MemorySendQueues } from '../../fakes/ingress/memory-bus.ts';
import { RecordingObserver } from '../../fakes/ingress/recording-observer.ts';

const eventOf = (key: string, ordinal = 0): TrunklineEvent => ({
  id: `inbox/${key}/1/${ordinal}`,
  time: '2026-03-01T12:00:00.000Z',
  accountSid: 'AC1',
  correlationId: key,
  type: 'message.suppressed.v1',
  data: { intentId: key, version: 1, state: 'SUPPRESSED', reason: 'opted-out' },
});

const entryOf = (key: string, ordinal = 0) => ({ kind: 'event', event: eventOf(key, ordinal) });
const dispatchOf = (intentId: string) => ({ kind: 'dispatch', pool: 'sms-otp', intentId, delaySeconds: 5 });

const record = (key: string, outbox: unknown, more: Partial<DynamoDBRecord> = {}): DynamoDBRecord => ({
  eventName: 'INSERT',
  eventSourceARN:
    'arn:aws:dynamodb:eu-central-1:000000000000:table/trunkline-inbox/stream/2026-03-01T00:00:00.000',
  ...more,
  dynamodb: {
    SequenceNumber: `seq-${key}`,
    Keys: { pk: { S: key } },
    NewImage: marshall(
      { pk: key, ...(outbox !== undefined && { outbox }) },
      { removeUndefinedValues: true },
    ) as never,
    ...more.dynamodb,
  },
});

const harness = () => {
  const bus = new MemoryBus();
  const queues = new MemorySendQueues();
  const publishFailed = new MemoryPublishFailedQueue();
  const observer = new RecordingObserver();
  const slept: number[] = [];
  const handler = createHandler({
    eventBus: bus,
    sendQueues: queues,
    publishFailed,
    observer,
    randomness: { token: () => 'token', fraction: () => 1 },
    sleep: async (milliseconds) => void slept.push(milliseconds),
  });
  const run = async (...records: DynamoDBRecord[]) =>
    (await handler({ Records: records }, {} as Context)).batchItemFailures.map(
      ({ itemIdentifier }) => itemIdentifier,
    );
  return { bus, queues, publishFailed, observer, slept, run };
};

describe('publish-events', () => {
  test('puts the outboxes of all items of a batch on the bus and the queues in one call each, in order', async () => {
    const { bus, queues, observer, run } = harness();
    const failures = await run(
      record('a', [entryOf('a', 0), dispatchOf('a'), entryOf('a', 1)]),
      record('b', [entryOf('b')]),
      record('c', [dispatchOf('c')]),
    );
    expect(failures).toEqual([]);
    expect(bus.calls).toBe(1);
    expect(bus.published).toEqual([eventOf('a', 0), eventOf('a', 1), eventOf('b')]);
    expect(queues.sent.map(({ pool, intentId, delaySeconds }) => ({ pool, intentId, delaySeconds }))).toEqual(
      [
        { pool: 'sms-otp', intentId: 'a', delaySeconds: 5 },
        { pool: 'sms-otp', intentId: 'c', delaySeconds: 5 },
      ],
    );
    expect(observer.counts.get('EventsPublished')).toBe(5);
    expect(observer.flushes).toBe(1);
  });

  test('passes over removals, time-to-live ones included, and items without an outbox', async () => {
    const { bus, publishFailed, run } = harness();
    const removal = record('a', [entryOf('a')], { eventName: 'REMOVE' });
    expect(
      await run(removal, record('b', undefined), record('c', undefined, { eventName: 'MODIFY' })),
    ).toEqual([]);
    expect([bus.calls, publishFailed.added]).toEqual([0, []]);
  });

  test('sends a refused entry again, and only that', async () => {
    const { bus, observer, slept, run } = harness();
    bus.refusals.set('inbox/k7/1/0', 1);
    const records = Array.from({ length: 10 }, (_, index) => record(`k${index}`, [entryOf(`k${index}`)]));
    expect(await run(...records)).toEqual([]);
    expect(bus.published.map(({ correlationId }) => correlationId).sort()).toEqual(
      Array.from({ length: 10 }, (_, index) => `k${index}`),
    );
    expect([bus.calls, slept, observer.counts.get('PublishFailed')]).toEqual([2, [400], 1]);
  });

  test('sends everything again when nothing is known of a call', async () => {
    const { bus, publishFailed, run } = harness();
    bus.isDown = true;
    expect(await run(record('a', [entryOf('a')]))).toEqual([]);
    expect([bus.calls, publishFailed.added.length]).toEqual([3, 1]);
  });

  test('sets what is refused three times aside with its item’s key, and what is behind it does not wait', async () => {
    const { bus, publishFailed, observer, run } = harness();
    bus.refusals.set('inbox/poison/1/1', 'always');
    const failures = await run(
      record('before', [entryOf('before')]),
      record('poison', [entryOf('poison', 0), entryOf('poison', 1)]),
      record('behind', [entryOf('behind')]),
    );
    expect(failures).toEqual([]);
    expect(bus.published.map(({ id }) => id)).toEqual([
      'inbox/before/1/0',
      'inbox/poison/1/0',
      'inbox/behind/1/0',
    ]);
    expect(publishFailed.added).toEqual([
      {
        table: 'trunkline-inbox',
        key: '{"pk":{"S":"poison"}}',
        reason: 'ThrottlingException',
        // What was taken is not set aside.
        entries: [entryOf('poison', 1)],
      },
    ]);
    expect(observer.counts.get('PublishPoisoned')).toBe(1);
  });

  test('sets an item aside when a dispatch of it is refused', async () => {
    const { queues, publishFailed, run } = harness();
    queues.refusals.set('a', 'always');
    await run(record('a', [dispatchOf('a')]));
    expect(publishFailed.added.length).toBe(1);
  });

  test.each<[string, unknown]>([
    ['no list', 'outbox'],
    ['an empty list', []],
    ['an unknown kind', [{ kind: 'telegram' }]],
    ['an event without an id', [{ kind: 'event', event: { type: 'a.v1' } }]],
    ['a delay beyond SQS', [{ ...dispatchOf('a'), delaySeconds: 901 }]],
  ])('sets an item aside whose outbox is %s', async (_name, outbox) => {
    const { publishFailed, run } = harness();
    expect(await run(record('a', outbox))).toEqual([]);
    expect(publishFailed.added).toMatchObject([{ reason: 'unreadable', entries: [] }]);
  });

  test('sets an item aside whose image cannot be read or is missing', async () => {
    const { bus, publishFailed, run } = harness();
    const broken = record('a', [], {
      dynamodb: { SequenceNumber: 'x', NewImage: { pk: { X: 1 } as never } },
    });
    const { NewImage: _image, ...withoutImage } = record('b', []).dynamodb ?? {};
    const missing = { ...record('b', []), dynamodb: withoutImage };
    expect(await run(broken, missing, record('c', [entryOf('c')]))).toEqual([]);
    expect([publishFailed.added.length, bus.published.length]).toEqual([2, 1]);
  });

  test('publishes events of a version that it does not know, since a writer may be ahead of it', async () => {
    const { bus, run } = harness();
    await run(record('a', [{ kind: 'event', event: { ...eventOf('a'), type: 'message.teleported.v7' } }]));
    expect(bus.published.length).toBe(1);
  });

  test('reports the sequence number of an item that could not even be set aside', async () => {
    const { bus, publishFailed, run } = harness();
    bus.refusals.set('inbox/poison/1/0', 'always');
    publishFailed.isDown = true;
    expect(await run(record('a', [entryOf('a')]), record('poison', [entryOf('poison')]))).toEqual([
      'seq-poison',
    ]);
  });
});
