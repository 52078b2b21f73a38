import { describe, expect, test } from '@jest/globals';
import { reschedule } from '../../../functions/messaging/domain/rescheduling.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { createHandler } from '../../../functions/messaging/serve-messages/handler.ts';
import { armed, INTENT_ID, NOON, pending } from '../../fakes/messaging/intents.ts';
import { httpEvent, lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const HOUR = 3_600_000;
const moment = { now: NOON, owner: 'client', jitter: 0 };

describe('another time', () => {
  test('keeps the time in which the message is valid, and says so in its story', () => {
    expect(reschedule(pending(), { sendAt: NOON + 5 * HOUR }, moment)).toMatchObject({
      kind: 'reschedule',
      transition: {
        intent: {
          state: 'PENDING',
          version: 2,
          sendAt: NOON + 5 * HOUR,
          notBefore: NOON + 5 * HOUR,
          dueAt: NOON + 5 * HOUR,
          deadline: NOON + 6 * HOUR,
        },
        outbox: [
          {
            kind: 'event',
            event: { type: 'message.held.v1', data: { reason: 'rescheduled by the client' } },
          },
        ],
      },
    });
  });

  test('may be earlier, and is now if it is past', () => {
    const later = pending({ sendAt: NOON + 5 * HOUR, notBefore: NOON + 5 * HOUR, deadline: NOON + 6 * HOUR });
    const decision = reschedule(later, { sendAt: NOON - HOUR }, moment);
    expect(decision).toMatchObject({
      transition: {
        intent: { sendAt: NOON, notBefore: NOON, deadline: NOON + HOUR },
        outbox: [{ kind: 'event' }, { kind: 'dispatch', delaySeconds: 0 }],
      },
    });
  });

  test('takes its own deadline, and the hand-over of a pool with two phases', () => {
    const time = { sendAt: NOON + 5 * HOUR, deadline: NOON + 9 * HOUR, aheadSeconds: 7_200 };
    expect(reschedule(pending(), time, moment)).toMatchObject({
      transition: { intent: { notBefore: NOON + 3 * HOUR, deadline: NOON + 9 * HOUR } },
    });
  });

  test('that stands already changes nothing', () => {
    const later = pending({ sendAt: NOON + 5 * HOUR, deadline: NOON + 6 * HOUR });
    expect(reschedule(later, { sendAt: NOON + 5 * HOUR }, moment)).toEqual({ kind: 'unchanged' });
  });

  test('comes too late for what is armed, settled, or held by Twilio', () => {
    const time = { sendAt: NOON + 5 * HOUR };
    expect(reschedule(armed(), time, moment)).toEqual({ kind: 'too-late', state: 'ARMED' });
    expect(reschedule(pending({ state: 'EXPIRED' }), time, moment)).toEqual({
      kind: 'too-late',
      state: 'EXPIRED',
    });
    const scheduled = pending({ state: 'ACCEPTED', sendAt: NOON + HOUR });
    expect(reschedule(scheduled, time, moment)).toEqual({ kind: 'at-twilio' });
  });
});

describe('POST /v1/messages/{id}/reschedule', () => {
  const prepare = async (): Promise<Stage> => {
    const stage = new Stage('2026-03-01T12:00:00Z');
    await writeTransition(undefined, { intent: pending(), outbox: [] }, [], stage);
    return stage;
  };
  const ask = (stage: Stage, body: object, client = { id: 'shop' }) =>
    createHandler(SETTINGS, stage)(
      httpEvent({
        routeKey: 'POST /v1/messages/{id}/reschedule',
        pathParameters: { id: INTENT_ID },
        headers: { 'content-type': 'application/json', 'idempotency-key': 'later-7' },
        body: JSON.stringify(body),
        client,
      }),
      lambdaContext(),
    );

  test('is effective even when the message is on its queue already', async () => {
    const stage = await prepare();
    const response = await ask(stage, { sendAt: '2026-03-01T15:00:00Z' });
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(response.body)).toMatchObject({ state: 'PENDING', sendAt: '2026-03-01T15:00:00.000Z' });
    expect(await deliverIntent(stage.delivery(INTENT_ID), stage)).toEqual({ kind: 'done', state: 'PENDING' });
    expect(stage.twilio.requests).toEqual([]);
    stage.at('2026-03-01T15:00:00Z');
    expect(await deliverIntent(stage.delivery(INTENT_ID), stage)).toEqual({
      kind: 'done',
      state: 'ACCEPTED',
    });
  });

  test('may be repeated, and is refused once the message is sent', async () => {
    const stage = await prepare();
    const first = await ask(stage, { sendAt: '2026-03-01T15:00:00Z' });
    expect((await ask(stage, { sendAt: '2026-03-01T15:00:00Z' })).body).toBe(first.body);
    stage.at('2026-03-01T15:00:00Z');
    await deliverIntent(stage.delivery(INTENT_ID), stage);
    const late = await ask(stage, { sendAt: '2026-03-01T18:00:00Z' });
    expect(late.statusCode).toBe(409);
    expect(JSON.parse(late.body)).toMatchObject({ detail: 'It is ACCEPTED.' });
  });

  test('tells what is wrong with the time, and whose message it is not', async () => {
    const stage = await prepare();
    const wrong = await ask(stage, { sendAt: '2026-03-01T15:00:00Z', deadline: '2026-03-01T14:00:00Z' });
    expect(wrong.statusCode).toBe(422);
    expect(JSON.parse(wrong.body).errors).toMatchObject([{ pointer: '/deadline' }]);
    expect((await ask(stage, { sendAt: 'tomorrow' })).statusCode).toBe(400);
    expect((await ask(stage, { sendAt: '2026-03-01T15:00:00Z' }, { id: 'clinic' })).statusCode).toBe(404);
  });
});
