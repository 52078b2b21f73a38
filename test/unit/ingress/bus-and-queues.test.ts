import { describe, expect, test } from '@jest/globals';
import { createEventBus } from '../../../functions/shared/aws/event-bus.ts';
import { inChunks } from '../../../functions/shared/aws/in-chunks.ts';
import { createPublishFailedQueue, createSendQueues } from '../../../functions/shared/aws/send-queues.ts';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';

const event = (id: string, eventType = 'com.twilio.x'): TrunklineEvent => ({
  id,
  time: '2026-03-01T12:00:00.000Z',
  accountSid: 'AC1',
  correlationId: id,
  type: 'twilio-event.received.v1',
  data: { cloudEventId: id, eventType, inboxKey: 'ES#1' },
});

/** A client that plays answers and keeps what it was sent. */
const client = (respond: (input: never) => unknown) => {
  const inputs: unknown[] = [];
  const send = async (command: { readonly input: unknown }) => {
    inputs.push(command.input);
    return respond(command.input as never);
  };
  return { inputs, client: { send: send as never } };
};

describe('the event bus', () => {
  const acceptAll = (input: { Entries: unknown[] }) => ({
    FailedEntryCount: 0,
    Entries: input.Entries.map((_, index) => ({ EventId: String(index) })),
  });

  test('puts an event as source, detail type and detail', async () => {
    const { inputs, client: eventBridge } = client(acceptAll);
    expect(await createEventBus(eventBridge, 'bus').publish([event('e1')])).toEqual({ failed: [] });
    expect(inputs).toEqual([
      {
        Entries: [
          {
            EventBusName: 'bus',
            Source: 'trunkline',
            DetailType: 'twilio-event.received.v1',
            Detail: JSON.stringify(event('e1')),
          },
        ],
      },
    ]);
  });

  test('puts ten entries a call', async () => {
    const { inputs, client: eventBridge } = client(acceptAll);
    await createEventBus(eventBridge, 'bus').publish(
      Array.from({ length: 21 }, (_, index) => event(`e${index}`)),
    );
    expect(inputs.map((input) => (input as { Entries: unknown[] }).Entries.length)).toEqual([10, 10, 1]);
  });

  test('names the entries that were refused by their place in the input', async () => {
    const refuse = (input: { Entries: { Detail: string }[] }) => ({
      FailedEntryCount: 1,
      Entries: input.Entries.map(({ Detail }) =>
        Detail.includes('"e13"') ? { ErrorCode: 'ThrottlingException' } : { EventId: 'x' },
      ),
    });
    const events = Array.from({ length: 20 }, (_, index) => event(`e${index}`));
    expect(await createEventBus(client(refuse).client, 'bus').publish(events)).toEqual({
      failed: [{ index: 13, reason: 'ThrottlingException' }],
    });
  });

  test('takes a call that failed, or gave too few results, as a failure of its entries only', async () => {
    let calls = 0;
    const flaky = (input: { Entries: unknown[] }) => {
      calls += 1;
      if (calls === 1) throw Object.assign(new Error('x'), { name: 'TimeoutError' });
      return { ...acceptAll(input), Entries: acceptAll(input).Entries.slice(1) };
    };
    const events = Array.from({ length: 12 }, (_, index) => event(`e${index}`));
    const { failed } = await createEventBus(client(flaky).client, 'bus').publish(events);
    expect(failed.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11]);
    expect(failed.map(({ reason }) => reason).slice(9)).toEqual(['TimeoutError', 'NoResult']);
  });

  test('keeps a call below 256 KB', async () => {
    const { inputs, client: eventBridge } = client(acceptAll);
    const large = Array.from({ length: 3 }, (_, index) => event(`e${index}`, 'x'.repeat(100_000)));
    await createEventBus(eventBridge, 'bus').publish(large);
    expect(inputs.map((input) => (input as { Entries: unknown[] }).Entries.length)).toEqual([2, 1]);
  });
});

describe('send queues', () => {
  const acceptAll = (input: { Entries: { Id: string }[] }) => ({
    Successful: input.Entries.map(({ Id }) => ({ Id })),
  });
  const message = (intentId: string, pool = 'sms-otp') => ({ pool, intentId, delaySeconds: 7 });
  const QUEUES = { 'sms-otp': 'http://queue/otp', 'sms-bulk': 'http://queue/bulk' };

  test('get a batch each, with the delay', async () => {
    const { inputs, client: sqs } = client(acceptAll);
    const messages = [message('a'), message('b', 'sms-bulk'), message('c')];
    expect(await createSendQueues(sqs, QUEUES).enqueue(messages)).toEqual({ failed: [] });
    expect(inputs).toEqual([
      {
        QueueUrl: 'http://queue/otp',
        Entries: [
          { Id: '0', MessageBody: '{"intentId":"a"}', DelaySeconds: 7 },
          { Id: '2', MessageBody: '{"intentId":"c"}', DelaySeconds: 7 },
        ],
      },
      {
        QueueUrl: 'http://queue/bulk',
        Entries: [{ Id: '1', MessageBody: '{"intentId":"b"}', DelaySeconds: 7 }],
      },
    ]);
  });

  test('get at most ten messages a call', async () => {
    const { inputs, client: sqs } = client(acceptAll);
    await createSendQueues(sqs, QUEUES).enqueue(
      Array.from({ length: 11 }, (_, index) => message(`i${index}`)),
    );
    expect(inputs.length).toBe(2);
  });

  test('fail for a pool that has none, and for no other', async () => {
    const { client: sqs } = client(acceptAll);
    const messages = [message('a', 'unknown'), message('b'), message('c', 'constructor')];
    expect(await createSendQueues(sqs, QUEUES).enqueue(messages)).toEqual({
      failed: [
        { index: 0, reason: 'NoQueueOfPool' },
        { index: 2, reason: 'NoQueueOfPool' },
      ],
    });
  });

  test('name what was refused, and what nothing was said of', async () => {
    const refuse = () => ({ Successful: [{ Id: '0' }], Failed: [{ Id: '1', Code: 'InternalError' }] });
    const messages = [message('a'), message('b'), message('c')];
    expect(await createSendQueues(client(refuse).client, QUEUES).enqueue(messages)).toEqual({
      failed: [
        { index: 1, reason: 'InternalError' },
        { index: 2, reason: 'NoResult' },
      ],
    });
  });

  test('that cannot be reached fail the batch', async () => {
    const down = () => {
      throw Object.assign(new Error('x'), { name: 'TimeoutError' });
    };
    expect(await createSendQueues(client(down).client, QUEUES).enqueue([message('a')])).toEqual({
      failed: [{ index: 0, reason: 'TimeoutError' }],
    });
  });

  test('the publish-failed queue takes a key with the entries that were not published', async () => {
    const { inputs, client: sqs } = client(() => ({}));
    const entry = { kind: 'dispatch', pool: 'sms-otp', intentId: 'int_1', delaySeconds: 0 } as const;
    const failure = { table: 't', key: 'k', reason: 'r', entries: [entry] };
    await createPublishFailedQueue(sqs, 'http://queue/failed').add(failure);
    await createPublishFailedQueue(sqs, 'http://queue/failed').add({ ...failure, entries: [] });
    expect(inputs).toEqual([
      { QueueUrl: 'http://queue/failed', MessageBody: JSON.stringify(failure) },
      { QueueUrl: 'http://queue/failed', MessageBody: '{"table":"t","key":"k","reason":"r","entries":[]}' },
    ]);
  });

  test('a failure of more entries than a message can hold goes in several, in order', async () => {
    const { inputs, client: sqs } = client(() => ({}));
    const entries = Array.from({ length: 250 }, (_, index) => ({
      kind: 'dispatch' as const,
      pool: 'sms-otp',
      intentId: `int_${index}`,
      delaySeconds: 0,
    }));
    await createPublishFailedQueue(sqs, 'http://queue/failed').add({
      table: 't',
      key: 'k',
      reason: 'r',
      entries,
    });
    const bodies = inputs.map(
      (input) => JSON.parse((input as { MessageBody: string }).MessageBody) as { entries: unknown[] },
    );
    expect(bodies.map((body) => body.entries.length)).toEqual([100, 100, 50]);
    expect(bodies.flatMap((body) => body.entries)).toEqual(entries);
  });
});

test('chunks keep order, count and size, and what is too large stands alone', () => {
  const chunks = inChunks([3, 4, 9, 20, 1, 1, 1], { count: 2, bytes: 10, sizeOf: (value) => value });
  expect(chunks).toEqual([[3, 4], [9], [20], [1, 1], [1]]);
});
