import { describe, expect, test } from '@jest/globals';
import type { CallIntent } from '../../../functions/messaging/domain/intent.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { recordCallBegan } from '../../../functions/messaging/record-call-status/record-call-began.ts';
import { recordCallStatus } from '../../../functions/messaging/record-call-status/record-call-status.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { settleIntent } from '../../../functions/messaging/settle-intent/settle-intent.ts';
import type { EventOf } from '../../../functions/shared/contract/events.ts';
import { CALL_POOL, pendingCall } from '../../fakes/messaging/call-intents.ts';
import { CALL_INTENT_ID, callSidOf } from '../../fakes/messaging/sample-call-events.ts';
import { ScriptedLedger } from '../../fakes/messaging/scripted-ledger.ts';
import { ACCOUNT, TRANSACTIONAL } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

/** Eight in the evening in London is noon in California: nobody's quiet hours. */
const EVENING = '2026-03-01T20:00:00Z';
const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);

const TIMEOUT = { kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 } as const;
const POOLS = [CALL_POOL, TRANSACTIONAL];

const requested = async (changes: Partial<CallIntent> = {}) => {
  const stage = Object.assign(new Stage(EVENING), { ledger: new ScriptedLedger() });
  const now = stage.now;
  const times = {
    createdAt: now,
    updatedAt: now,
    notBefore: now,
    deadline: now + 3_600_000,
    dueAt: now + 300_000,
  };
  const intent = pendingCall({ ...times, ...changes });
  await writeTransition(undefined, { intent, outbox: [] }, [], stage);
  stage.drainOutbox();
  return stage;
};

type Scene = Awaited<ReturnType<typeof requested>>;

const deliver = (scene: Scene) => deliverIntent(scene.delivery(CALL_INTENT_ID), scene);

const placed = async (changes: Partial<CallIntent> = {}) => {
  const scene = await requested(changes);
  await deliver(scene);
  scene.drainOutbox();
  return scene;
};

let settlements = 0;
const settle = (scene: Scene) => {
  settlements += 1;
  return settleIntent({ intentId: CALL_INTENT_ID, owner: `settlement ${settlements}` }, POOLS, scene);
};

const tokenOf = (scene: Scene, post = 0): string =>
  new URL(scene.twilioCalls.requests[post]?.statusCallback ?? '').pathname.split('/').at(-1) ?? '';

type Reported = Partial<EventOf<'call.status-reported.v1'>['data']> & { readonly token?: string };

let callbacks = 0;
const callBack = async (scene: Scene, { token, ...changes }: Reported) => {
  callbacks += 1;
  const inboxKey = `CS#${callbacks}`;
  await scene.tables.put({
    table: 'inbox',
    item: { pk: inboxKey, ...(token === undefined ? {} : { token }) },
  });
  const event: EventOf<'call.status-reported.v1'> = {
    id: `inbox/${inboxKey}/1/0`,
    time: new Date(scene.now).toISOString(),
    accountSid: ACCOUNT,
    correlationId: callSidOf(1),
    type: 'call.status-reported.v1',
    data: { callSid: callSidOf(1), status: 'ringing', attempted: token !== undefined, inboxKey, ...changes },
  };
  return recordCallStatus(event, `callback ${callbacks}`, scene);
};

describe('placing a call', () => {
  test('is one POST with the attempt’s token in every URL, and the step that it begins with in the arming transaction', async () => {
    const scene = await requested({ machineDetection: 'message-end' });
    expect(await deliver(scene)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    const token = tokenOf(scene);
    expect(scene.twilioCalls.requests).toEqual([
      {
        accountSid: ACCOUNT,
        to: '+14155550123',
        from: '+14155550100',
        url: expect.stringContaining(`/twilio/${ACCOUNT}/voice/steps/${token}#`),
        statusCallback: expect.stringContaining(`/twilio/${ACCOUNT}/voice/status/${token}#`),
        timeoutSeconds: 30,
        machineDetection: { mode: 'DetectMessageEnd' },
      },
    ]);
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({ sid: callSidOf(1), evidence: 'response' });
    expect(scene.tables.items('voice')).toMatchObject([
      {
        kind: 'start',
        intentId: CALL_INTENT_ID,
        attempt: 1,
        flow: 'appointment',
        context: { appointment: 'a-3' },
      },
    ]);
    expect(JSON.stringify(scene.tables.items('voice'))).not.toContain(token);
    expect(scene.twilio.requests).toEqual([]);
  });

  test('keeps what Twilio made under its CallSid, as messages under their MessageSid', async () => {
    const scene = await placed();
    const [item] = scene.rows(`INTENT#${CALL_INTENT_ID}`);
    expect(item).toMatchObject({ channel: 'voice', callSid: callSidOf(1) });
    expect(item).not.toHaveProperty('sid');
    expect(scene.rows(`SID#${callSidOf(1)}`)).toMatchObject([{ intentId: CALL_INTENT_ID }]);
  });

  test('whose answer is lost is settled by the first callback with its token', async () => {
    const scene = await requested();
    scene.twilioCalls.script(TIMEOUT);
    await deliver(scene);
    expect(await callBack(scene, { token: tokenOf(scene), sequenceNumber: 0, status: 'initiated' })).toEqual({
      kind: 'bound',
    });
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      sid: callSidOf(1),
      evidence: 'callback',
      status: { state: 'initiated' },
    });
    await deliver(scene);
    expect(scene.twilioCalls.requests).toHaveLength(1);
  });

  test('whose answer and callbacks are lost is found in Twilio’s list', async () => {
    const scene = await requested();
    scene.twilioCalls.script(TIMEOUT);
    await deliver(scene);
    scene.callLedger.show({ createdAt: scene.now + 1_000, status: 'completed' });
    scene.now += 30_000;
    expect(await settle(scene)).toEqual({ kind: 'matched' });
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({ evidence: 'list', sid: callSidOf(1) });
    expect(scene.callLedger.lists).toMatchObject([{ to: '+14155550123', from: '+14155550100' }]);
  });

  test.each([
    ['from another of our numbers', { from: '+14155550111' }],
    ['that a flow dialed', { direction: 'outbound-dial' }],
    ['of an hour ago', { createdAt: at('19:00:00') }],
  ])('is not taken for a listed call %s', async (_what, changes) => {
    const scene = await requested();
    scene.twilioCalls.script(TIMEOUT);
    await deliver(scene);
    scene.callLedger.show({ createdAt: scene.now + 1_000, ...changes });
    scene.now += 30_000;
    expect(await settle(scene)).toEqual({ kind: 'looking-again' });
  });
});

describe('the first document that Twilio fetches', () => {
  const began = (scene: Scene, changes: object = {}): EventOf<'call.began.v1'> => ({
    id: 'voice/CALL#1/1/0',
    time: new Date(scene.now).toISOString(),
    accountSid: ACCOUNT,
    correlationId: 'appointment-3',
    type: 'call.began.v1',
    data: {
      callSid: callSidOf(1),
      step: 1,
      flow: 'appointment',
      flowHash: 'hash',
      intentId: CALL_INTENT_ID,
      attempt: 1,
      ...changes,
    },
  });

  test('is proof of the attempt, where the answer was lost and no callback came', async () => {
    const scene = await requested();
    scene.twilioCalls.script(TIMEOUT);
    await deliver(scene);
    expect(await recordCallBegan(began(scene), 'began', scene)).toEqual({ kind: 'bound' });
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      sid: callSidOf(1),
      evidence: 'callback',
      status: { state: 'in-progress' },
    });
  });

  test('of another call of the same attempt is a duplicate', async () => {
    const scene = await placed();
    expect(await recordCallBegan(began(scene, { callSid: callSidOf(9) }), 'began', scene)).toEqual({
      kind: 'duplicate-detected',
    });
    expect(scene.count('DuplicateDetected')).toBe(1);
  });

  test('that names an intent which is no call, or none, changes nothing', async () => {
    const scene = await placed();
    const nobody = `int_${'0'.repeat(32)}`;
    expect(await recordCallBegan(began(scene, { intentId: nobody }), 'began', scene)).toEqual({
      kind: 'not-placed',
    });
  });
});

describe('what Twilio tells of a call', () => {
  test('that a flow dialed, or that came in, is no intent’s', async () => {
    const scene = await placed();
    expect(await callBack(scene, { callSid: callSidOf(8), parentCallSid: callSidOf(1) })).toEqual({
      kind: 'not-placed',
    });
    expect(await callBack(scene, { callSid: callSidOf(9), direction: 'inbound' })).toEqual({
      kind: 'not-placed',
    });
    expect(scene.rows('ORPHAN#')).toEqual([]);
  });

  test('before anybody knows the call is kept for the intent that gets it', async () => {
    const scene = await requested();
    scene.twilioCalls.script(async () => {
      const early = { direction: 'outbound-api', status: 'ringing', sequenceNumber: 1 };
      expect(await callBack(scene, early)).toEqual({ kind: 'orphan' });
      return {
        kind: 'accepted',
        sid: callSidOf(1),
        status: 'queued',
        httpStatus: 201,
        durationMilliseconds: 1,
      };
    });
    await deliver(scene);
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({ status: { state: 'ringing' } });
  });

  test('over another account’s URL is not believed', async () => {
    const scene = await requested();
    scene.twilioCalls.script(TIMEOUT);
    await deliver(scene);
    await scene.tables.put({ table: 'inbox', item: { pk: 'CS#foreign', token: tokenOf(scene) } });
    const event: EventOf<'call.status-reported.v1'> = {
      id: 'inbox/CS#foreign/1/0',
      time: EVENING,
      accountSid: `AC${'9'.repeat(32)}`,
      correlationId: callSidOf(1),
      type: 'call.status-reported.v1',
      data: { callSid: callSidOf(1), status: 'ringing', attempted: true, inboxKey: 'CS#foreign' },
    };
    await recordCallStatus(event, 'foreign', scene);
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({ state: 'UNKNOWN' });
  });

  test('is asked for where no callback came, and joined like one', async () => {
    const scene = await placed();
    scene.callLedger.show({ status: 'completed' });
    expect(await settle(scene)).toEqual({ kind: 'status-recorded' });
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({ status: { state: 'completed' } });
  });
});

describe('a call that reached nobody', () => {
  const ended = async (status: string, changes: Partial<CallIntent> = {}) => {
    const scene = await placed(changes);
    await callBack(scene, { token: tokenOf(scene), status, sequenceNumber: 2 });
    scene.drainOutbox();
    return scene;
  };

  test('is placed again on the same intent, once its time has come, and not before', async () => {
    const scene = await ended('busy');
    expect(await settle(scene)).toEqual({ kind: 'redialed' });
    await deliver(scene);
    expect(scene.twilioCalls.requests).toHaveLength(1);
    scene.now += 300_000;
    expect(await deliver(scene)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(scene.twilioCalls.requests).toHaveLength(2);
    expect(tokenOf(scene, 1)).not.toBe(tokenOf(scene, 0));
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({
      sid: callSidOf(2),
      attempt: { number: 2 },
      earlierCalls: [{ sid: callSidOf(1), status: { state: 'busy' } }],
    });
    expect(scene.count('DuplicateDetected')).toBe(0);
  });

  test('is decided on once, however often it comes up', async () => {
    const scene = await ended('busy');
    await settle(scene);
    expect(await settle(scene)).toEqual({ kind: 'left' });
  });

  test('is followed by one text where one was asked for, in the same write as its conclusion', async () => {
    const smsFallback = { body: 'We tried to call you.', trafficClass: 'transactional' } as const;
    const scene = await ended('failed', { smsFallback });
    expect(await settle(scene)).toEqual({ kind: 'concluded' });
    expect(await settle(scene)).toEqual({ kind: 'left' });
    const texts = scene.rows('INTENT#').filter(({ channel }) => channel === 'sms');
    expect(texts).toMatchObject([
      {
        state: 'PENDING',
        to: '+14155550123',
        body: 'We tried to call you.',
        correlationId: 'appointment-3',
        causationId: expect.stringMatching(new RegExp(`^messaging/${CALL_INTENT_ID}/\\d+/0$`)),
      },
    ]);
    expect(scene.drainEvents().map(({ type }) => type)).toEqual(
      expect.arrayContaining(['call.concluded.v1', 'message.requested.v1']),
    );
  });

  test('and was taken back by the client is followed by nothing', async () => {
    const smsFallback = { body: 'We tried to call you.', trafficClass: 'transactional' } as const;
    const scene = await ended('busy', { smsFallback, cancelRequestedAt: at('19:59:00') });
    expect(await settle(scene)).toEqual({ kind: 'concluded' });
    expect(scene.rows('INTENT#')).toHaveLength(1);
  });
});

describe('a call that nobody has answered', () => {
  test('is cancelled at Twilio where the client takes it back', async () => {
    const scene = await placed({ cancelRequestedAt: at('20:00:00') });
    scene.callLedger.show({ status: 'ringing' });
    expect(await settle(scene)).toEqual({ kind: 'called-off' });
    expect(await scene.intent(CALL_INTENT_ID)).toMatchObject({ status: { state: 'canceled' } });
  });

  test('and is answered before Twilio hears of it goes on, and says so', async () => {
    const scene = await placed({ cancelRequestedAt: at('20:00:00') });
    scene.callLedger.show({ status: 'in-progress' });
    expect(await settle(scene)).toEqual({ kind: 'cancel-refused' });
  });

  test('is called off when it still waits in Twilio’s queue at its deadline', async () => {
    const scene = await placed();
    scene.callLedger.show({ status: 'queued' });
    scene.now += 3_600_000;
    expect(await settle(scene)).toEqual({ kind: 'called-off' });
    expect(scene.callLedger.cancels).toHaveLength(1);
  });

  test('is left alone at its deadline once it rings', async () => {
    const scene = await placed();
    scene.callLedger.show({ status: 'ringing' });
    scene.now += 3_600_000;
    expect(await settle(scene)).toEqual({ kind: 'status-recorded' });
    expect(scene.callLedger.cancels).toEqual([]);
  });
});
