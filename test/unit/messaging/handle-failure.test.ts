import { describe, expect, test } from '@jest/globals';
import { applyStatus } from '../../../functions/messaging/domain/apply-status.ts';
import type { MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import { request } from '../../../functions/messaging/domain/lifecycle.ts';
import { type Failure, handleFailure } from '../../../functions/messaging/handle-failure/handle-failure.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { readSendingControl } from '../../../functions/messaging/sending-control-store.ts';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { pending } from '../../fakes/messaging/intents.ts';
import { ScriptedLedger } from '../../fakes/messaging/scripted-ledger.ts';
import { accepted, sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { faultAt, Stage as PlainStage } from '../../fakes/messaging/stage.ts';

class Stage extends PlainStage {
  override readonly ledger = new ScriptedLedger();
}

const NOON = '2026-03-01T12:00:00Z';
const idOf = (number: number): string => `int_${String(number).padStart(32, '0')}`;

/** An intent that was sent at noon, and of which Twilio then reports a failure. */
async function failedMessage(
  stage: Stage,
  number: number,
  errorCode: number,
  changes: Partial<MessageIntent> = {},
): Promise<Failure> {
  const intent = pending({ id: idOf(number), deadline: stage.now + 4 * 3_600_000, ...changes });
  await writeTransition(undefined, request(intent), [], stage);
  stage.twilio.script(accepted(sidOf(number)));
  await deliverIntent(stage.delivery(intent.id), stage);
  stage.drainEvents();
  await report(stage, intent.id, number, { status: 'undelivered', errorCode });
  return failureOf(stage.drainEvents());
}

async function report(
  stage: Stage,
  id: string,
  number: number,
  what: { readonly status: string; readonly errorCode?: number },
): Promise<void> {
  const sent = await stage.intent(id);
  const traced = { sid: sidOf(number), receivedAt: NOON, ...what };
  const moment = { now: stage.now, owner: `report-${what.status}`, jitter: 0 };
  const decision = applyStatus(sent, traced, moment);
  if (decision.kind !== 'recorded') throw new Error(decision.kind);
  await writeTransition(sent, decision.transition, [], stage);
}

function failureOf(events: readonly TrunklineEvent[]): Failure {
  const found = events.find(({ type }) => type === 'message.failed.v1');
  if (found?.type !== 'message.failed.v1') throw new Error('nothing told of the failure');
  return found;
}

const handle = (stage: Stage, event: Failure, owner = 'worker') => handleFailure(event, owner, stage);

describe('the write that makes a message a failed one', () => {
  test('tells so, once a status and error', async () => {
    const stage = new Stage(NOON);
    const event = await failedMessage(stage, 1, 30003);
    expect(event.data).toEqual({
      intentId: idOf(1),
      version: 4,
      state: 'ACCEPTED',
      messageSid: sidOf(1),
      status: 'undelivered',
      errorCode: 30003,
    });
    await report(stage, idOf(1), 1, { status: 'sent' });
    expect(stage.drainEvents().map(({ type }) => type)).toEqual(['message.status-recorded.v1']);
    await report(stage, idOf(1), 1, { status: 'failed' });
    expect(stage.drainEvents().map(({ type }) => type)).toEqual([
      'message.status-recorded.v1',
      'message.failed.v1',
    ]);
  });
});

describe('a failure that may work another time', () => {
  test('is sent once more by a new intent, which names the first', async () => {
    const stage = new Stage(NOON);
    const event = await failedMessage(stage, 1, 30003);
    const outcome = await handle(stage, event);
    if (outcome.kind !== 'handled' || outcome.retryId === undefined) throw new Error('no second try');
    const retry = await stage.intent(outcome.retryId);
    expect(retry).toMatchObject({
      state: 'PENDING',
      retryOf: idOf(1),
      to: '+14155550123',
      body: 'Your parcel is here.',
      causationId: event.id,
      version: 1,
    });
    expect(retry.notBefore).toBeGreaterThanOrEqual(Date.parse('2026-03-01T12:45:00Z'));
    expect(retry.notBefore).toBeLessThanOrEqual(Date.parse('2026-03-01T13:00:00Z'));
    expect(stage.drainEvents()).toMatchObject([
      { type: 'message.requested.v1', data: { intentId: outcome.retryId, retryOf: idOf(1) } },
    ]);
  });

  test('has one second try, however often and by whomever it is handled', async () => {
    const stage = new Stage(NOON);
    const event = await failedMessage(stage, 1, 30003);
    await handle(stage, event);
    await handle(stage, event, 'another worker');
    await handle(stage, { ...event, id: 'told again in other words' }, 'a third');
    expect(stage.rows('INTENT#')).toHaveLength(2);
    expect(stage.count('FailedMessage', 'unreachable')).toBe(1);
  });

  test('has one second try where the acknowledgement of the first write was lost', async () => {
    const stage = new Stage(NOON);
    const event = await failedMessage(stage, 1, 30003);
    stage.tables.inject(faultAt('transact', 1, 'acknowledgement-lost'));
    await expect(handle(stage, event)).rejects.toThrow();
    await handle(stage, event, 'the redelivery');
    expect(stage.rows('INTENT#')).toHaveLength(2);
  });
});

describe('a second try', () => {
  const due = async () => {
    const stage = new Stage(NOON);
    const outcome = await handle(stage, await failedMessage(stage, 1, 30003));
    if (outcome.kind !== 'handled' || outcome.retryId === undefined) throw new Error('no second try');
    stage.at('2026-03-01T13:00:00Z').twilio.script(accepted(sidOf(2)));
    return { stage, id: outcome.retryId };
  };

  test('is sent while Twilio still calls the first a failure', async () => {
    const { stage, id } = await due();
    stage.ledger.show({ messageSid: sidOf(1), status: 'undelivered', errorCode: 30003 });
    expect(await deliverIntent(stage.delivery(id), stage)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(stage.ledger.fetches).toEqual([
      { accountSid: 'AC00000000000000000000000000000001', messageSid: sidOf(1) },
    ]);
  });

  test('has no third one behind it', async () => {
    const { stage, id } = await due();
    stage.ledger.show({ messageSid: sidOf(1), status: 'undelivered', errorCode: 30003 });
    await deliverIntent(stage.delivery(id), stage);
    stage.drainEvents();
    await report(stage, id, 2, { status: 'undelivered', errorCode: 30003 });
    expect(await handle(stage, failureOf(stage.drainEvents()))).toEqual({ kind: 'handled', paused: false });
    expect(stage.rows('INTENT#')).toHaveLength(2);
  });

  test('is not sent where Twilio says that the first was delivered after all, and the callback was lost', async () => {
    const { stage, id } = await due();
    stage.ledger.show({ messageSid: sidOf(1), status: 'delivered' });
    expect(await deliverIntent(stage.delivery(id), stage)).toEqual({ kind: 'done', state: 'SUPPRESSED' });
    expect(stage.twilio.requests).toHaveLength(1);
    expect(await stage.intent(id)).toMatchObject({ reason: 'the first try got through after all' });
  });

  test('is not sent where a late callback says so', async () => {
    const { stage, id } = await due();
    await report(stage, idOf(1), 1, { status: 'delivered' });
    expect(await deliverIntent(stage.delivery(id), stage)).toEqual({ kind: 'done', state: 'SUPPRESSED' });
    expect(stage.ledger.fetches).toEqual([]);
  });

  test('that comes a little early, and is waited for, is asked about as well', async () => {
    const { stage, id } = await due();
    stage.now = (await stage.intent(id)).notBefore - 200;
    stage.ledger.show({ messageSid: sidOf(1), status: 'delivered' });
    expect(await deliverIntent(stage.delivery(id), stage)).toEqual({ kind: 'done', state: 'SUPPRESSED' });
    expect(stage.twilio.requests).toHaveLength(1);
  });

  test('waits while Twilio cannot be asked', async () => {
    const { stage, id } = await due();
    stage.ledger.refuse({ kind: 'unavailable', reason: 'time-out' });
    expect(await deliverIntent(stage.delivery(id), stage)).toEqual({ kind: 'done', state: 'PENDING' });
    expect(await stage.intent(id)).toMatchObject({ notBefore: Date.parse('2026-03-01T13:02:00Z') });
  });
});

describe('an error', () => {
  test('that the policy does not have is counted, and its message not sent again', async () => {
    const stage = new Stage(NOON);
    expect(await handle(stage, await failedMessage(stage, 1, 39_999))).toEqual({
      kind: 'handled',
      paused: false,
    });
    expect(stage.count('UnknownErrorCode')).toBe(1);
    expect(stage.count('FailedMessage', 'unknown')).toBe(1);
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });

  test('of an intent that is gone cannot be handled', async () => {
    const stage = new Stage(NOON);
    const event = await failedMessage(stage, 1, 30003);
    const gone = { ...event, data: { ...event.data, intentId: idOf(8) } };
    expect(await handle(stage, gone as Failure)).toEqual({ kind: 'missing' });
  });
});

const pausesOf = async (stage: Stage) =>
  (await readSendingControl(stage.tables)).pauses.map(({ scope, by }) => `${scope} by ${by}`);

describe('a pool in trouble', () => {
  const filtered = async (stage: Stage, from: number, to: number, changes: Partial<MessageIntent> = {}) => {
    for (let number = from; number <= to; number += 1)
      await handle(stage, await failedMessage(stage, number, 30007, { pool: 'marketing', ...changes }));
  };

  test('pauses itself at the tenth filtered message, says why, and touches no other', async () => {
    const stage = new Stage(NOON);
    await filtered(stage, 1, 9);
    expect(await pausesOf(stage)).toEqual([]);
    await filtered(stage, 10, 10);
    expect(await pausesOf(stage)).toEqual(['pool:marketing by trunkline/pool-watch']);
    const [pause] = (await readSendingControl(stage.tables)).pauses;
    expect(pause?.reason).toMatch(
      /^filtering: 10 of about \d+ messages of the last 60 minutes failed, the last with error 30007$/,
    );
    expect(stage.count('PoolPaused', 'filtering')).toBe(1);
  });

  test('pauses the campaign alone, where the messages have one', async () => {
    const stage = new Stage(NOON);
    await filtered(stage, 1, 10, { campaign: 'spring' });
    expect(await pausesOf(stage)).toEqual(['campaign:spring by trunkline/pool-watch']);
  });

  test('is resumed by an operator, and not paused again for what was sent before', async () => {
    const stage = new Stage(NOON);
    await filtered(stage, 1, 10);
    stage.at('2026-03-01T12:10:00Z');
    const stopped = await readSendingControl(stage.tables);
    await stage.tables.put({
      table: 'messaging',
      item: { pk: 'CONTROL', sk: 'SENDING', version: stopped.version + 1, pauses: [] },
    });
    await filtered(stage, 11, 19);
    expect(await pausesOf(stage)).toEqual([]);
    await filtered(stage, 20, 20);
    expect(await pausesOf(stage)).toHaveLength(1);
  });

  test('is told by refusals too', async () => {
    const stage = new Stage(NOON);
    for (let number = 1; number <= 5; number += 1) {
      const intent = pending({ id: idOf(number) });
      await writeTransition(undefined, request(intent), [], stage);
      stage.twilio.script({ kind: 'rejected', errorCode: 30034, httpStatus: 400, durationMilliseconds: 5 });
      await deliverIntent(stage.delivery(intent.id), stage);
      const rejected = stage.drainEvents().find(({ type }) => type === 'message.rejected.v1');
      await handle(stage, rejected as Failure);
    }
    expect(await pausesOf(stage)).toEqual(['pool:transactional by trunkline/pool-watch']);
  });

  test('counts each failure once, though it is told again', async () => {
    const stage = new Stage(NOON);
    for (let number = 1; number <= 9; number += 1) {
      const event = await failedMessage(stage, number, 30007);
      await handle(stage, event);
      await handle(stage, event, 'again');
    }
    expect(await pausesOf(stage)).toEqual([]);
  });
});
