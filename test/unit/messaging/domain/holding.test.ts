import { describe, expect, test } from '@jest/globals';
import { heldUntil, hold, tokensOf } from '../../../../functions/messaging/domain/holding.ts';
import { wake } from '../../../../functions/messaging/domain/lifecycle.ts';
import { TrunklineEvent } from '../../../../functions/shared/contract/events.ts';
import { ATTEMPT, NOON, pending } from '../../../fakes/messaging/intents.ts';

const MOMENT = { now: NOON, owner: 'sender', jitter: 0.5 };

describe('a held intent', () => {
  test('waits as it was, without an attempt, and comes back by the queue', () => {
    const { intent, outbox } = hold(pending(), 'sending is paused', NOON + 40_000, MOMENT);
    expect(intent).toEqual({
      ...pending(),
      version: 2,
      owner: 'sender',
      updatedAt: NOON,
      notBefore: NOON + 40_000,
      dueAt: NOON + 340_000,
      reason: 'sending is paused',
    });
    expect(outbox).toMatchObject([
      {
        kind: 'event',
        event: {
          type: 'message.held.v1',
          data: { state: 'PENDING', reason: 'sending is paused', notBefore: '2026-03-01T12:00:40.000Z' },
        },
      },
      { kind: 'dispatch', pool: 'transactional', delaySeconds: 40 },
    ]);
    expect(() => TrunklineEvent.parse(outbox[0]?.kind === 'event' && outbox[0].event)).not.toThrow();
  });

  test('keeps the number of its attempts', () => {
    const { intent } = hold(pending({ attempt: ATTEMPT }), 'paused', NOON + 1_000, MOMENT);
    expect(intent.attempt).toEqual(ATTEMPT);
  });

  test('tells once why it waits, and again when the reason changes', () => {
    const once = hold(pending(), 'paused', NOON + 1_000, MOMENT);
    const again = hold(once.intent, 'paused', NOON + 2_000, MOMENT);
    const other = hold(again.intent, 'frozen', NOON + 3_000, MOMENT);
    const events = [once, again, other].map(
      ({ outbox }) => outbox.filter(({ kind }) => kind === 'event').length,
    );
    expect(events).toEqual([1, 0, 1]);
  });

  test('is not held beyond its deadline, and then expires', () => {
    const { intent } = hold(pending({ deadline: NOON + 10_000 }), 'paused', NOON + 40_000, MOMENT);
    expect(intent.notBefore).toBe(NOON + 10_000);
    expect(wake(intent, { ...MOMENT, now: NOON + 10_000 }).kind).toBe('expired');
  });

  test.each([0, 0.5, 0.999999])(
    'is looked at again within a minute of a resume that its sender learned of 5 s late (%d)',
    (jitter) => {
      const until = heldUntil({ ...MOMENT, jitter });
      expect(until - NOON).toBeGreaterThanOrEqual(35_000);
      expect(until - NOON).toBeLessThanOrEqual(54_000);
    },
  );
});

describe('what a message takes of the rate', () => {
  test.each([
    ['a short text', {}, 1],
    ['a long text', { body: 'a'.repeat(320) }, 3],
    ['an MMS, however long its text', { body: 'a'.repeat(320), mediaUrls: ['https://example.com/a.png'] }, 1],
    ['WhatsApp', { channel: 'whatsapp' as const, body: 'a'.repeat(320) }, 1],
  ])('%s', (_what, changes, tokens) => {
    expect(tokensOf(pending(changes))).toBe(tokens);
  });
});
