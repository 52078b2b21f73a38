import { describe, expect, test } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import {
  createQueueHandler,
  type RecordContext,
  type RecordOutcome,
} from '../../../functions/shared/runtime/queue-handler.ts';
import { createRecordingObserver } from '../../fakes/recording-observer.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 5000 } as Context;

const eventOf = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: 'r',
    body,
    attributes: {
      ApproximateReceiveCount: '2',
      SentTimestamp: '1770000000000',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '1770000000001',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn',
    awsRegion: 'eu-west-1',
  })),
});

const setUp = (handle: (body: { n: number }, context: RecordContext) => Promise<RecordOutcome>) => {
  const recording = createRecordingObserver();
  const flushes: number[] = [];
  const observer = { ...recording, flush: () => void flushes.push(1) };
  return {
    recording,
    flushes,
    handler: createQueueHandler({ schema: z.object({ n: z.int() }), handle, observer }),
  };
};

const ACK: RecordOutcome = { kind: 'ack' };
const body = (n: number): string => JSON.stringify({ n });

describe('a queue handler', () => {
  test('acknowledges what is done', async () => {
    const seen: unknown[] = [];
    const { handler, flushes } = setUp(async ({ n }, { remainingMilliseconds, ...more }) => {
      seen.push([n, remainingMilliseconds(), more]);
      return ACK;
    });
    expect(await handler(eventOf(body(7)), context)).toEqual({ batchItemFailures: [] });
    const expected = { messageId: 'm0', receiveCount: 2, sentAt: 1_770_000_000_000, requestId: 'request-1' };
    expect(seen).toEqual([[7, 5000, expected]]);
    expect(flushes).toHaveLength(1);
  });

  test('reports one bad message among good ones alone', async () => {
    const { handler } = setUp(async ({ n }) =>
      n === 1 ? { kind: 'retry', reason: 'busy', afterSeconds: 3 } : ACK,
    );
    expect(await handler(eventOf(body(0), body(1), body(2)), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
  });

  test('reports a batch of failures without failing itself', async () => {
    const { handler, recording, flushes } = setUp(() => Promise.reject(new Error('store down')));
    expect(await handler(eventOf(body(0), body(1)), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }],
    });
    expect(recording.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'message failed'],
      ['error', 'message failed'],
    ]);
    expect(recording.total('PoisonMessage')).toBe(0);
    expect(flushes).toHaveLength(1);
  });

  test.each([
    ['text that is not JSON', '+14155550123 {'],
    ['another shape', '{"n":"+14155550123"}'],
  ])(
    'counts %s as poison and leaves it to the dead-letter queue, saying nothing of its content',
    async (_, poison) => {
      const { handler, recording } = setUp(async () => ACK);
      expect(await handler(eventOf(poison, body(1)), context)).toEqual({
        batchItemFailures: [{ itemIdentifier: 'm0' }],
      });
      expect(recording.total('PoisonMessage')).toBe(1);
      expect(JSON.stringify(recording.lines)).not.toContain('415');
    },
  );

  test('counts a message that no try can help as poison', async () => {
    const { handler, recording } = setUp(async () => ({ kind: 'dead-letter', reason: 'no such intent' }));
    expect(await handler(eventOf(body(0)), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
    expect(recording.total('PoisonMessage')).toBe(1);
  });

  test('forgets one batch before the next', async () => {
    let isDown = true;
    const { handler } = setUp(async () => (isDown ? { kind: 'retry', reason: 'down' } : ACK));
    await handler(eventOf(body(0)), context);
    isDown = false;
    expect(await handler(eventOf(body(0)), context)).toEqual({ batchItemFailures: [] });
  });
});
