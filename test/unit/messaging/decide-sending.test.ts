import { describe, expect, test } from '@jest/globals';
import { wakeDueIntents } from '../../../functions/messaging/dispatch-due/wake-due-intents.ts';
import type { MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import { readGatePolicy } from '../../../functions/messaging/gate-policy.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { createSendGate } from '../../../functions/messaging/send-message/decide-sending.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { createHandler as createSendHandler } from '../../../functions/messaging/send-message/handler.ts';
import { changePause } from '../../../functions/messaging/serve-operations/change-pause.ts';
import { watchSendingControl } from '../../../functions/messaging/watch-sending-control.ts';
import { INTENT_ID, NOON, pending } from '../../fakes/messaging/intents.ts';
import { lambdaContext, sqsEvent } from '../../fakes/messaging/lambda-events.ts';
import { SETTINGS, TRANSACTIONAL } from '../../fakes/messaging/settings.ts';
import { faultAt, HOOKS_ORIGIN, Stage } from '../../fakes/messaging/stage.ts';

const prepare = async (changes: Partial<MessageIntent> = {}): Promise<Stage> => {
  const stage = new Stage('2026-03-01T12:00:00Z');
  await writeTransition(undefined, { intent: pending(changes), outbox: [] }, [], stage);
  stage.drainOutbox();
  return stage;
};

let keys = 0;
const set = async (stage: Stage, state: 'running' | 'paused' | 'frozen', scope = 'all') => {
  keys += 1;
  const command = {
    clientId: 'ada',
    idempotencyKey: `key-${keys}`,
    reason: 'an incident',
    isConfirmed: true,
  };
  expect(await changePause({ ...command, scope, state }, SETTINGS.pools, stage)).toMatchObject({
    kind: 'done',
  });
  stage.drainOutbox();
};

const deliver = (stage: Stage, remaining?: number) =>
  deliverIntent(stage.delivery(INTENT_ID, remaining), stage);

const paced = (stage: Stage, segmentsPerSecond: number) => {
  stage.gate = createSendGate([{ ...TRANSACTIONAL, segmentsPerSecond }], readGatePolicy(), stage);
  return stage;
};

describe('a paused message', () => {
  test.each([
    ['paused', 'all'],
    ['paused', 'class:transactional'],
    ['paused', 'pool:transactional'],
    ['frozen', 'all'],
  ] as const)('is not sent and burns no attempt (%s %s)', async (state, scope) => {
    const stage = await prepare();
    await set(stage, state, scope);
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'PENDING' });
    expect(stage.twilio.requests).toEqual([]);
    expect(stage.rows('ATTEMPT#')).toEqual([]);
    expect(await stage.intent(INTENT_ID)).not.toHaveProperty('attempt');
    expect(stage.drainOutbox()).toMatchObject([
      {
        kind: 'event',
        event: { type: 'message.held.v1', data: { reason: `sending is ${state} (${scope}): an incident` } },
      },
      { kind: 'dispatch', intentId: INTENT_ID },
    ]);
    expect(stage.count('SendHeld', 'operations')).toBe(1);
  });

  test('of another class or pool is sent', async () => {
    const stage = await prepare();
    await set(stage, 'paused', 'class:otp');
    await set(stage, 'paused', 'pool:otp');
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
  });

  test('is sent within a minute of the resume, although its sender learned of it late', async () => {
    const stage = await prepare();
    await set(stage, 'paused');
    await stage.gate.sendingControl();
    await set(stage.at('2026-03-01T12:00:00.100Z'), 'running');
    await deliver(stage.at('2026-03-01T12:00:04.999Z'));
    const { notBefore } = await stage.intent(INTENT_ID);
    expect(notBefore).toBeLessThanOrEqual(Date.parse('2026-03-01T12:01:00.100Z'));
    stage.now = notBefore;
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.twilio.requests).toHaveLength(1);
  });

  test('whose queue message got lost is dispatched again by the tick', async () => {
    const stage = await prepare();
    await set(stage, 'paused');
    await deliver(stage);
    await set(stage, 'running');
    stage.at('2026-03-01T12:06:00Z');
    const tick = { owner: 'tick', remainingMilliseconds: () => 50_000 };
    expect(await wakeDueIntents(tick, stage)).toMatchObject({ dispatched: 1 });
    expect(await deliver(stage)).toMatchObject({ state: 'ACCEPTED' });
  });

  test('says so once, however often it is looked at', async () => {
    const stage = await prepare();
    await set(stage, 'paused');
    for (const minute of ['00', '01', '02']) await deliver(stage.at(`2026-03-01T12:${minute}:00Z`));
    expect(stage.drainEvents().map(({ type }) => type)).toEqual(['message.held.v1']);
    expect(stage.count('SendHeld', 'operations')).toBe(3);
  });

  test('expires at its deadline', async () => {
    const stage = await prepare({ deadline: NOON + 30_000 });
    await set(stage, 'paused');
    await deliver(stage);
    expect(await deliver(stage.at('2026-03-01T12:00:30Z'))).toEqual({ kind: 'done', state: 'EXPIRED' });
  });

  test('takes no token of its pool', async () => {
    const stage = paced(await prepare(), 1);
    await set(stage, 'paused');
    await deliver(stage);
    expect(stage.rows('RATE#')).toEqual([]);
  });

  test('is left to who moved it meanwhile', async () => {
    const stage = await prepare();
    await set(stage, 'paused');
    stage.tables.inject({
      before: async ({ operation }) => {
        if (operation !== 'put') return undefined;
        stage.tables.inject({});
        await writeTransition(
          pending(),
          { intent: pending({ version: 2, state: 'SUPPRESSED', owner: 'other' }), outbox: [] },
          [],
          stage,
        );
        return undefined;
      },
    });
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'SUPPRESSED' });
  });
});

describe('what a sender knows of pauses', () => {
  const pausesKnown = async (known: ReturnType<typeof watchSendingControl>) => (await known()).pauses.length;

  test('is 5 s old at most', async () => {
    const stage = new Stage('2026-03-01T12:00:00Z');
    const known = watchSendingControl(stage);
    expect(await pausesKnown(known)).toBe(0);
    await set(stage, 'paused');
    stage.now = NOON + 4_999;
    expect(await pausesKnown(known)).toBe(0);
    stage.now = NOON + 5_000;
    expect(await pausesKnown(known)).toBe(1);
  });

  test('is read anew when the clock was set back', async () => {
    const stage = new Stage('2026-03-01T12:00:00Z');
    const known = watchSendingControl(stage);
    await pausesKnown(known);
    await set(stage, 'paused');
    stage.now = NOON - 1;
    expect(await pausesKnown(known)).toBe(1);
  });

  const sendOne = (stage: Stage) =>
    createSendHandler({ hooksOrigin: HOOKS_ORIGIN, pools: SETTINGS.pools }, stage)(
      sqsEvent(JSON.stringify({ intentId: INTENT_ID })),
      lambdaContext(),
    );

  test.each<[string, (stage: Stage) => unknown]>([
    // The first get is the intent's.
    ['read', (stage) => stage.tables.inject(faultAt('get', 2, 'throttled'))],
    [
      'understood',
      ({ tables }) =>
        tables.put({ table: 'messaging', item: { pk: 'CONTROL', sk: 'SENDING', version: 1, pauses: 'all' } }),
    ],
  ])('and cannot be %s keeps it from sending; the message comes again', async (_what, spoil) => {
    const stage = await prepare();
    await spoil(stage);
    expect((await sendOne(stage)).batchItemFailures).toHaveLength(1);
    expect(stage.twilio.requests).toEqual([]);
    expect(await stage.intent(INTENT_ID)).toMatchObject({ state: 'PENDING', version: 1 });
  });

  test('is read once for many messages of a sandbox', async () => {
    const stage = await prepare();
    const handler = createSendHandler({ hooksOrigin: HOOKS_ORIGIN, pools: SETTINGS.pools }, stage);
    const body = JSON.stringify({ intentId: INTENT_ID });
    await handler(sqsEvent(body), lambdaContext());
    stage.tables.resetUnits();
    await handler(sqsEvent(body), lambdaContext());
    expect(stage.tables.calls).toHaveLength(1);
  });
});

describe('a message of a paced pool', () => {
  test('takes a token for each segment before it is armed', async () => {
    const stage = paced(await prepare({ body: 'a'.repeat(161) }), 10);
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.rows('RATE#')).toMatchObject([{ taken: 2 }]);
  });

  const emptied = async (): Promise<Stage> => {
    const stage = paced(await prepare(), 1);
    await stage.gate.pacer.take('transactional', 1);
    return stage;
  };

  test('waits inside the function for the next second', async () => {
    const stage = await emptied();
    expect(await deliver(stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.sleeps).toEqual([1_000]);
    expect(await stage.intent(INTENT_ID)).toMatchObject({ attempt: { number: 1, armedAt: NOON + 1_000 } });
  });

  test.each<[string, Promise<Stage>, number | undefined]>([
    ['no time is left', emptied(), 11_500],
    ['two seconds do not suffice', emptied().then((stage) => emptiedFor(stage, 4)), undefined],
  ])('is held without an attempt when %s', async (_what, preparing, remaining) => {
    const stage = await preparing;
    stage.drainOutbox();
    expect(await deliver(stage, remaining)).toEqual({ kind: 'done', state: 'PENDING' });
    const intent = await stage.intent(INTENT_ID);
    expect(intent).not.toHaveProperty('attempt');
    expect(intent).toMatchObject({ reason: 'its pool sends 1 segments a second' });
    expect(stage.drainOutbox()).toMatchObject([
      { kind: 'event', event: { type: 'message.held.v1' } },
      { kind: 'dispatch', delaySeconds: expect.any(Number) },
    ]);
    expect(stage.count('SendHeld', 'rate')).toBe(1);
    stage.now = intent.notBefore;
    expect(await deliver(stage)).toMatchObject({ state: 'ACCEPTED' });
  });

  test('is held where a pause comes while it waits for its token', async () => {
    const stage = await emptied();
    await stage.at('2026-03-01T11:59:55.500Z').gate.sendingControl();
    stage.at('2026-03-01T12:00:00Z');
    const sleep = async (milliseconds: number) => {
      await set(stage, 'paused');
      await stage.sleep(milliseconds);
    };
    const ports = { ...stage, sleep };
    expect(await deliverIntent(stage.delivery(INTENT_ID), ports)).toEqual({ kind: 'done', state: 'PENDING' });
    expect(stage.twilio.requests).toEqual([]);
  });
});

/** A message of many segments went before: the seconds behind it pay for it. */
const emptiedFor = async (stage: Stage, tokens: number): Promise<Stage> => {
  await stage.tables.put({
    table: 'messaging',
    item: { pk: 'RATE#transactional', sk: 'RATE', version: 9, window: NOON / 1000, taken: tokens },
  });
  return stage;
};
