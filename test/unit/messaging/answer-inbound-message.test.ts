import { describe, expect, test } from '@jest/globals';
import { answerInboundMessage } from '../../../functions/messaging/handle-inbound-message/answer-inbound-message.ts';
import { UnexpectedConditionError } from '../../../functions/messaging/intent-store.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import type { MessagingSettings } from '../../../functions/shared/contract/settings.ts';
import {
  type CancellationReason,
  StoreUnavailableError,
} from '../../../functions/shared/ports/table-client.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { faultAt, Stage } from '../../fakes/messaging/stage.ts';
import { receiveText } from '../../fakes/messaging/webhook-events.ts';

const TIME = '2026-03-01T12:00:00.000Z';
const stageAtNoon = () => new Stage('2026-03-01T12:00:01Z');
type Text = Omit<Parameters<typeof receiveText>[1], 'time' | 'messageSid'> & { messageSid?: string };
const textOf = (stage: Stage, text: Text = {}) =>
  receiveText(stage.tables, { messageSid: sidOf(1), time: TIME, ...text });

let handled = 0;
const answer = (
  stage: Stage,
  event: Awaited<ReturnType<typeof textOf>>,
  settings: MessagingSettings = SETTINGS,
) => {
  handled += 1;
  return answerInboundMessage(event, `invocation ${handled}`, settings, stage);
};

const silenceOf = (stage: Stage) =>
  stage.drainEvents().find(({ type }) => type === 'auto-response.decided.v1')?.data;

describe('a text', () => {
  test('gets an answer that is an intent like any other, in its own story', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage, { body: 'Hours' });
    const outcome = await answer(stage, event);
    if (outcome.kind !== 'replied') throw new Error(outcome.kind);
    expect(await stage.intent(outcome.intentId)).toMatchObject({
      state: 'PENDING',
      clientId: 'trunkline/auto-responder',
      pool: 'transactional',
      to: '+14155550123',
      body: 'We are open from 9 to 17 h.',
      correlationId: sidOf(1),
      causationId: event.id,
      inReplyTo: sidOf(1),
      deadline: Date.parse('2026-03-01T13:00:01Z'),
    });
    expect(
      stage.drainOutbox().map((entry) => (entry.kind === 'event' ? entry.event.type : entry.kind)),
    ).toEqual(['auto-response.decided.v1', 'message.requested.v1', 'dispatch']);
    await deliverIntent(stage.delivery(outcome.intentId), stage);
    expect(stage.twilio.requests).toMatchObject([
      { to: '+14155550123', body: 'We are open from 9 to 17 h.' },
    ]);
    expect(stage.count('AutoResponse', 'replied')).toBe(1);
  });

  test('tells the decision with its intent, caused by the text', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    const outcome = await answer(stage, event);
    expect(stage.drainEvents()[0]).toMatchObject({
      id: `messaging/EFFECT#sms#${event.id}/1/0`,
      causationId: event.id,
      data: {
        messageSid: sidOf(1),
        outcome: 'replied',
        reason: 'the default reply',
        intentId: outcome.kind === 'replied' && outcome.intentId,
      },
    });
  });

  test('with media is answered too', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage, { body: '', media: ['https://api.twilio.com/media/1'] });
    expect((await answer(stage, event)).kind).toBe('replied');
  });

  test.each<[string, Text, string]>([
    ['a STOP', { body: ' STOP ' }, 'a keyword, which is confirmed once by whom the pool says'],
    [
      "Advanced Opt-Out's verdict",
      { body: 'whatever', optOutType: 'HELP' },
      'a keyword, which is answered once by whom the pool says',
    ],
    ['a word of Twilio', { body: 'Yes' }, 'a keyword that Twilio answers'],
    ['a short code', { from: '24273' }, 'the sender is not a phone number'],
  ])('is met with silence, told with its reason: %s', async (_what, text, reason) => {
    const stage = stageAtNoon();
    expect(await answer(stage, await textOf(stage, text))).toEqual({ kind: 'silent' });
    expect(silenceOf(stage)).toEqual({ messageSid: sidOf(1), outcome: 'silent', reason });
    expect(stage.rows('INTENT#')).toEqual([]);
    expect(stage.count('AutoResponse', 'silent')).toBe(1);
  });

  test('to an account without a transactional pool is met with silence', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage, { accountSid: 'AC00000000000000000000000000000002' });
    expect(await answer(stage, event)).toEqual({ kind: 'silent' });
    expect(silenceOf(stage)).toMatchObject({ reason: 'the account has no transactional pool' });
  });

  test('whose payload is gone is broken, and leaves no trace', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    const gone = { ...event, data: { ...event.data, inboxKey: 'MSG#gone' } };
    expect(await answer(stage, gone)).toEqual({ kind: 'missing' });
    expect(stage.tables.items('messaging')).toEqual([]);
  });
});

describe('a text that is delivered again', () => {
  test('gets one reply', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    expect((await answer(stage, event)).kind).toBe('replied');
    expect(await answer(stage.at('2026-03-01T18:00:00Z'), event)).toEqual({ kind: 'done-before' });
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });

  test('keeps its first decision, silence included', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    const off = { ...SETTINGS, autoResponder: { ...SETTINGS.autoResponder, enabled: false } };
    expect(await answer(stage, event, off)).toEqual({ kind: 'silent' });
    expect(await answer(stage, event)).toEqual({ kind: 'done-before' });
    expect(stage.rows('INTENT#')).toEqual([]);
  });

  test('twenty times at once gets one reply', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => answer(stage, event)));
    expect(outcomes.filter(({ kind }) => kind === 'replied')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'done-before')).toHaveLength(19);
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });

  test('after an acknowledgement lost for good gets no second reply', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    stage.tables.inject(faultAt('transact', 1, 'acknowledgement-lost'));
    await expect(answer(stage, event)).rejects.toThrow(StoreUnavailableError);
    expect(await answer(stage, event)).toEqual({ kind: 'done-before' });
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });

  test('while its effect row is held by the other delivery waits for the outcome instead of failing', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    await answer(stage, event);
    const { transact } = stage.tables;
    let tries = 0;
    const tables = {
      ...stage.tables,
      transact: async (actions: Parameters<typeof transact>[0]) => {
        tries += 1;
        if (tries > 1) return transact(actions);
        const result = await transact(actions);
        if (result.kind === 'committed') return result;
        const [, ...others] = result.reasons;
        return { kind: 'canceled', reasons: [{ code: 'transaction-conflict' }, ...others] } as const;
      },
    };
    const later = { ...stage, clock: () => Date.parse('2026-03-01T18:00:00Z'), tables };
    expect(await answerInboundMessage(event, 'other', SETTINGS, later)).toEqual({ kind: 'done-before' });
    expect(tries).toBe(2);
  });
});

describe('the store', () => {
  test('loses an acknowledgement on the way: the reply is our own', async () => {
    const stage = stageAtNoon();
    stage.tables.inject(faultAt('transact', 1, 'repeated'));
    expect((await answer(stage, await textOf(stage))).kind).toBe('replied');
  });

  test('commits what it reports as a conflict: the second try knows the effect row as our own', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    const { transact } = stage.tables;
    let tries = 0;
    const tables = {
      ...stage.tables,
      transact: async (actions: Parameters<typeof transact>[0]): ReturnType<typeof transact> => {
        tries += 1;
        const result = await transact(actions);
        const conflict: CancellationReason = { code: 'transaction-conflict' };
        return tries > 1 ? result : { kind: 'canceled', reasons: actions.map(() => conflict) };
      },
    };
    const outcome = await answerInboundMessage(event, 'me', SETTINGS, {
      ...stage,
      clock: stage.clock,
      tables,
    });
    expect({ kind: outcome.kind, tries }).toEqual({ kind: 'replied', tries: 2 });
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });

  test('has conflicts: tried four times, then left to the queue', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    stage.tables.inject({
      before: ({ operation }) => (operation === 'transact' ? 'transaction-conflict' : undefined),
    });
    await expect(answer(stage, event)).rejects.toThrow(StoreUnavailableError);
    expect(stage.sleeps).toHaveLength(4);
    stage.tables.inject({});
    expect((await answer(stage, event)).kind).toBe('replied');
  });

  test('holds an intent of the reply without its effect row: a bug, not an outcome', async () => {
    const stage = stageAtNoon();
    const event = await textOf(stage);
    const outcome = await answer(stage, event);
    if (outcome.kind !== 'replied') throw new Error(outcome.kind);
    const intent = stage.rows('INTENT#')[0] ?? {};
    const fresh = stageAtNoon();
    await textOf(fresh);
    await fresh.tables.put({ table: 'messaging', item: intent });
    await expect(answer(fresh, event)).rejects.toThrow(UnexpectedConditionError);
    expect(fresh.rows('EFFECT#')).toEqual([]);
  });
});

describe('a sender who was answered a moment ago', () => {
  const second = (stage: Stage, text: Text = {}) => textOf(stage, { messageSid: sidOf(2), ...text });

  test.each([
    ['2026-03-01T12:01:00.999Z', 'silent'],
    ['2026-03-01T12:01:01Z', 'replied'],
  ])('is answered again when the interval has passed: at %s %s', async (instant, kind) => {
    const stage = stageAtNoon();
    await answer(stage, await textOf(stage));
    stage.drainEvents();
    expect((await answer(stage.at(instant), await second(stage))).kind).toBe(kind);
    if (kind === 'silent')
      expect(silenceOf(stage)).toMatchObject({ reason: 'this sender was answered a moment ago' });
  });

  test('does not keep another sender from an answer', async () => {
    const stage = stageAtNoon();
    await answer(stage, await textOf(stage));
    expect((await answer(stage, await second(stage, { from: '+14155550124' }))).kind).toBe('replied');
  });

  test('with two texts at once gets one answer', async () => {
    const stage = stageAtNoon();
    const events = [await textOf(stage), await second(stage)];
    const outcomes = await Promise.all(events.map((event) => answer(stage, event)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['replied', 'silent']);
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });

  test('is answered every time where there is no interval, even if clocks disagree', async () => {
    const settings = { ...SETTINGS, autoResponder: { ...SETTINGS.autoResponder, minimumIntervalSeconds: 0 } };
    const stage = stageAtNoon();
    await answer(stage, await textOf(stage), settings);
    expect((await answer(stage.at('2026-03-01T12:00:00.500Z'), await second(stage), settings)).kind).toBe(
      'replied',
    );
  });
});
