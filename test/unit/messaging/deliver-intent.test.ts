import { describe, expect, test } from '@jest/globals';
import { cancelMessage } from '../../../functions/messaging/cancel-message.ts';
import { wakeDueIntents } from '../../../functions/messaging/dispatch-due/wake-due-intents.ts';
import type { MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { recordStatus } from '../../../functions/messaging/record-status/record-status.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import type { CreateMessageRequest, PostOutcome } from '../../../functions/shared/ports/twilio-messages.ts';
import { INTENT_ID, pending } from '../../fakes/messaging/intents.ts';
import { accepted, sidOf, tokenOf } from '../../fakes/messaging/scripted-twilio.ts';
import { faultAt, Stage } from '../../fakes/messaging/stage.ts';
import { receiveCallback } from '../../fakes/messaging/webhook-events.ts';

const prepare = async (changes: Partial<MessageIntent> = {}): Promise<Stage> => {
  const stage = new Stage('2026-03-01T12:00:00Z');
  await writeTransition(undefined, { intent: pending(changes), outbox: [] }, [], stage);
  stage.drainOutbox();
  return stage;
};

const deliver = (stage: Stage, remaining?: number) =>
  deliverIntent(stage.delivery(INTENT_ID, remaining), stage);

/** Twilio's callback for a POST, handled before the POST is answered. */
const callBack = async (stage: Stage, request: CreateMessageRequest, messageSid: string, status = 'sent') => {
  const time = new Date(stage.now).toISOString();
  const event = await receiveCallback(stage.tables, { messageSid, status, token: tokenOf(request), time });
  return recordStatus(event, `callback of ${messageSid}`, stage);
};

describe('a delivery', () => {
  test('arms in one transaction, posts once and records what it proved', async () => {
    const stage = await prepare();
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.twilio.requests).toEqual([
      {
        accountSid: 'AC00000000000000000000000000000001',
        to: '+14155550123',
        messagingServiceSid: 'MG00000000000000000000000000000001',
        body: 'Your parcel is here.',
        statusCallback: expect.stringMatching(
          /^https:\/\/hooks\.example\.com\/twilio\/AC00000000000000000000000000000001\/messages\/status\/token0+1#rc=3&rp=all&ct=2000&rt=3500$/,
        ),
        validityPeriod: 600,
      },
    ]);
    expect(await stage.intent(INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      version: 3,
      sid: sidOf(1),
      evidence: 'response',
    });
    expect(stage.rows(`SID#${sidOf(1)}`)).toMatchObject([{ intentId: INTENT_ID }]);
    expect(stage.drainEvents()).toMatchObject([
      { type: 'message.accepted.v1', data: { messageSid: sidOf(1) } },
    ]);
    expect(stage.count('SendOutcome', 'ACCEPTED')).toBe(1);
  });

  test('has left attempt and recipient pointer before the POST', async () => {
    const stage = await prepare();
    let seen: readonly unknown[] = [];
    stage.twilio.script(async () => {
      seen = [...stage.rows('ATTEMPT#'), ...stage.rows('RECIPIENT#'), await stage.intent(INTENT_ID)];
      return accepted(sidOf(1));
    });
    await deliver(stage);
    expect(seen).toMatchObject([
      {
        intentId: INTENT_ID,
        attempt: { number: 1, armedAt: stage.now },
        expiresAt: stage.now / 1000 + 60 * 86_400,
      },
      { pk: 'RECIPIENT#+14155550123', sk: `ARMED#${INTENT_ID}`, expiresAt: stage.now / 1000 + 8 * 86_400 },
      { state: 'ARMED', version: 2 },
    ]);
  });

  test("sends WhatsApp to WhatsApp's address", async () => {
    const stage = await prepare({ channel: 'whatsapp' });
    await deliver(stage);
    expect(stage.twilio.requests).toMatchObject([{ to: 'whatsapp:+14155550123' }]);
  });

  test.each([
    ['2026-03-01T12:00:00Z', 600],
    ['2026-03-01T12:55:00.500Z', 299],
    ['2026-03-01T12:59:58Z', 5],
  ])("bounds the message's life at Twilio by the deadline: at %s %i s", async (instant, validityPeriod) => {
    const stage = (await prepare()).at(instant);
    await deliver(stage);
    expect(stage.twilio.requests).toMatchObject([{ validityPeriod }]);
  });

  test('sends media without a body', async () => {
    const { body: _none, ...intent } = pending({ mediaUrls: ['https://example.com/a.png'] });
    const stage = new Stage('2026-03-01T12:00:00Z');
    await writeTransition(undefined, { intent, outbox: [] }, [], stage);
    await deliver(stage);
    expect(stage.twilio.requests[0]).toMatchObject({ mediaUrls: ['https://example.com/a.png'] });
    expect(stage.twilio.requests[0]).not.toHaveProperty('body');
  });

  const answered = { httpStatus: 429, durationMilliseconds: 10 };
  test.each<[string, PostOutcome, string]>([
    ['a refusal', { kind: 'rejected', errorCode: 21211, ...answered }, 'REJECTED'],
    ['429', { kind: 'throttled', ...answered }, 'PENDING'],
    ['no connection', { kind: 'not-sent', reason: 'ECONNREFUSED', durationMilliseconds: 1 }, 'PENDING'],
    ['a time-out', { kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 }, 'UNKNOWN'],
    ['a 503', { kind: 'unknown', reason: 'HTTP 503', httpStatus: 503, durationMilliseconds: 20 }, 'UNKNOWN'],
  ])('%s leaves %3$s', async (_what, outcome, state) => {
    const stage = await prepare();
    stage.twilio.script(outcome);
    expect(await deliver(stage)).toEqual({ kind: 'done', state });
    expect((await stage.intent(INTENT_ID)).state).toBe(state);
    expect(stage.rows('SID#')).toEqual([]);
    expect(stage.count('SendOutcome', state)).toBe(1);
  });

  test('what is unknown is never posted again by another delivery', async () => {
    const stage = await prepare();
    stage.twilio.script({ kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 });
    await deliver(stage);
    expect(await deliver(stage.at('2026-03-01T12:10:00Z'))).toEqual({ kind: 'done', state: 'UNKNOWN' });
    expect(stage.twilio.requests).toHaveLength(1);
  });

  test('what was slowed down is posted again, under another token, when its time has come', async () => {
    const stage = await prepare();
    stage.twilio.script({ kind: 'throttled', ...answered });
    await deliver(stage);
    expect(await deliver(stage.at('2026-03-01T12:00:01Z'))).toMatchObject({
      state: expect.stringMatching(/PENDING|ACCEPTED/),
    });
    await deliver(stage.at('2026-03-01T12:00:10Z'));
    const tokens = stage.twilio.requests.map(tokenOf);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(2);
    expect(await stage.intent(INTENT_ID)).toMatchObject({ state: 'ACCEPTED', attempt: { number: 2 } });
  });
});

describe('a delivery that must not send', () => {
  test('of an intent that does not exist says so', async () => {
    expect(await deliver(new Stage('2026-03-01T12:00:00Z'))).toEqual({ kind: 'missing' });
  });

  test('past the deadline expires it', async () => {
    const stage = (await prepare()).at('2026-03-01T13:00:00Z');
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'EXPIRED' });
    expect(stage.drainEvents()).toMatchObject([{ type: 'message.expired.v1' }]);
    expect(stage.twilio.requests).toEqual([]);
  });

  test('long before its time is left to the due-index', async () => {
    const stage = await prepare({ notBefore: Date.parse('2026-03-01T12:00:02.001Z') });
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'PENDING' });
    expect(stage.sleeps).toEqual([]);
    expect(stage.twilio.requests).toEqual([]);
  });

  test('a little before its time waits for it', async () => {
    const stage = await prepare({ notBefore: Date.parse('2026-03-01T12:00:02Z') });
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.sleeps).toEqual([2_000]);
  });

  test('of what was canceled between reading and arming leaves it canceled', async () => {
    const stage = await prepare();
    let isDone = false;
    stage.tables.inject({
      before: async (call) => {
        if (call.operation !== 'transact' || isDone) return undefined;
        isDone = true;
        await cancelMessage(await stage.intent(INTENT_ID), stage);
        return undefined;
      },
    });
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'SUPPRESSED' });
    expect(stage.twilio.requests).toEqual([]);
    expect(stage.rows('ATTEMPT#')).toEqual([]);
  });

  test.each([10_999, 0, -5])(
    'with %i ms left goes back to wait: the POST would not end in time',
    async (remaining) => {
      const stage = await prepare();
      expect(await deliver(stage, remaining)).toEqual({ kind: 'done', state: 'PENDING' });
      expect(stage.twilio.requests).toEqual([]);
      expect(stage.drainEvents()).toMatchObject([
        { type: 'message.deferred.v1', data: { reason: expect.stringContaining('too little time') } },
      ]);
    },
  );

  test('with 11 s left sends', async () => {
    expect(await deliver(await prepare(), 11_000)).toEqual({ kind: 'done', state: 'ACCEPTED' });
  });

  test.each([
    [8_000, 'ACCEPTED'],
    [8_001, 'PENDING'],
  ])('whose arming took %i ms ends %s', async (milliseconds, state) => {
    const stage = await prepare();
    stage.tables.inject({
      after: (call) => {
        if (call.operation === 'transact' && stage.now === Date.parse('2026-03-01T12:00:00Z'))
          stage.now += milliseconds;
      },
    });
    expect(await deliver(stage)).toEqual({ kind: 'done', state });
    expect(stage.twilio.requests).toHaveLength(state === 'ACCEPTED' ? 1 : 0);
  });
});

describe('deliveries of one intent', () => {
  test('two at once make exactly one POST', async () => {
    const stage = await prepare();
    const outcomes = await Promise.all([deliver(stage), deliver(stage)]);
    expect(stage.twilio.requests).toHaveLength(1);
    expect(outcomes.every(({ kind }) => kind === 'done')).toBe(true);
  });

  test('twenty at once, each with a conflict in its way, make exactly one POST', async () => {
    const stage = await prepare();
    const conflicted = new Set<number>();
    stage.tables.inject({
      before: ({ operation, number }) => {
        if (operation !== 'transact' || conflicted.size >= 20) return undefined;
        conflicted.add(number);
        return 'transaction-conflict';
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => deliver(stage)));
    expect(stage.twilio.requests).toHaveLength(1);
    expect((await stage.intent(INTENT_ID)).state).toBe('ACCEPTED');
  });

  test('a crash after arming leaves ARMED; no later delivery posts; the tick makes it UNKNOWN', async () => {
    const stage = await prepare();
    stage.tables.inject({
      after: ({ operation }) => {
        if (operation === 'transact') throw new Error('crash');
      },
    });
    await expect(deliver(stage)).rejects.toThrow('crash');
    stage.tables.inject({});
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ARMED' });
    expect(await deliver(stage.at('2026-03-01T12:02:00Z'))).toEqual({ kind: 'done', state: 'ARMED' });
    await wakeDueIntents({ owner: 'tick', remainingMilliseconds: () => 50_000 }, stage);
    expect((await stage.intent(INTENT_ID)).state).toBe('UNKNOWN');
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'UNKNOWN' });
    expect(stage.twilio.requests).toEqual([]);
  });

  test('a crash between the POST and its record: never a second POST; the callback settles it', async () => {
    const stage = await prepare();
    stage.twilio.script(async () => {
      throw new Error('crash');
    });
    await expect(deliver(stage)).rejects.toThrow('crash');
    await wakeDueIntents(
      { owner: 'tick', remainingMilliseconds: () => 50_000 },
      stage.at('2026-03-01T12:01:00Z'),
    );
    expect((await stage.intent(INTENT_ID)).state).toBe('UNKNOWN');
    await callBack(stage, stage.twilio.requests[0] as CreateMessageRequest, sidOf(1), 'delivered');
    expect(await stage.intent(INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      sid: sidOf(1),
      status: { state: 'delivered' },
    });
    expect(stage.twilio.requests).toHaveLength(1);
  });
});

describe('a store that fails', () => {
  test('loses the acknowledgement of arming on the way: it is armed, and sent once', async () => {
    const stage = await prepare();
    stage.tables.inject(faultAt('transact', 1, 'repeated'));
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.twilio.requests).toHaveLength(1);
  });

  test('loses the acknowledgement of arming for good: nothing is sent, now or later', async () => {
    const stage = await prepare();
    stage.tables.inject(faultAt('transact', 1, 'acknowledgement-lost'));
    await expect(deliver(stage)).rejects.toThrow(StoreUnavailableError);
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ARMED' });
    expect(stage.twilio.requests).toEqual([]);
  });

  test('throttles the arming: nothing happened, and the next delivery sends', async () => {
    const stage = await prepare();
    stage.tables.inject(faultAt('transact', 1, 'throttled'));
    await expect(deliver(stage)).rejects.toThrow(StoreUnavailableError);
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
  });

  test('loses the acknowledgement of the record on the way: the record stands', async () => {
    const stage = await prepare();
    stage.tables.inject(faultAt('transact', 2, 'repeated'));
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(await stage.intent(INTENT_ID)).toMatchObject({ version: 3, sid: sidOf(1) });
  });

  test.each(['acknowledgement-lost', 'throttled'] as const)(
    '%s at the record: the log keeps the MessageSid, and there is never a second POST',
    async (fault) => {
      const stage = await prepare();
      stage.tables.inject(faultAt('transact', 2, fault));
      await expect(deliver(stage)).rejects.toThrow(StoreUnavailableError);
      expect(stage.observer.lines).toContainEqual({
        level: 'info',
        message: 'attempt ended',
        fields: { intentId: INTENT_ID, attempt: 1, outcome: 'accepted', sid: sidOf(1) },
      });
      for (const instant of ['2026-03-01T12:00:20Z', '2026-03-01T12:02:00Z', '2026-03-01T12:40:00Z']) {
        await deliver(stage.at(instant));
        await wakeDueIntents({ owner: instant, remainingMilliseconds: () => 50_000 }, stage);
      }
      expect(stage.twilio.requests).toHaveLength(1);
      expect((await stage.intent(INTENT_ID)).state).toBe(fault === 'throttled' ? 'UNKNOWN' : 'ACCEPTED');
    },
  );

  test('has a conflict on the record: it is tried again until it stands', async () => {
    const stage = await prepare();
    stage.tables.inject(faultAt('transact', 2, 'transaction-conflict'));
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.sleeps).toHaveLength(1);
  });
});

describe('a callback before the POST has returned', () => {
  test('with the same MessageSid is confirmed by the answer', async () => {
    const stage = await prepare();
    stage.twilio.script(async (request) => {
      await callBack(stage, request, sidOf(7), 'delivered');
      return accepted(sidOf(7));
    });
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(await stage.intent(INTENT_ID)).toMatchObject({
      sid: sidOf(7),
      evidence: 'callback',
      status: { state: 'delivered' },
    });
    expect(stage.drainEvents().map(({ type }) => type)).toEqual([
      'message.accepted.v1',
      'message.status-recorded.v1',
    ]);
    expect(stage.count('DuplicateDetected')).toBe(0);
  });

  test('is believed where the answer is a time-out', async () => {
    const stage = await prepare();
    stage.twilio.script(async (request) => {
      await callBack(stage, request, sidOf(7));
      return { kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 };
    });
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.count('SendOutcome', 'ACCEPTED')).toBe(1);
    expect(stage.count('SendOutcome', 'UNKNOWN')).toBe(0);
  });

  test('with another MessageSid is a duplicate: both are kept and bound, and an operator is paged once', async () => {
    const stage = await prepare();
    stage.twilio.script(async (request) => {
      await callBack(stage, request, sidOf(7));
      return accepted(sidOf(8));
    });
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(await stage.intent(INTENT_ID)).toMatchObject({
      sid: sidOf(7),
      otherSids: [sidOf(8)],
    });
    expect(
      stage
        .rows('SID#')
        .map(({ pk }) => pk)
        .sort(),
    ).toEqual([`SID#${sidOf(7)}`, `SID#${sidOf(8)}`]);
    expect(stage.drainEvents().at(-1)).toMatchObject({
      type: 'message.duplicate-detected.v1',
      data: { boundMessageSid: sidOf(7), otherMessageSid: sidOf(8) },
    });
    expect(stage.count('DuplicateDetected')).toBe(1);
  });

  test('and a further one while the answer is being recorded: the answer is joined to what stands', async () => {
    const stage = await prepare();
    stage.twilio.script(async (request) => {
      let isDone = false;
      stage.tables.inject({
        before: async ({ operation }) => {
          if (operation !== 'transact' || isDone) return undefined;
          isDone = true;
          await callBack(stage, request, sidOf(7));
          return undefined;
        },
      });
      return accepted(sidOf(8));
    });
    await deliver(stage);
    expect(await stage.intent(INTENT_ID)).toMatchObject({
      sid: sidOf(7),
      otherSids: [sidOf(8)],
    });
    expect(stage.count('DuplicateDetected')).toBe(1);
  });
});

test('an answer that comes after the tick has given the intent up still binds its MessageSid', async () => {
  const stage = await prepare();
  stage.twilio.script(async () => {
    stage.at('2026-03-01T12:01:00Z');
    await wakeDueIntents({ owner: 'tick', remainingMilliseconds: () => 50_000 }, stage);
    return accepted(sidOf(7));
  });
  expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
  expect(stage.rows(`SID#${sidOf(7)}`)).toMatchObject([{ intentId: INTENT_ID }]);
  expect(stage.drainEvents().map(({ type }) => type)).toEqual([
    'message.outcome-unknown.v1',
    'message.accepted.v1',
  ]);
});
