import { describe, expect, test } from '@jest/globals';
import { writeBound } from '../../../functions/messaging/bind-message.ts';
import type { Intent, MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import { recordOutcome } from '../../../functions/messaging/domain/lifecycle.ts';
import { acceptByList, lookAgain } from '../../../functions/messaging/domain/settling.ts';
import { attemptPut, recipientPointerPut } from '../../../functions/messaging/evidence-rows.ts';
import { UnexpectedConditionError, writeTransition } from '../../../functions/messaging/intent-store.ts';
import { recordStatus } from '../../../functions/messaging/record-status/record-status.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { ATTEMPT, armed, NOON, pending } from '../../fakes/messaging/intents.ts';
import { accepted, sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { faultAt, Stage } from '../../fakes/messaging/stage.ts';
import { receiveCallback } from '../../fakes/messaging/webhook-events.ts';

const FIRST = 'int_00000000000000000000000000000001';
const SECOND = 'int_00000000000000000000000000000002';
const SID = sidOf(1);

const attemptOf = (id: string) => ({ ...ATTEMPT, token: `token-of-${id}` });
const unknown = (id: string, changes: Partial<MessageIntent> = {}): Intent =>
  armed({ id, version: 3, state: 'UNKNOWN', attempt: attemptOf(id), dueAt: NOON + 120_000, ...changes });

/** Two intents with the same words for the same recipient, both of unknown outcome. */
const prepare = async (): Promise<Stage> => {
  const stage = new Stage('2026-03-01T12:02:00Z');
  for (const id of [FIRST, SECOND]) {
    const attempt = attemptOf(id);
    const rows = [attemptPut(id, attempt), recipientPointerPut('+14155550123', id, attempt)];
    await writeTransition(undefined, { intent: unknown(id), outbox: [] }, rows, stage);
  }
  stage.drainOutbox();
  return stage;
};

const moment = (stage: Stage, owner = 'me') => ({ now: stage.now, owner, jitter: 0.5 });

const bindByList = async (stage: Stage, id: string, sid = SID, status = 'sent') => {
  const before = await stage.intent(id);
  const { body = '' } = pending();
  const transition = acceptByList(
    before,
    { kind: 'message', sid, body, status, createdAt: NOON + 1_000 },
    moment(stage),
  );
  return writeBound({ before, transition, sid, moment: moment(stage) }, stage);
};

const bindByResponse = async (stage: Stage, id: string, sid = SID) => {
  const before = await stage.intent(id);
  const transition = recordOutcome(before, attemptOf(id), accepted(sid), moment(stage));
  return writeBound({ before, transition, sid, moment: moment(stage) }, stage);
};

let callbacks = 0;
const callBack = async (stage: Stage, changes: Partial<Parameters<typeof receiveCallback>[1]>) => {
  callbacks += 1;
  const time = new Date(stage.now).toISOString();
  const event = await receiveCallback(stage.tables, {
    messageSid: SID,
    status: 'delivered',
    time,
    ...changes,
  });
  return recordStatus(event, `callback ${callbacks}`, stage);
};

const holderOf = (stage: Stage, messageSid = SID) => stage.rows(`SID#${messageSid}`)[0]?.intentId;

describe('weak evidence', () => {
  test('takes a message that nobody has', async () => {
    const stage = await prepare();
    expect(await bindByList(stage, FIRST)).toEqual({ kind: 'written' });
    expect(holderOf(stage)).toBe(FIRST);
    expect(await stage.intent(FIRST)).toMatchObject({ state: 'ACCEPTED', evidence: 'list' });
  });

  test.each([
    ['by the list', bindByList],
    ['by its answer', bindByResponse],
  ])('takes nothing from an intent that has it %s', async (_how, bindFirst) => {
    const stage = await prepare();
    await bindFirst(stage, FIRST);
    expect(await bindByList(stage, SECOND)).toEqual({ kind: 'taken' });
    expect(holderOf(stage)).toBe(FIRST);
    expect(await stage.intent(SECOND)).toEqual(unknown(SECOND));
  });

  test('two at once: one of them gets it', async () => {
    const stage = await prepare();
    const results = await Promise.all([bindByList(stage, FIRST), bindByList(stage, SECOND)]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['taken', 'written']);
  });
});

describe('strong evidence', () => {
  test('takes a message from an intent that has it from the list, which is asked about anew, in one write', async () => {
    const stage = await prepare();
    await bindByList(stage, FIRST, SID, 'undelivered');
    stage.drainOutbox();
    expect(await callBack(stage, { token: attemptOf(SECOND).token, status: 'sent' })).toEqual({
      kind: 'bound',
    });
    expect(holderOf(stage)).toBe(SECOND);
    expect(await stage.intent(SECOND)).toMatchObject({
      state: 'ACCEPTED',
      sid: SID,
      evidence: 'callback',
      reports: [{ status: 'sent' }, { status: 'undelivered' }],
      status: { state: 'undelivered' },
    });
    const first = await stage.intent(FIRST);
    expect(first).toMatchObject({ state: 'UNKNOWN', reports: [], dueAt: stage.now + 300_000 });
    expect(first).not.toHaveProperty('sid');
    expect(first).not.toHaveProperty('status');
    const outbox = stage.drainOutbox();
    expect(outbox).toContainEqual({ kind: 'dispatch', pool: 'settlement', intentId: FIRST, delaySeconds: 0 });
    expect(outbox.flatMap((entry) => (entry.kind === 'event' ? [entry.event.type] : [])).sort()).toEqual([
      'message.accepted.v1',
      'message.displaced.v1',
      'message.failed.v1',
      'message.status-recorded.v1',
      'message.status-recorded.v1',
    ]);
  });

  test('of an answer takes it too', async () => {
    const stage = await prepare();
    await bindByList(stage, FIRST);
    expect(await bindByResponse(stage, SECOND)).toEqual({ kind: 'written' });
    expect((await stage.intent(FIRST)).state).toBe('UNKNOWN');
  });

  test('takes nothing from strong evidence: that cannot be, and is told as a bug', async () => {
    const stage = await prepare();
    await bindByResponse(stage, FIRST);
    await expect(bindByResponse(stage, SECOND)).rejects.toThrow(UnexpectedConditionError);
    expect(holderOf(stage)).toBe(FIRST);
    expect((await stage.intent(SECOND)).state).toBe('UNKNOWN');
  });

  test.each([0, 1, 2])(
    'meets a conflict at action %i of taking over: it is tried again until it stands',
    async (action) => {
      const stage = await prepare();
      await bindByList(stage, FIRST);
      stage.tables.inject({ ...faultAt('transact', 2, 'transaction-conflict'), conflicting: () => [action] });
      expect(await callBack(stage, { token: attemptOf(SECOND).token })).toEqual({ kind: 'bound' });
      expect(holderOf(stage)).toBe(SECOND);
      expect((await stage.intent(FIRST)).state).toBe('UNKNOWN');
    },
  );

  test('whose holder moves meanwhile decides anew', async () => {
    const stage = await prepare();
    await bindByList(stage, FIRST);
    let transactions = 0;
    stage.tables.inject({
      before: async ({ operation }) => {
        if (operation !== 'transact') return undefined;
        transactions += 1;
        if (transactions !== 2) return undefined;
        const before = await stage.intent(FIRST);
        await writeTransition(before, lookAgain(before, stage.now, moment(stage, 'tick')), [], stage);
        return undefined;
      },
    });
    expect(await callBack(stage, { token: attemptOf(SECOND).token })).toEqual({ kind: 'bound' });
    expect(holderOf(stage)).toBe(SECOND);
    expect((await stage.intent(FIRST)).state).toBe('UNKNOWN');
  });

  test('whose acknowledgement is lost on the way stands', async () => {
    const stage = await prepare();
    await bindByList(stage, FIRST);
    stage.tables.inject(faultAt('transact', 2, 'repeated'));
    expect(await callBack(stage, { token: attemptOf(SECOND).token })).toEqual({ kind: 'bound' });
    expect((await stage.intent(SECOND)).version).toBe(4);
  });

  test('whose acknowledgement is lost for good is known when it comes again', async () => {
    const stage = await prepare();
    await bindByList(stage, FIRST);
    stage.tables.inject(faultAt('transact', 2, 'acknowledgement-lost'));
    const token = attemptOf(SECOND).token;
    await expect(callBack(stage, { token })).rejects.toThrow(StoreUnavailableError);
    expect(await callBack(stage, { token })).toEqual({ kind: 'known' });
    expect(holderOf(stage)).toBe(SECOND);
  });

  test('of another message frees the one from the list for its own intent, with what was told of it', async () => {
    const stage = await prepare();
    await bindByList(stage, FIRST);
    await callBack(stage, { status: 'delivered' });
    expect(
      await callBack(stage, { messageSid: sidOf(2), status: 'sent', token: attemptOf(FIRST).token }),
    ).toEqual({
      kind: 'bound',
    });
    expect(holderOf(stage)).toBeUndefined();
    expect(holderOf(stage, sidOf(2))).toBe(FIRST);
    expect(await stage.intent(FIRST)).toMatchObject({ sid: sidOf(2), status: { state: 'sent' } });
    expect(await callBack(stage, { status: 'queued', token: attemptOf(SECOND).token })).toEqual({
      kind: 'bound',
    });
    expect(await stage.intent(SECOND)).toMatchObject({
      sid: SID,
      reports: [{ status: 'queued' }, { status: 'sent' }, { status: 'delivered' }],
      status: { state: 'delivered' },
    });
  });

  test('takes and frees in one write: two intents that had each other’s message', async () => {
    const stage = await prepare();
    await bindByList(stage, FIRST, sidOf(2));
    await bindByList(stage, SECOND, SID);
    expect(await callBack(stage, { messageSid: SID, token: attemptOf(FIRST).token })).toEqual({
      kind: 'bound',
    });
    expect(await stage.intent(SECOND)).toMatchObject({ state: 'UNKNOWN' });
    expect(holderOf(stage, sidOf(2))).toBeUndefined();
    expect(await callBack(stage, { messageSid: sidOf(2), token: attemptOf(SECOND).token })).toEqual({
      kind: 'bound',
    });
    expect(await stage.intent(FIRST)).toMatchObject({ sid: SID, evidence: 'callback' });
    expect(await stage.intent(SECOND)).toMatchObject({ sid: sidOf(2), evidence: 'callback' });
  });

  test('of two messages for one intent is a duplicate, also where the list gave the second to another', async () => {
    const stage = await prepare();
    await bindByResponse(stage, FIRST);
    await bindByList(stage, SECOND, sidOf(2));
    const duplicate = { messageSid: sidOf(2), token: attemptOf(FIRST).token };
    expect(await callBack(stage, duplicate)).toEqual({ kind: 'duplicate-detected' });
    expect(await stage.intent(FIRST)).toMatchObject({ sid: SID, otherSids: [sidOf(2)] });
    expect(holderOf(stage, sidOf(2))).toBe(FIRST);
    expect((await stage.intent(SECOND)).state).toBe('UNKNOWN');
    expect(stage.count('DuplicateDetected')).toBe(1);
  });
});

describe('what was told of a message while nobody had it', () => {
  test.each([
    ['an answer', bindByResponse],
    ['the list', bindByList],
  ])('is the intent’s that gets it by %s', async (_how, bind) => {
    const stage = await prepare();
    expect(await callBack(stage, { status: 'delivered' })).toEqual({ kind: 'orphan' });
    stage.drainEvents();
    expect(await bind(stage, FIRST)).toEqual({ kind: 'written' });
    const intent = await stage.intent(FIRST);
    expect(intent).toMatchObject({ sid: SID, status: { state: 'delivered' }, version: 4 });
    expect(intent.dueAt).toBe(Date.parse('2026-03-31T12:00:00Z'));
    expect(stage.drainEvents()).toContainEqual(
      expect.objectContaining({
        type: 'message.status-recorded.v1',
        data: expect.objectContaining({ intentId: FIRST, state: 'delivered' }),
      }),
    );
  });

  test('is the intent’s that gets it by a callback', async () => {
    const stage = await prepare();
    await callBack(stage, { status: 'failed', errorCode: 30007 });
    await callBack(stage, { status: 'sent', token: attemptOf(FIRST).token });
    expect(await stage.intent(FIRST)).toMatchObject({ status: { state: 'failed', errorCode: 30007 } });
  });

  test('but what another account told is not believed', async () => {
    const stage = await prepare();
    await callBack(stage, { status: 'failed', accountSid: 'AC00000000000000000000000000000002' });
    await bindByResponse(stage, FIRST);
    expect((await stage.intent(FIRST)).reports).toEqual([]);
  });

  test('is not joined where the message is a duplicate', async () => {
    const stage = await prepare();
    await callBack(stage, { messageSid: sidOf(2), status: 'failed' });
    await bindByResponse(stage, FIRST);
    await callBack(stage, { messageSid: sidOf(2), status: 'sent', token: attemptOf(FIRST).token });
    expect((await stage.intent(FIRST)).reports).toEqual([]);
  });

  test('while it is being bound is not lost: the binding is tried again', async () => {
    const stage = await prepare();
    let isDone = false;
    stage.tables.inject({
      before: async ({ operation }) => {
        if (operation !== 'transact' || isDone) return undefined;
        isDone = true;
        await callBack(stage, { status: 'delivered' });
        return undefined;
      },
    });
    expect(await callBack(stage, { status: 'sent', token: attemptOf(FIRST).token })).toEqual({
      kind: 'bound',
    });
    expect(await stage.intent(FIRST)).toMatchObject({ status: { state: 'delivered' } });
  });

  test('while it gets its intent is joined to that intent', async () => {
    const stage = await prepare();
    let isDone = false;
    stage.tables.inject({
      before: async ({ operation }) => {
        if (operation !== 'transact' || isDone) return undefined;
        isDone = true;
        await bindByResponse(stage, FIRST);
        return undefined;
      },
    });
    expect(await callBack(stage, { status: 'delivered' })).toEqual({ kind: 'recorded' });
    expect(await stage.intent(FIRST)).toMatchObject({ status: { state: 'delivered' } });
    expect(stage.rows('ORPHAN#')).toEqual([]);
  });
});
