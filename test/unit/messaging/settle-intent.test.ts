import { describe, expect, test } from '@jest/globals';
import { wakeDueIntents } from '../../../functions/messaging/dispatch-due/wake-due-intents.ts';
import type { MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import type { SettlePolicy } from '../../../functions/messaging/domain/settlement.ts';
import { decideParked } from '../../../functions/messaging/domain/settling.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { recordStatus } from '../../../functions/messaging/record-status/record-status.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { createHandler } from '../../../functions/messaging/settle-intent/handler.ts';
import { settleIntent } from '../../../functions/messaging/settle-intent/settle-intent.ts';
import type { PostOutcome } from '../../../functions/shared/ports/twilio-messages.ts';
import { INTENT_ID, NOON, pending } from '../../fakes/messaging/intents.ts';
import { lambdaContext, sqsEvent } from '../../fakes/messaging/lambda-events.ts';
import { ScriptedLedger } from '../../fakes/messaging/scripted-ledger.ts';
import { sidOf, tokenOf } from '../../fakes/messaging/scripted-twilio.ts';
import { OTP, SETTINGS, TRANSACTIONAL } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';
import { receiveCallback } from '../../fakes/messaging/webhook-events.ts';

const SID = sidOf(1);
const TIMEOUT: PostOutcome = { kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 };
const OTHER_ID = 'int_000000000000000000000000000000b8';

interface Scene extends Stage {
  readonly ledger: ScriptedLedger;
}

/** An intent that was sent at noon, and of which the sender learned nothing. */
const unknownOutcome = async (
  changes: Partial<MessageIntent> = {},
  also: readonly Partial<MessageIntent>[] = [],
): Promise<Scene> => {
  const stage = Object.assign(new Stage('2026-03-01T12:00:00Z'), {
    ledger: new ScriptedLedger(),
  });
  for (const each of [changes, ...also]) {
    const intent = pending(each);
    await writeTransition(undefined, { intent, outbox: [] }, [], stage);
    stage.twilio.script(TIMEOUT);
    await deliverIntent(stage.delivery(intent.id), stage);
  }
  stage.drainOutbox();
  return stage;
};

let asked = 0;
const settle = (scene: Scene, policy: SettlePolicy = 'park', intentId = INTENT_ID) => {
  asked += 1;
  const pools = [{ ...TRANSACTIONAL, unknownOutcome: { policy, settleSeconds: 600 } }, OTP];
  return settleIntent({ intentId, owner: `settlement ${asked}` }, pools, scene);
};

const callBack = async (scene: Scene, changes: Partial<Parameters<typeof receiveCallback>[1]>) => {
  asked += 1;
  const time = new Date(scene.now).toISOString();
  const event = await receiveCallback(scene.tables, {
    messageSid: SID,
    status: 'delivered',
    time,
    ...changes,
  });
  return recordStatus(event, `callback ${asked}`, scene);
};

const tokenOfPost = (scene: Scene, post: number): string => {
  const request = scene.twilio.requests[post];
  if (request === undefined) throw new Error(`no POST ${post}`);
  return tokenOf(request);
};

const tick = (scene: Scene) =>
  wakeDueIntents({ owner: `tick at ${scene.now}`, remainingMilliseconds: () => 50_000 }, scene);

const stateOf = async (scene: Scene, id = INTENT_ID) => (await scene.intent(id)).state;

describe('an unknown outcome', () => {
  test('is matched by the list, bound, and asked about no more', async () => {
    const scene = await unknownOutcome();
    scene.ledger.show({ status: 'delivered' });
    expect(await settle(scene.at('2026-03-01T12:00:30Z'))).toEqual({ kind: 'matched' });
    expect(await scene.intent(INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      sid: SID,
      evidence: 'list',
      status: { state: 'delivered' },
    });
    expect(scene.rows(`SID#${SID}`)).toMatchObject([{ intentId: INTENT_ID }]);
    expect(scene.drainEvents().map(({ type }) => type)).toEqual([
      'message.accepted.v1',
      'message.status-recorded.v1',
    ]);
    expect(await settle(scene)).toEqual({ kind: 'left' });
    expect(scene.count('Settlement', 'matched')).toBe(1);
  });

  test('is asked for without a date, by the address that its channel has at Twilio', async () => {
    const scene = await unknownOutcome({ channel: 'whatsapp' });
    scene.ledger.show({ to: 'whatsapp:+14155550123' });
    expect(await settle(scene.at('2026-03-01T12:00:30Z'))).toEqual({ kind: 'matched' });
    expect(scene.ledger.lists).toEqual([
      { accountSid: 'AC00000000000000000000000000000001', to: 'whatsapp:+14155550123', pageSize: 200 },
    ]);
  });

  test('that is not listed yet is looked for again at the cadence, and found late', async () => {
    const scene = await unknownOutcome();
    for (const [now, next] of [
      ['2026-03-01T12:00:05Z', '2026-03-01T12:05:30Z'],
      ['2026-03-01T12:00:30Z', '2026-03-01T12:02:00Z'],
      ['2026-03-01T12:02:00Z', '2026-03-01T12:10:00Z'],
    ] as const) {
      expect(await settle(scene.at(now))).toEqual({ kind: 'looking-again' });
      expect(await scene.intent(INTENT_ID)).toMatchObject({ state: 'UNKNOWN', dueAt: Date.parse(next) });
    }
    scene.ledger.show({});
    expect(await settle(scene.at('2026-03-01T12:10:00Z'))).toEqual({ kind: 'matched' });
  });

  test.each([
    ['a text to us', { direction: 'inbound' }],
    ['a reply of a webhook', { direction: 'outbound-reply' }],
    ['other words', { body: 'Hello' }],
    ['another sender', { messagingServiceSid: 'MG00000000000000000000000000000009' }],
    ['another time', { createdAt: NOON - 3_600_000 }],
    ['another account', { accountSid: 'AC00000000000000000000000000000002' }],
  ])('is not matched by %s', async (_what, message) => {
    const scene = await unknownOutcome();
    scene.ledger.show(message);
    expect(await settle(scene.at('2026-03-01T12:00:30Z'))).toEqual({ kind: 'looking-again' });
  });

  test.each([
    ['a 429', { kind: 'throttled', retryAfterSeconds: 90 } as const, '2026-03-01T12:01:35Z'],
    ['no answer', { kind: 'unavailable', reason: 'status 503' } as const, '2026-03-01T12:06:05Z'],
  ])('is asked about again soon after %s', async (_what, refusal, dueAt) => {
    const scene = await unknownOutcome();
    scene.ledger.refuse(refusal);
    expect(await settle(scene.at('2026-03-01T12:00:05Z'))).toEqual({ kind: 'looking-again' });
    expect(await scene.intent(INTENT_ID)).toMatchObject({ state: 'UNKNOWN', dueAt: Date.parse(dueAt) });
  });

  test.each([
    ['a 429', { kind: 'throttled' } as const],
    ['no answer', { kind: 'unavailable', reason: 'status 503' } as const],
  ])('past its settle time is concluded from nothing by %s', async (_what, refusal) => {
    const scene = await unknownOutcome();
    scene.ledger.refuse(refusal);
    expect(await settle(scene.at('2026-03-01T12:30:00Z'), 'resend')).toEqual({ kind: 'looking-again' });
    expect(await scene.intent(INTENT_ID)).toMatchObject({
      state: 'UNKNOWN',
      dueAt: Date.parse('2026-03-01T12:40:00Z'),
    });
    expect(await settle(scene, 'resend')).toEqual({ kind: 'resent' });
  });

  test('whose queue message got lost is put on the queue again by the tick', async () => {
    const scene = await unknownOutcome();
    expect(await tick(scene.at('2026-03-01T12:05:00Z'))).toMatchObject({ asked: 1 });
    expect(scene.drainOutbox()).toEqual([
      { kind: 'dispatch', pool: 'settlement', intentId: INTENT_ID, delaySeconds: 5 },
    ]);
    expect(await tick(scene)).toMatchObject({ asked: 0 });
    expect(await tick(scene.at('2026-03-01T12:10:00Z'))).toMatchObject({ asked: 1 });
  });

  test('that somebody settles while Twilio is asked is left to them', async () => {
    const scene = await unknownOutcome();
    scene.ledger.show({});
    const { listMessages } = ScriptedLedger.prototype;
    scene.ledger.listMessages = async (list) => {
      await callBack(scene, { token: tokenOfPost(scene, 0) });
      return listMessages.call(scene.ledger, list);
    };
    expect(await settle(scene.at('2026-03-01T12:10:00Z'), 'resend')).toMatchObject({ kind: 'left' });
    expect(await scene.intent(INTENT_ID)).toMatchObject({ state: 'ACCEPTED', evidence: 'callback' });
  });

  test('of an intent that does not exist says so', async () => {
    expect(await settle(await unknownOutcome(), 'park', 'int_none')).toEqual({ kind: 'missing' });
  });

  test('of a pool that is configured no more is parked after a day', async () => {
    const scene = await unknownOutcome({ pool: 'gone' });
    expect(await settle(scene.at('2026-03-02T11:59:59Z'), 'expire')).toEqual({ kind: 'looking-again' });
    expect(await settle(scene.at('2026-03-02T12:00:00Z'), 'expire')).toEqual({ kind: 'parked' });
  });
});

describe('past the settle time', () => {
  test('it is parked, and a late callback settles it all the same', async () => {
    const scene = await unknownOutcome();
    expect(await settle(scene.at('2026-03-01T12:10:00Z'))).toEqual({ kind: 'parked' });
    expect(scene.rows(`INTENT#${INTENT_ID}`)).toMatchObject([{ dueShard: 'parked' }]);
    expect(await callBack(scene.at('2026-03-02T12:00:00Z'), { token: tokenOfPost(scene, 0) })).toEqual({
      kind: 'bound',
    });
    expect(await scene.intent(INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      status: { state: 'delivered' },
    });
    expect(scene.rows(`INTENT#${INTENT_ID}`)).not.toMatchObject([{ dueShard: 'parked' }]);
  });

  test('it expires, where its pool says so', async () => {
    const scene = await unknownOutcome();
    expect(await settle(scene.at('2026-03-01T12:10:00Z'), 'expire')).toEqual({ kind: 'expired' });
  });

  test('it is sent again exactly once, where its pool says so', async () => {
    const scene = await unknownOutcome();
    expect(await settle(scene.at('2026-03-01T12:10:00Z'), 'resend')).toEqual({ kind: 'resent' });
    expect(scene.drainOutbox()).toContainEqual({
      kind: 'dispatch',
      pool: 'transactional',
      intentId: INTENT_ID,
      delaySeconds: 0,
    });
    scene.twilio.script(TIMEOUT);
    await Promise.all([1, 2, 3].map(() => deliverIntent(scene.delivery(INTENT_ID), scene)));
    expect(scene.twilio.requests).toHaveLength(2);
    expect(await settle(scene.at('2026-03-01T12:20:00Z'), 'resend')).toEqual({ kind: 'parked' });
    expect(await scene.intent(INTENT_ID)).toMatchObject({ reason: expect.stringContaining('once already') });
    await deliverIntent(scene.delivery(INTENT_ID), scene);
    expect(scene.twilio.requests).toHaveLength(2);
  });

  test('evidence of the first attempt moves a resend back: it is not sent', async () => {
    const scene = await unknownOutcome();
    await settle(scene.at('2026-03-01T12:10:00Z'), 'resend');
    expect(await callBack(scene, { token: tokenOfPost(scene, 0) })).toEqual({ kind: 'bound' });
    expect(await deliverIntent(scene.delivery(INTENT_ID), scene)).toEqual({
      kind: 'done',
      state: 'ACCEPTED',
    });
    expect(scene.twilio.requests).toHaveLength(1);
    expect(await scene.intent(INTENT_ID)).not.toHaveProperty('unresolvedAttempts');
  });

  test('a list that shows the first attempt settles the second', async () => {
    const scene = await unknownOutcome();
    await settle(scene.at('2026-03-01T12:10:00Z'), 'resend');
    scene.twilio.script(TIMEOUT);
    await deliverIntent(scene.delivery(INTENT_ID), scene);
    scene.ledger.show({});
    expect(await settle(scene.at('2026-03-01T12:10:30Z'), 'resend')).toEqual({ kind: 'matched' });
    expect(scene.drainEvents()).toContainEqual(
      expect.objectContaining({ type: 'message.accepted.v1', data: expect.objectContaining({ attempt: 1 }) }),
    );
  });

  test('two messages of two attempts are a duplicate', async () => {
    const scene = await unknownOutcome();
    await settle(scene.at('2026-03-01T12:10:00Z'), 'resend');
    await deliverIntent(scene.delivery(INTENT_ID), scene);
    expect(await scene.intent(INTENT_ID)).toMatchObject({ sid: sidOf(2), evidence: 'response' });
    expect(await callBack(scene, { token: tokenOfPost(scene, 0) })).toEqual({ kind: 'duplicate-detected' });
    expect(await scene.intent(INTENT_ID)).toMatchObject({ sid: sidOf(2), otherSids: [SID] });
    expect(scene.count('DuplicateDetected')).toBe(1);
  });

  test("an operator's resend is sent once, and what comes of it is parked again, not sent blindly", async () => {
    const scene = await unknownOutcome();
    await settle(scene.at('2026-03-01T12:10:00Z'), 'park');
    const parked = await scene.intent(INTENT_ID);
    const command = {
      decision: 'resend',
      decidedBy: 'operator',
      reason: 'asked',
      deadline: NOON + 86_400_000,
    } as const;
    const decided = decideParked(parked, command, { now: scene.now, owner: 'operator', jitter: 0 });
    if (decided === undefined) throw new Error('not decided');
    await writeTransition(parked, decided, [], scene);
    scene.twilio.script(TIMEOUT);
    await deliverIntent(scene.delivery(INTENT_ID), scene);
    expect(scene.twilio.requests).toHaveLength(2);
    expect(await settle(scene.at('2026-03-01T12:20:00Z'), 'resend')).toEqual({ kind: 'parked' });
  });

  test('a list that cannot be read to its end proves no absence', async () => {
    const scene = await unknownOutcome();
    scene.ledger.show(
      ...Array.from({ length: 2_001 }, (_, number) => ({
        messageSid: sidOf(number + 100),
        body: 'Newer',
        createdAt: NOON + 300_000,
      })),
    );
    expect(await settle(scene.at('2026-03-01T12:10:00Z'), 'resend')).toEqual({ kind: 'parked' });
    expect(scene.ledger.lists).toHaveLength(10);
  });

  test('pages older than its time are not read', async () => {
    const scene = await unknownOutcome();
    const old = Array.from({ length: 450 }, (_, number) => ({
      messageSid: sidOf(number + 100),
      createdAt: NOON - 86_400_000 - number,
    }));
    scene.ledger.show(...old);
    expect(await settle(scene.at('2026-03-01T12:10:00Z'), 'resend')).toEqual({ kind: 'resent' });
    expect(scene.ledger.lists).toHaveLength(1);
  });
});

describe('identical messages', () => {
  const two = () => unknownOutcome({}, [{ id: OTHER_ID }]);

  test('of unknown outcome are not taken while there is one too few, nor sent again: they are parked', async () => {
    const scene = await two();
    scene.ledger.show({});
    expect(await settle(scene.at('2026-03-01T12:02:00Z'), 'resend')).toEqual({ kind: 'looking-again' });
    expect(await settle(scene.at('2026-03-01T12:10:00Z'), 'resend')).toEqual({ kind: 'parked' });
    expect(await settle(scene, 'resend', OTHER_ID)).toEqual({ kind: 'parked' });
    expect(scene.twilio.requests).toHaveLength(2);
  });

  test('are all taken when there is one for each, by two reconcilers at once', async () => {
    const scene = await two();
    scene.ledger.show({}, { messageSid: sidOf(2), createdAt: NOON + 2_000 });
    scene.at('2026-03-01T12:02:00Z');
    const outcomes = await Promise.all([settle(scene), settle(scene, 'park', OTHER_ID)]);
    expect(outcomes).toEqual([{ kind: 'matched' }, { kind: 'matched' }]);
    const bound = [await scene.intent(INTENT_ID), await scene.intent(OTHER_ID)];
    expect(new Set(bound.map(({ sid }) => sid)).size).toBe(2);
  });

  test('that are another intent’s for certain are no candidates', async () => {
    const scene = await two();
    scene.ledger.show({});
    await callBack(scene.at('2026-03-01T12:02:00Z'), { token: tokenOfPost(scene, 1) });
    expect(await settle(scene, 'resend')).toEqual({ kind: 'looking-again' });
    expect(await settle(scene.at('2026-03-01T12:10:00Z'), 'resend')).toEqual({ kind: 'resent' });
  });

  test('of other times do not stand in each other’s way', async () => {
    const scene = await unknownOutcome();
    await settle(scene.at('2026-03-01T12:10:00Z'));
    await writeTransition(
      undefined,
      { intent: pending({ id: OTHER_ID, notBefore: Date.parse('2026-03-01T12:30:00Z') }), outbox: [] },
      [],
      scene.at('2026-03-01T12:30:00Z'),
    );
    scene.twilio.script(TIMEOUT);
    await deliverIntent(scene.delivery(OTHER_ID), scene);
    scene.ledger.show({ createdAt: Date.parse('2026-03-01T12:30:01Z') });
    expect(await settle(scene.at('2026-03-01T12:30:30Z'), 'park', OTHER_ID)).toEqual({ kind: 'matched' });
    expect(await stateOf(scene)).toBe('PARKED');
  });

  test('of which one was wrongly taken are put right by a callback, and the other settles anew', async () => {
    const scene = await two();
    scene.ledger.show({}, { messageSid: sidOf(2), createdAt: NOON + 2_000 });
    scene.at('2026-03-01T12:02:00Z');
    await settle(scene);
    await settle(scene, 'park', OTHER_ID);
    const wrong = (await scene.intent(OTHER_ID)).sid ?? '';
    expect(await callBack(scene, { messageSid: wrong, token: tokenOfPost(scene, 0) })).toEqual({
      kind: 'bound',
    });
    expect(await scene.intent(INTENT_ID)).toMatchObject({ sid: wrong, evidence: 'callback' });
    expect(await stateOf(scene, OTHER_ID)).toBe('UNKNOWN');
    expect(await settle(scene, 'park', OTHER_ID)).toEqual({ kind: 'matched' });
    expect((await scene.intent(OTHER_ID)).sid).not.toBe(wrong);
  });
});

describe('an accepted message without a final status', () => {
  const acceptedAtNoon = async (changes: Partial<MessageIntent> = {}) => {
    const stage = Object.assign(new Stage('2026-03-01T12:00:00Z'), {
      ledger: new ScriptedLedger(),
    });
    await writeTransition(undefined, { intent: pending(changes), outbox: [] }, [], stage);
    await deliverIntent(stage.delivery(INTENT_ID), stage);
    stage.drainOutbox();
    return stage;
  };

  test.each([
    ['transactional', {}, '2026-03-01T12:13:59Z', '2026-03-01T12:14:00Z'],
    ['OTP', { trafficClass: 'otp', pool: 'otp' }, '2026-03-01T11:59:59Z', '2026-03-01T12:00:00Z'],
  ] as const)(
    '%s is asked about in time, and its missed callback repaired',
    async (_what, changes, early, due) => {
      const scene = await acceptedAtNoon(changes);
      expect(await tick(scene.at(early))).toMatchObject({ asked: 0 });
      expect(await tick(scene.at(due))).toMatchObject({ asked: 1 });
      expect(scene.drainOutbox()).toMatchObject([{ kind: 'dispatch', pool: 'settlement', delaySeconds: 60 }]);
      scene.ledger.show({ status: 'undelivered', errorCode: 30_003 });
      scene.now += 60_000;
      expect(await settle(scene)).toEqual({ kind: 'status-recorded' });
      expect(await scene.intent(INTENT_ID)).toMatchObject({
        status: { state: 'undelivered', errorCode: 30_003 },
        dueAt: Date.parse('2026-03-31T12:00:00Z'),
      });
      expect(scene.drainEvents()).toMatchObject([
        { type: 'message.status-recorded.v1' },
        { type: 'message.failed.v1' },
      ]);
      expect(await settle(scene)).toEqual({ kind: 'left' });
    },
  );

  test('of which Twilio says nothing new is asked about at the next time, not every five minutes', async () => {
    const scene = await acceptedAtNoon();
    scene.ledger.show({ status: 'sent' });
    for (const [now, dueAt] of [
      ['2026-03-01T12:15:00Z', '2026-03-01T13:00:00Z'],
      ['2026-03-01T13:00:00Z', '2026-03-01T16:00:00Z'],
      ['2026-03-01T16:00:00Z', '2026-03-02T00:00:00Z'],
      ['2026-03-02T00:00:00Z', '2026-03-31T12:00:00Z'],
    ] as const) {
      await tick(scene.at(now));
      await settle(scene);
      expect((await scene.intent(INTENT_ID)).dueAt).toBe(Date.parse(dueAt));
    }
    expect(await tick(scene.at('2026-03-31T12:00:00Z'))).toMatchObject({ erased: 1, asked: 0 });
    expect(await scene.intent(INTENT_ID)).not.toHaveProperty('dueAt');
  });

  test('about which Twilio gives no answer is asked about again soon, also after the last time', async () => {
    const scene = await acceptedAtNoon();
    await tick(scene.at('2026-03-02T00:00:00Z'));
    scene.ledger.refuse({ kind: 'throttled', retryAfterSeconds: 120 });
    expect(await settle(scene)).toEqual({ kind: 'looking-again' });
    expect(await scene.intent(INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      dueAt: Date.parse('2026-03-02T00:10:00Z'),
    });
  });

  test('that Twilio does not know is asked about at the next time', async () => {
    const scene = await acceptedAtNoon();
    expect(await settle(scene.at('2026-03-01T12:15:00Z'))).toEqual({ kind: 'status-known' });
    expect((await scene.intent(INTENT_ID)).dueAt).toBe(Date.parse('2026-03-01T13:00:00Z'));
  });
});

describe('the handler', () => {
  test('settles what the queue names, and refuses what it cannot read or find', async () => {
    const scene = await unknownOutcome();
    scene.ledger.show({});
    const handler = createHandler(SETTINGS, scene.at('2026-03-01T12:00:30Z'));
    const event = sqsEvent(
      JSON.stringify({ intentId: INTENT_ID }),
      '{',
      JSON.stringify({ intentId: 'int_none' }),
    );
    const { batchItemFailures } = await handler(event, lambdaContext());
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
      'message-1',
      'message-2',
    ]);
    expect(await stateOf(scene)).toBe('ACCEPTED');
  });
});
