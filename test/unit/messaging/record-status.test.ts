import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attemptPut, bindingPut } from '../../../functions/messaging/evidence-rows.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { recordStatus } from '../../../functions/messaging/record-status/record-status.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { ATTEMPT, armed, INTENT_ID, pending } from '../../fakes/messaging/intents.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { ACCOUNT } from '../../fakes/messaging/settings.ts';
import { faultAt, Stage } from '../../fakes/messaging/stage.ts';
import { receiveCallback } from '../../fakes/messaging/webhook-events.ts';

const SID = sidOf(1);
const TIME = '2026-03-01T12:00:04.000Z';

/** An accepted message whose MessageSid is bound, and whose attempt row stands. */
const prepare = async (): Promise<Stage> => {
  const stage = new Stage('2026-03-01T12:00:05Z');
  const accepted = pending({
    version: 3,
    state: 'ACCEPTED',
    sid: SID,
    evidence: 'response',
    attempt: ATTEMPT,
  });
  await writeTransition(
    undefined,
    { intent: accepted, outbox: [] },
    [bindingPut(SID, INTENT_ID, stage.now), attemptPut(INTENT_ID, ATTEMPT)],
    stage,
  );
  return stage;
};

/** An armed message: its attempt row stands, no MessageSid is known. */
const prepareArmed = async (): Promise<Stage> => {
  const stage = new Stage('2026-03-01T12:00:05Z');
  await writeTransition(undefined, { intent: armed(), outbox: [] }, [attemptPut(INTENT_ID, ATTEMPT)], stage);
  return stage;
};

type Callback = Omit<Parameters<typeof receiveCallback>[1], 'time' | 'messageSid'> & {
  messageSid?: string;
  time?: string;
};

let handled = 0;
const report = async (stage: Stage, callback: Callback) => {
  handled += 1;
  const owner = `invocation ${handled}`;
  const event = await receiveCallback(stage.tables, { messageSid: SID, time: TIME, ...callback });
  return recordStatus(event, owner, stage);
};

describe('a status callback', () => {
  test('finds its intent by MessageSid', async () => {
    const stage = await prepare();
    expect(await report(stage, { status: 'delivered' })).toEqual({ kind: 'recorded' });
    expect(await stage.intent(INTENT_ID)).toMatchObject({ version: 4, status: { state: 'delivered' } });
    expect(stage.drainEvents()).toMatchObject([
      { type: 'message.status-recorded.v1', data: { intentId: INTENT_ID, state: 'delivered' } },
    ]);
    expect(stage.count('StatusRecorded', 'recorded')).toBe(1);
    expect(stage.count('AcknowledgementToEffect')).toBe(1);
  });

  test("finds its intent by the attempt's token, and binds the MessageSid that it names", async () => {
    const stage = await prepareArmed();
    expect(await report(stage, { status: 'sent', token: ATTEMPT.token })).toEqual({ kind: 'bound' });
    expect(await stage.intent(INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      sid: SID,
      evidence: 'callback',
    });
    expect(await report(stage, { status: 'delivered' })).toEqual({ kind: 'recorded' });
  });

  test('with a token that names no attempt is counted, and found by MessageSid all the same', async () => {
    const stage = await prepare();
    expect(await report(stage, { status: 'sent', token: 'no-such-token' })).toEqual({ kind: 'recorded' });
    expect(stage.count('UnknownToken')).toBe(1);
  });

  test('that is repeated changes nothing and writes nothing', async () => {
    const stage = await prepare();
    await report(stage, { status: 'sent' });
    const before = await stage.intent(INTENT_ID);
    stage.drainEvents();
    expect(await report(stage, { status: 'sent', time: '2026-03-01T12:00:09.000Z' })).toEqual({
      kind: 'known',
    });
    expect(await stage.intent(INTENT_ID)).toEqual(before);
    expect(stage.drainEvents()).toEqual([]);
  });

  test('with an unknown word is stored, ranked lowest and counted', async () => {
    const stage = await prepare();
    await report(stage, { status: 'sent' });
    expect(await report(stage, { status: 'teleported' })).toEqual({ kind: 'recorded' });
    expect(await stage.intent(INTENT_ID)).toMatchObject({
      status: { state: 'sent' },
      reports: [{ status: 'teleported' }, { status: 'sent' }],
    });
    expect(stage.count('UnknownStatus')).toBe(1);
  });

  test('of a second MessageSid for one attempt pages', async () => {
    const stage = await prepare();
    expect(await report(stage, { messageSid: sidOf(2), status: 'sent', token: ATTEMPT.token })).toEqual({
      kind: 'duplicate-detected',
    });
    expect(stage.count('DuplicateDetected')).toBe(1);
    expect(stage.rows(`SID#${sidOf(2)}`)).toMatchObject([{ intentId: INTENT_ID }]);
  });

  test('whose inbox item is gone is broken', async () => {
    const stage = await prepare();
    const event = await receiveCallback(stage.tables, { messageSid: SID, status: 'sent', time: TIME });
    expect(
      await recordStatus({ ...event, data: { ...event.data, inboxKey: 'ST#gone' } }, 'me', stage),
    ).toEqual({ kind: 'missing' });
  });

  test('of another account does not touch the intent, whatever it names', async () => {
    const stage = await prepare();
    const accountSid = 'AC00000000000000000000000000000002';
    expect(await report(stage, { status: 'failed', accountSid })).toEqual({ kind: 'orphan' });
    expect(
      await report(stage, { status: 'failed', errorCode: 30007, accountSid, token: ATTEMPT.token }),
    ).toEqual({ kind: 'orphan' });
    expect((await stage.intent(INTENT_ID)).version).toBe(3);
  });

  test('in any order and multiplicity ends in the same state', async () => {
    const all = [
      { status: 'queued' },
      { status: 'sending' },
      { status: 'sent' },
      { status: 'undelivered', errorCode: 30008 },
      { status: 'undelivered' },
      { status: 'teleported' },
      { status: 'delivered' },
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...all, ...all], { minLength: 14 }), async (callbacks) => {
        const stage = await prepare();
        for (const callback of callbacks) await report(stage, callback);
        const { reports, status, version } = await stage.intent(INTENT_ID);
        expect({ status, version, reports: reports.length }).toEqual({
          status: { state: 'delivered' },
          version: 10,
          reports: 7,
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('racing callbacks', () => {
  test('of one message all land', async () => {
    const stage = await prepare();
    const words = ['queued', 'sending', 'sent', 'delivered'];
    await Promise.all(words.map((status) => report(stage, { status })));
    expect(await stage.intent(INTENT_ID)).toMatchObject({ version: 7, status: { state: 'delivered' } });
    expect(stage.drainEvents()).toHaveLength(4);
  });

  test('that name the same MessageSid first bind it once', async () => {
    const stage = await prepareArmed();
    const outcomes = await Promise.all(
      ['queued', 'sent'].map((status) => report(stage, { status, token: ATTEMPT.token })),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['bound', 'recorded']);
    expect(stage.drainEvents().filter(({ type }) => type === 'message.accepted.v1')).toHaveLength(1);
  });

  test('give up as unavailable where the intent never holds still', async () => {
    const stage = await prepare();
    let isBusy = false;
    stage.tables.inject({
      before: async ({ operation, tables: [table] }) => {
        if (operation !== 'put' || table !== 'messaging' || isBusy) return undefined;
        isBusy = true;
        const current = await stage.intent(INTENT_ID);
        await writeTransition(
          current,
          { intent: { ...current, version: current.version + 1, owner: 'rival' }, outbox: [] },
          [],
          stage,
        );
        isBusy = false;
        return undefined;
      },
    });
    await expect(report(stage, { status: 'sent' })).rejects.toThrow(StoreUnavailableError);
  });
});

describe('a store that fails', () => {
  test('loses an acknowledgement on the way: the write is known as our own', async () => {
    const stage = await prepareArmed();
    stage.tables.inject(faultAt('transact', 1, 'repeated'));
    expect(await report(stage, { status: 'sent', token: ATTEMPT.token })).toEqual({ kind: 'bound' });
  });

  test('loses an acknowledgement for good: the redelivery finds the report there', async () => {
    const stage = await prepareArmed();
    stage.tables.inject(faultAt('transact', 1, 'acknowledgement-lost'));
    await expect(report(stage, { status: 'sent', token: ATTEMPT.token })).rejects.toThrow(
      StoreUnavailableError,
    );
    expect(await report(stage, { status: 'sent', token: ATTEMPT.token })).toEqual({ kind: 'known' });
    expect(stage.drainEvents()).toHaveLength(2);
  });
});

describe('a callback for a MessageSid never seen', () => {
  const stranger = { messageSid: sidOf(99) };
  const orphanOf = (stage: Stage) => stage.rows(`ORPHAN#${sidOf(99)}`)[0];

  test('is kept, counted and told', async () => {
    const stage = await prepare();
    expect(await report(stage, { ...stranger, status: 'delivered' })).toEqual({ kind: 'orphan' });
    expect(orphanOf(stage)).toMatchObject({ version: 1, reports: [{ status: 'delivered' }] });
    expect(stage.count('OrphanStatus')).toBe(1);
    const [event] = stage.drainEvents();
    expect(event).toMatchObject({
      type: 'message.status-recorded.v1',
      data: {
        messageSid: sidOf(99),
        state: 'delivered',
        explanation: expect.stringContaining('no intent of ours'),
      },
    });
    expect(event?.data).not.toHaveProperty('intentId');
  });

  test('joins what is known of it, in any order', async () => {
    const stage = await prepare();
    await report(stage, { ...stranger, status: 'failed', errorCode: 30007 });
    await report(stage, { ...stranger, status: 'sent' });
    await report(stage, { ...stranger, status: 'sent', time: '2026-03-01T12:00:09.000Z' });
    expect(orphanOf(stage)).toMatchObject({
      version: 2,
      reports: [{ status: 'sent' }, { status: 'failed', errorCode: 30007 }],
    });
    expect(stage.drainEvents()).toHaveLength(2);
  });

  test('races with another: both land', async () => {
    const stage = await prepare();
    await Promise.all(
      ['queued', 'sent', 'delivered'].map((status) => report(stage, { ...stranger, status })),
    );
    expect(orphanOf(stage)).toMatchObject({ version: 3 });
  });

  test('whose acknowledgement got lost on the way is written once', async () => {
    const stage = await prepare();
    let writes = 0;
    stage.tables.inject({
      before: ({ operation }) => {
        if (operation !== 'transact') return undefined;
        writes += 1;
        return 'repeated';
      },
    });
    await report(stage, { ...stranger, status: 'sent' });
    expect(writes).toBe(1);
    expect(orphanOf(stage)).toMatchObject({ version: 1 });
  });

  test('gives up as unavailable where its row never holds still', async () => {
    const stage = await prepare();
    let version = 1;
    let isBusy = false;
    stage.tables.inject({
      before: async ({ operation }) => {
        if (operation !== 'transact' || isBusy) return undefined;
        isBusy = true;
        version += 1;
        await stage.tables.put({
          table: 'messaging',
          item: { pk: `ORPHAN#${sidOf(99)}`, sk: ACCOUNT, version, owner: 'rival', reports: [] },
        });
        isBusy = false;
        return undefined;
      },
    });
    await expect(report(stage, { ...stranger, status: 'sent' })).rejects.toThrow(StoreUnavailableError);
  });

  test('over the URL of an attempt whose intent has been collected is an orphan too', async () => {
    const stage = new Stage('2026-03-01T12:00:05Z');
    await stage.tables.transact([attemptPut(INTENT_ID, ATTEMPT)]);
    expect(await report(stage, { status: 'sent', token: ATTEMPT.token })).toEqual({ kind: 'orphan' });
  });
});
