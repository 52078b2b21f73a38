import { describe, expect, test } from '@jest/globals';
import { publishFailures } from '../../../functions/ingress/publish-failure.ts';
import { MemoryBus, MemorySendQueues } from '../../fakes/ingress/memory-bus.ts';

const eventOf = (id: string) => ({
  id,
  time: '2026-03-01T12:00:00.000Z',
  accountSid: 'AC1',
  correlationId: id,
  type: 'message.suppressed.v1',
  data: { intentId: id, version: 1, state: 'SUPPRESSED', reason: 'opted-out' },
});

const failureOf = (...entries: readonly object[]): string =>
  JSON.stringify({ table: 'trunkline-messaging', key: '{}', reason: 'ThrottlingException', entries });

const harness = () => {
  const bus = new MemoryBus();
  const queues = new MemorySendQueues();
  const ports = {
    eventBus: bus,
    sendQueues: queues,
    randomness: { token: () => 'token', fraction: () => 0 },
    sleep: async () => undefined,
  };
  return { bus, queues, run: (...bodies: readonly string[]) => publishFailures(bodies, ports) };
};

describe('what publish-events set aside', () => {
  test('is published as it stood when it failed, whatever became of its item', async () => {
    const { bus, queues, run } = harness();
    const dispatch = { kind: 'dispatch', pool: 'otp', intentId: 'int_1', delaySeconds: 0 };
    const result = await run(
      failureOf({ kind: 'event', event: eventOf('messaging/a/1/0') }, dispatch),
      failureOf({ kind: 'event', event: eventOf('messaging/b/4/1') }),
    );
    expect(result).toEqual({ failed: [] });
    expect(bus.published.map(({ id }) => id)).toEqual(['messaging/a/1/0', 'messaging/b/4/1']);
    expect(queues.sent).toMatchObject([{ pool: 'otp', intentId: 'int_1' }]);
  });

  test('stays in the queue where the bus refuses it again', async () => {
    const { bus, run } = harness();
    bus.refusals.set('messaging/b/4/1', 'always');
    const bodies = ['messaging/a/1/0', 'messaging/b/4/1'].map((id) =>
      failureOf({ kind: 'event', event: eventOf(id) }),
    );
    expect(await run(...bodies)).toEqual({ failed: [{ index: 1, reason: 'ThrottlingException' }] });
  });

  test.each([
    ['whose outbox nobody could read', failureOf(), 'no entries'],
    ['of a version without entries', '{"table":"t","key":"k","reason":"r"}', 'no entries'],
    ['that is no JSON', 'rubbish', 'no entries'],
    ['that Lambda wrote about a batch', '{"DDBStreamBatchInfo":{"shardId":"1"}}', 'a whole batch'],
  ])('stays in the queue, and asks for a replay, where it is an item %s', async (_name, body, reason) => {
    const { bus, run } = harness();
    const good = failureOf({ kind: 'event', event: eventOf('messaging/a/1/0') });
    const { failed } = await run(body, good);
    expect(failed).toEqual([{ index: 0, reason: expect.stringContaining(reason) }]);
    expect(bus.published.length).toBe(1);
  });
});
