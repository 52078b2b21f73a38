import { describe, expect, test } from '@jest/globals';
import { cancelMessage } from '../../../functions/messaging/cancel-message.ts';
import { type RequestMessage, requestMessage } from '../../../functions/messaging/request-message.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { SETTINGS, TRANSACTIONAL } from '../../fakes/messaging/settings.ts';
import { faultAt, Stage } from '../../fakes/messaging/stage.ts';

const NOON = '2026-03-01T12:00:00Z';

const COMMAND: RequestMessage = {
  clientId: 'shop',
  idempotencyKey: 'order-7',
  to: '+1 (415) 555-0123',
  body: 'Your parcel is here.',
  trafficClass: 'transactional',
  channel: 'auto',
};

const ask = (stage: Stage, changes: Partial<RequestMessage> = {}) =>
  requestMessage({ ...COMMAND, ...changes }, stage.now, SETTINGS, stage);

const idOf = async (asked: ReturnType<typeof ask>): Promise<string> => {
  const outcome = await asked;
  if (outcome.kind !== 'requested' && outcome.kind !== 'repeated') throw new Error(outcome.kind);
  return outcome.intent.id;
};

describe('a request', () => {
  test('is one write: intent, event and dispatch', async () => {
    const stage = new Stage(NOON);
    const id = await idOf(ask(stage));
    expect(stage.tables.calls.filter(({ writeUnits }) => writeUnits > 0)).toHaveLength(1);
    expect(stage.drainOutbox().map((entry) => entry.kind)).toEqual(['event', 'dispatch']);
    expect(await stage.intent(id)).toMatchObject({
      id,
      version: 1,
      state: 'PENDING',
      to: '+14155550123',
      body: 'Your parcel is here.',
      pool: 'transactional',
      correlationId: id,
      notBefore: Date.parse(NOON),
      deadline: Date.parse('2026-03-01T13:00:00Z'),
      dueAt: Date.parse('2026-03-01T12:05:00Z'),
    });
  });

  test('whose key was used eleven months ago is the same request, or none: the key lives as long as its intent', async () => {
    const stage = new Stage(NOON);
    const id = await idOf(ask(stage));
    stage.at('2027-02-01T12:00:00Z').tables.removeExpired(stage.now);
    const before = await stage.intent(id);
    expect(await ask(stage)).toMatchObject({ kind: 'repeated', intent: { id } });
    expect(await ask(stage, { body: 'Your invoice is here.' })).toMatchObject({ kind: 'key-reused' });
    expect(await stage.intent(id)).toEqual(before);
  });

  test('knows its size before it is sent, with Smart Encoding where its Messaging Service has it on', async () => {
    const stage = new Stage(NOON);
    const body = `It’s ready${'.'.repeat(70)}`;
    const smart = {
      ...SETTINGS,
      pools: SETTINGS.pools.map((pool) => ({ ...pool, smartEncoding: true })),
    };
    const asWritten = await idOf(ask(stage, { body }));
    const replaced = await idOf(
      requestMessage({ ...COMMAND, body, idempotencyKey: 'order-8' }, stage.now, smart, stage),
    );
    expect(await stage.intent(asWritten)).toMatchObject({ size: { encoding: 'UCS-2', segments: 2 } });
    expect(await stage.intent(replaced)).toMatchObject({ size: { encoding: 'GSM-7', segments: 1 } });
  });

  test('goes to the pool of its use, and keeps its campaign', async () => {
    const stage = new Stage(NOON);
    const receipts = { ...TRANSACTIONAL, name: 'receipts', use: 'receipts' };
    const settings = { ...SETTINGS, pools: [...SETTINGS.pools, receipts] };
    const command = { ...COMMAND, use: 'receipts', campaign: 'spring' };
    const id = await idOf(requestMessage(command, stage.now, settings, stage));
    expect(await stage.intent(id)).toMatchObject({ pool: 'receipts', campaign: 'spring' });
  });

  test('for a use that no pool has is refused by name', async () => {
    const stage = new Stage(NOON);
    expect(await ask(stage, { use: 'alerts' })).toEqual({
      kind: 'refused',
      problems: [{ pointer: '/use', detail: 'no sender pool for auto transactional alerts' }],
    });
  });

  test('counts the default deadline from sendAt, and keeps what the client says', async () => {
    const stage = new Stage(NOON);
    const sendAt = Date.parse('2026-03-02T08:00:00Z');
    const id = await idOf(
      ask(stage, {
        sendAt,
        correlationId: 'order-7',
        tags: ['parcel'],
        mediaUrls: ['https://example.com/a.png'],
      }),
    );
    expect(await stage.intent(id)).toMatchObject({
      notBefore: sendAt,
      deadline: Date.parse('2026-03-02T09:00:00Z'),
      dueAt: sendAt,
      correlationId: 'order-7',
      tags: ['parcel'],
      mediaUrls: ['https://example.com/a.png'],
    });
    expect(stage.drainOutbox().map((entry) => entry.kind)).toEqual(['event']);
  });

  test('for any year ahead is kept beyond its deadline', async () => {
    const stage = new Stage(NOON);
    const id = await idOf(ask(stage, { sendAt: Date.parse('2041-07-01T08:00:00Z') }));
    expect(await stage.intent(id)).toMatchObject({ dueAt: Date.parse('2041-07-01T08:00:00Z') });
    const [row] = stage.rows('INTENT#');
    expect(row?.expiresAt).toBe(Date.parse('2041-07-01T09:00:00Z') / 1000 + 400 * 86_400);
  });

  test('keeps where the recipient lives for the gate', async () => {
    const stage = new Stage(NOON);
    const id = await idOf(ask(stage, { timeZone: 'America/Denver', postcode: '80202' }));
    expect(await stage.intent(id)).toMatchObject({ timeZone: 'America/Denver', postcode: '80202' });
  });

  test('that the gate refuses is written as refused: it has a story, and is never dispatched', async () => {
    const stage = new Stage(NOON);
    const outcome = await ask(stage, { to: '+442079460123' });
    expect(outcome).toMatchObject({ kind: 'requested', intent: { state: 'SUPPRESSED', version: 1 } });
    const id = await idOf(ask(stage, { to: '+442079460123' }));
    expect(await stage.intent(id)).toMatchObject({
      state: 'SUPPRESSED',
      reason: 'the recipient is a landline, which is not to be reached by sms',
      dueAt: Date.parse('2026-03-31T12:00:00Z'),
    });
    expect(stage.drainOutbox()).toMatchObject([
      { kind: 'event', event: { type: 'message.requested.v1', data: { state: 'SUPPRESSED' } } },
      {
        kind: 'event',
        event: {
          type: 'message.suppressed.v1',
          data: { reason: 'the recipient is a landline, which is not to be reached by sms' },
        },
      },
    ]);
  });

  test('is not written where a fact of the gate cannot be read', async () => {
    const stage = new Stage(NOON);
    stage.tables.inject(faultAt('get', 1, 'throttled'));
    await expect(ask(stage)).rejects.toThrow(StoreUnavailableError);
    expect(stage.rows('INTENT#')).toEqual([]);
  });

  test('to be sent at a time that is past is due now', async () => {
    const stage = new Stage(NOON);
    const id = await idOf(ask(stage, { sendAt: Date.parse('2026-03-01T11:00:00Z') }));
    expect(await stage.intent(id)).toMatchObject({ notBefore: Date.parse(NOON) });
  });

  test.each<[string, Partial<RequestMessage>, string]>([
    ['a recipient that is no number', { to: 'bob' }, '/to'],
    ['a recipient that is an e-mail address', { to: 'ada@example.com' }, '/to'],
    ['a recipient in a national format', { to: '(415) 555-0123' }, '/to'],
    ['a recipient with an international prefix', { to: '0044 7400 123456' }, '/to'],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }, '/timeZone'],
    ['a mere offset for a zone', { timeZone: '+02:00' }, '/timeZone'],
    ['a postcode that is none', { postcode: 'SW1A 1AA' }, '/postcode'],
    ['a class without a pool', { trafficClass: 'marketing' }, '/trafficClass'],
    ['a deadline in the past', { deadline: Date.parse(NOON) }, '/deadline'],
    [
      'a deadline before sendAt',
      { sendAt: Date.parse('2026-03-01T14:00:00Z'), deadline: Date.parse('2026-03-01T14:00:00Z') },
      '/deadline',
    ],
  ])('with %s is refused at its place, and nothing is written', async (_what, changes, pointer) => {
    const stage = new Stage(NOON);
    expect(await ask(stage, changes)).toMatchObject({ kind: 'refused', problems: [{ pointer }] });
    expect(stage.tables.items('messaging')).toEqual([]);
  });

  test('with several faults is told all of them', async () => {
    const outcome = await ask(new Stage(NOON), { to: 'bob', trafficClass: 'marketing', deadline: 0 });
    expect(outcome.kind === 'refused' && outcome.problems.map(({ pointer }) => pointer)).toEqual([
      '/to',
      '/trafficClass',
      '/deadline',
    ]);
  });
});

test('an intent, and its key with it, is kept 400 days beyond its deadline', async () => {
  const stage = new Stage(NOON);
  await ask(stage);
  expect(stage.rows('INTENT#')).toMatchObject([
    { expiresAt: Date.parse('2027-04-05T13:00:00Z') / 1000, dueShard: expect.stringMatching(/^due#\d\d$/) },
  ]);
});

describe('the same idempotency key', () => {
  test('with the same request gives the same intent, as it is now, and writes nothing', async () => {
    const stage = new Stage(NOON);
    const id = await idOf(ask(stage));
    await cancelMessage(await stage.intent(id), stage);
    stage.drainOutbox();
    stage.at('2026-03-01T12:30:00Z');
    expect(await ask(stage)).toMatchObject({ kind: 'repeated', intent: { id, state: 'SUPPRESSED' } });
    expect(stage.drainOutbox()).toEqual([]);
  });

  test.each<[string, Partial<RequestMessage>]>([
    ['another body', { body: 'Something else' }],
    ['another recipient', { to: '+14155550124' }],
    ['media beside it', { mediaUrls: ['https://example.com/a.png'] }],
    ['another class', { trafficClass: 'otp' }],
    ['another time', { sendAt: Date.parse('2026-03-02T12:00:00Z') }],
    ['a correlation id', { correlationId: 'order-8' }],
  ])('with %s is refused, and the original stays as it was', async (_what, changes) => {
    const stage = new Stage(NOON);
    const id = await idOf(ask(stage));
    const before = await stage.intent(id);
    expect(await ask(stage, changes)).toEqual({ kind: 'key-reused' });
    expect(await stage.intent(id)).toEqual(before);
  });

  test('of another client is another intent', async () => {
    const stage = new Stage(NOON);
    expect(await idOf(ask(stage))).not.toBe(await idOf(ask(stage, { clientId: 'bank' })));
  });

  test('is answered as before even where its deadline has passed meanwhile', async () => {
    const stage = new Stage(NOON);
    const deadline = Date.parse('2026-03-01T12:10:00Z');
    const id = await idOf(ask(stage, { deadline }));
    stage.at('2026-03-01T12:20:00Z');
    expect(await ask(stage, { deadline })).toMatchObject({ kind: 'repeated', intent: { id } });
    expect(await ask(stage, { deadline: deadline + 1 })).toEqual({ kind: 'key-reused' });
  });

  test('twenty times at once makes one intent', async () => {
    const stage = new Stage(NOON);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => ask(stage)));
    expect(outcomes.filter(({ kind }) => kind === 'requested')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'repeated')).toHaveLength(19);
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });
});

describe('a store that fails', () => {
  test('an acknowledgement lost on the way: the second try meets its own item, and the answer is the first', async () => {
    const stage = new Stage(NOON);
    stage.tables.inject(faultAt('put', 1, 'repeated'));
    expect((await ask(stage)).kind).toBe('requested');
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });

  test('an acknowledgement lost for good: the client asks again and gets the intent that was written', async () => {
    const stage = new Stage(NOON);
    stage.tables.inject(faultAt('put', 1, 'acknowledgement-lost'));
    await expect(ask(stage)).rejects.toThrow(StoreUnavailableError);
    expect((await ask(stage)).kind).toBe('repeated');
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });

  test('a throttled write leaves nothing behind', async () => {
    const stage = new Stage(NOON);
    stage.tables.inject(faultAt('put', 1, 'throttled'));
    await expect(ask(stage)).rejects.toThrow(StoreUnavailableError);
    expect(stage.rows('INTENT#')).toEqual([]);
    expect((await ask(stage)).kind).toBe('requested');
  });
});
