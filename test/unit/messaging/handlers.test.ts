import { describe, expect, test } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import { bindingPut } from '../../../functions/messaging/evidence-rows.ts';
import { createHandler as createAnswerHandler } from '../../../functions/messaging/handle-inbound-message/handler.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { createHandler as createStatusHandler } from '../../../functions/messaging/record-status/handler.ts';
import { createHandler as createSendHandler } from '../../../functions/messaging/send-message/handler.ts';
import { INTENT_ID, pending } from '../../fakes/messaging/intents.ts';
import { busMessage, lambdaContext, sqsEvent } from '../../fakes/messaging/lambda-events.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { HOOKS_ORIGIN, Stage } from '../../fakes/messaging/stage.ts';
import { receiveCallback, receiveText } from '../../fakes/messaging/webhook-events.ts';

const TIME = '2026-03-01T12:00:00.000Z';
const NOON = '2026-03-01T12:00:00Z';
const failed = (...messageIds: string[]) => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});

/** A batch is worked through in parallel: failures come as they fall. */
const inOrder = ({ batchItemFailures }: SQSBatchResponse) =>
  failed(...batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort());

const POISON = [
  ['no JSON', '{'],
  ['another shape', '{"intentIds":[]}'],
  ['no object', '"int_1"'],
  ['nothing', ''],
] as const;

describe('send-message', () => {
  const prepare = async () => {
    const stage = new Stage(NOON);
    await writeTransition(undefined, { intent: pending(), outbox: [] }, [], stage);
    return { stage, handler: createSendHandler({ hooksOrigin: HOOKS_ORIGIN, pools: SETTINGS.pools }, stage) };
  };
  const dispatch = (intentId: string) => JSON.stringify({ intentId });

  test('sends what the queue names', async () => {
    const { stage, handler } = await prepare();
    expect(await handler(sqsEvent(dispatch(INTENT_ID)), lambdaContext())).toEqual(failed());
    expect(stage.twilio.requests).toHaveLength(1);
    expect(await stage.intent(INTENT_ID)).toMatchObject({
      state: 'ACCEPTED',
      attempt: { owner: expect.stringContaining('5f0c1d2e-0000-4000-8000-000000000001#') },
    });
    expect(stage.observer.flushes).toBe(1);
  });

  test('sends once what one batch names twice', async () => {
    const { stage, handler } = await prepare();
    expect(await handler(sqsEvent(dispatch(INTENT_ID), dispatch(INTENT_ID)), lambdaContext())).toEqual(
      failed(),
    );
    expect(stage.twilio.requests).toHaveLength(1);
  });

  test('fails the one message whose intent does not exist, and acknowledges the other', async () => {
    const { stage, handler } = await prepare();
    expect(await handler(sqsEvent(dispatch('int_none'), dispatch(INTENT_ID)), lambdaContext())).toEqual(
      failed('message-0'),
    );
    expect(stage.count('PoisonMessage')).toBe(1);
    expect(stage.twilio.requests).toHaveLength(1);
  });

  test('asks for a message again when the store is down', async () => {
    const { stage, handler } = await prepare();
    stage.tables.inject({ before: () => 'throttled' });
    expect(await handler(sqsEvent(dispatch(INTENT_ID)), lambdaContext())).toEqual(failed('message-0'));
    expect(stage.count('PoisonMessage')).toBe(0);
  });

  test.each([
    ...POISON,
    ['a field too many', `{"intentId":"${INTENT_ID}","to":"+14155550123"}`],
    ['an empty id', '{"intentId":""}'],
  ])('refuses a message that is %s, and shows nothing of it in the log', async (_what, body) => {
    const { stage, handler } = await prepare();
    expect(await handler(sqsEvent(body), lambdaContext())).toEqual(failed('message-0'));
    expect(stage.count('PoisonMessage')).toBe(1);
    expect(JSON.stringify(stage.observer.lines)).not.toContain('4155550123');
    expect(stage.twilio.requests).toEqual([]);
  });
});

describe('record-status', () => {
  const prepare = async () => {
    const stage = new Stage(NOON);
    const accepted = pending({ version: 3, state: 'ACCEPTED', sid: sidOf(1) });
    await writeTransition(
      undefined,
      { intent: accepted, outbox: [] },
      [bindingPut(sidOf(1), INTENT_ID, stage.now)],
      stage,
    );
    return { stage, handler: createStatusHandler(stage) };
  };

  test('joins every callback of a batch, and fails only what is broken', async () => {
    const { stage, handler } = await prepare();
    const sent = await receiveCallback(stage.tables, { messageSid: sidOf(1), status: 'sent', time: TIME });
    const delivered = await receiveCallback(stage.tables, {
      messageSid: sidOf(1),
      status: 'delivered',
      time: TIME,
    });
    const gone = { ...sent, data: { ...sent.data, inboxKey: 'ST#gone' } };
    const text = await receiveText(stage.tables, { messageSid: sidOf(2), time: TIME });
    const batch = sqsEvent(busMessage(delivered), '{', busMessage(gone), busMessage(text), busMessage(sent));
    expect(inOrder(await handler(batch, lambdaContext()))).toEqual(
      failed('message-1', 'message-2', 'message-3'),
    );
    expect(await stage.intent(INTENT_ID)).toMatchObject({ status: { state: 'delivered' }, version: 5 });
    expect(stage.count('PoisonMessage')).toBe(3);
  });

  test('asks again when the store is down', async () => {
    const { stage, handler } = await prepare();
    const sent = await receiveCallback(stage.tables, { messageSid: sidOf(1), status: 'sent', time: TIME });
    stage.tables.inject({ before: () => 'throttled' });
    expect(await handler(sqsEvent(busMessage(sent)), lambdaContext())).toEqual(failed('message-0'));
    stage.tables.inject({});
    expect(await handler(sqsEvent(busMessage(sent)), lambdaContext())).toEqual(failed());
  });

  test.each([
    ['another source', { source: 'aws.s3' }],
    ['a detail-type of another event', { 'detail-type': 'message.received.v1' }],
    ['an unknown version', { 'detail-type': 'message.status-reported.v2' }],
    ['no detail', { detail: undefined }],
  ])('refuses %s', async (_what, changes) => {
    const { stage, handler } = await prepare();
    const sent = await receiveCallback(stage.tables, { messageSid: sidOf(1), status: 'sent', time: TIME });
    const body = JSON.stringify({ ...JSON.parse(busMessage(sent)), ...changes });
    expect(await handler(sqsEvent(body), lambdaContext())).toEqual(failed('message-0'));
    expect(stage.count('PoisonMessage')).toBe(1);
  });
});

describe('handle-inbound-message', () => {
  test('answers the texts of a batch, and fails only what is broken', async () => {
    const stage = new Stage(NOON);
    const handler = createAnswerHandler(SETTINGS, stage);
    const first = await receiveText(stage.tables, { messageSid: sidOf(1), time: TIME });
    const second = await receiveText(stage.tables, {
      messageSid: sidOf(2),
      from: '+14155550124',
      time: TIME,
    });
    const gone = { ...first, data: { ...first.data, inboxKey: 'MSG#gone' } };
    const callback = await receiveCallback(stage.tables, {
      messageSid: sidOf(3),
      status: 'sent',
      time: TIME,
    });
    const batch = sqsEvent(
      busMessage(first),
      busMessage(gone),
      busMessage(callback),
      busMessage(second),
      '[]',
    );
    expect(inOrder(await handler(batch, lambdaContext()))).toEqual(
      failed('message-1', 'message-2', 'message-4'),
    );
    expect(stage.rows('INTENT#')).toHaveLength(2);
    expect(await handler(sqsEvent(busMessage(first), busMessage(second)), lambdaContext())).toEqual(failed());
    expect(stage.rows('INTENT#')).toHaveLength(2);
  });

  test('fails a text whose payload cannot be read', async () => {
    const stage = new Stage(NOON);
    const event = await receiveText(stage.tables, { messageSid: sidOf(1), time: TIME });
    await stage.tables.put({ table: 'inbox', item: { pk: event.data.inboxKey, payload: 'Body=%' } });
    expect(await createAnswerHandler(SETTINGS, stage)(sqsEvent(busMessage(event)), lambdaContext())).toEqual(
      failed('message-0'),
    );
  });
});

test('no log line of any worker shows a number, a text or a token', async () => {
  const stage = new Stage(NOON);
  const event = await receiveText(stage.tables, { messageSid: sidOf(1), body: 'hours', time: TIME });
  await createAnswerHandler(SETTINGS, stage)(sqsEvent(busMessage(event)), lambdaContext());
  const [intent] = stage.rows('INTENT#');
  await createSendHandler({ hooksOrigin: HOOKS_ORIGIN, pools: SETTINGS.pools }, stage)(
    sqsEvent(JSON.stringify({ intentId: intent?.id })),
    lambdaContext(),
  );
  const token = String(stage.rows('ATTEMPT#')[0]?.pk).slice('ATTEMPT#'.length);
  const callback = await receiveCallback(stage.tables, {
    messageSid: sidOf(1),
    status: 'sent',
    token,
    time: TIME,
  });
  await createStatusHandler(stage)(sqsEvent(busMessage(callback)), lambdaContext());
  expect(stage.twilio.requests).toHaveLength(1);
  const said = JSON.stringify([stage.observer.lines, [...stage.observer.counts], stage.drainOutbox()]);
  for (const secret of ['4155550123', '4155550199', 'We are open', token]) expect(said).not.toContain(secret);
});
