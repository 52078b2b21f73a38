import { describe, expect, test } from '@jest/globals';
import type { Intent, MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { createHandler } from '../../../functions/messaging/serve-operations/handler.ts';
import { MessageView } from '../../../functions/shared/contract/api/messages.ts';
import { ParkedView, PausesView } from '../../../functions/shared/contract/api/operations.ts';
import { ProblemDocument } from '../../../functions/shared/contract/api/service.ts';
import type { HttpResponse } from '../../../functions/shared/runtime/http/http-response.ts';
import { ATTEMPT, INTENT_ID, NOON, pending } from '../../fakes/messaging/intents.ts';
import { httpEvent, lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { faultAt, Stage } from '../../fakes/messaging/stage.ts';

const ADA = { id: 'ada', scope: 'operate' };

const serve = (stage: Stage, event: unknown): Promise<HttpResponse> =>
  createHandler(SETTINGS, stage)(event, lambdaContext());

let keys = 0;
const nextKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};

const change = (
  stage: Stage,
  routeKey: string,
  body: unknown,
  {
    key = nextKey(),
    id,
    client = ADA,
  }: { key?: string | undefined; id?: string; client?: typeof ADA | null } = {},
) =>
  serve(
    stage,
    httpEvent({
      routeKey,
      headers: { 'content-type': 'application/json', ...(key === '' ? {} : { 'idempotency-key': key }) },
      body: JSON.stringify(body),
      ...(id === undefined ? {} : { pathParameters: { id } }),
      ...(client === null ? {} : { client }),
    }),
  );

const putPause = (stage: Stage, body: unknown, options?: Parameters<typeof change>[3]) =>
  change(stage, 'PUT /v1/pauses', { reason: 'an incident', ...(body as object) }, options);
const decide = (stage: Stage, body: unknown, options: Parameters<typeof change>[3] = {}) =>
  change(
    stage,
    'POST /v1/parked/{id}/decision',
    { reason: 'looked it up', ...(body as object) },
    { id: INTENT_ID, ...options },
  );
const get = (stage: Stage, routeKey: string, query = '') =>
  serve(stage, httpEvent({ routeKey, query, client: ADA }));

const bodyOf = (response: HttpResponse) => JSON.parse(response.body);
const pausesOf = (response: HttpResponse) => {
  expect(response.statusCode).toBe(200);
  return PausesView.parse(bodyOf(response)).pauses;
};
const slugOf = (response: HttpResponse) => {
  const problem = ProblemDocument.parse(bodyOf(response));
  return [response.statusCode, problem.type.replace('urn:trunkline:problem:', '')];
};

const atNoon = () => new Stage('2026-03-01T12:00:00Z');
const PAUSED = {
  scope: 'pool:otp',
  state: 'paused',
  since: '2026-03-01T12:00:00.000Z',
  by: 'ada',
  reason: 'an incident',
};

describe('PUT /v1/pauses', () => {
  test('stops a scope, says so, and leaves an event for the story', async () => {
    const stage = atNoon();
    expect(pausesOf(await putPause(stage, { scope: 'pool:otp', state: 'paused' }))).toEqual([PAUSED]);
    expect(pausesOf(await get(stage, 'GET /v1/pauses'))).toEqual([PAUSED]);
    expect(stage.drainEvents()).toMatchObject([
      { type: 'sending.paused.v1', data: { scope: 'pool:otp', by: 'ada', reason: 'an incident' } },
    ]);
  });

  test('resumes it', async () => {
    const stage = atNoon();
    await putPause(stage, { scope: 'class:marketing', state: 'paused' });
    expect(pausesOf(await putPause(stage, { scope: 'class:marketing', state: 'running' }))).toEqual([]);
    expect(stage.drainEvents().map(({ type }) => type)).toEqual(['sending.paused.v1', 'sending.resumed.v1']);
  });

  test('ends a freeze only when that is confirmed', async () => {
    const stage = atNoon();
    await putPause(stage, { scope: 'all', state: 'frozen' });
    expect(slugOf(await putPause(stage, { scope: 'all', state: 'running' }))).toEqual([409, 'freeze-stands']);
    expect(slugOf(await putPause(stage, { scope: 'all', state: 'paused' }))).toEqual([409, 'freeze-stands']);
    expect(pausesOf(await get(stage, 'GET /v1/pauses'))).toMatchObject([{ state: 'frozen' }]);
    expect(pausesOf(await putPause(stage, { scope: 'all', state: 'running', confirm: true }))).toEqual([]);
  });

  test('repeated under its key changes nothing, even after somebody resumed', async () => {
    const stage = atNoon();
    const body = { scope: 'all', state: 'paused' };
    await putPause(stage, body, { key: 'one' });
    await putPause(stage, { scope: 'all', state: 'running' });
    expect(pausesOf(await putPause(stage, body, { key: 'one' }))).toEqual([]);
    expect(pausesOf(await putPause(stage, body, { key: 'two' }))).toHaveLength(1);
  });

  test('is remembered even where it had nothing to change', async () => {
    const stage = atNoon();
    const body = { scope: 'all', state: 'paused' };
    await putPause(stage, body);
    await putPause(stage, body, { key: 'late' });
    await putPause(stage, { scope: 'all', state: 'running' });
    expect(pausesOf(await putPause(stage, body, { key: 'late' }))).toEqual([]);
  });

  test('refuses a key that was used for something else, but not the key of another client', async () => {
    const stage = atNoon();
    await putPause(stage, { scope: 'all', state: 'paused' }, { key: 'one' });
    const other = { scope: 'pool:otp', state: 'paused' };
    expect(slugOf(await putPause(stage, other, { key: 'one' }))).toEqual([409, 'idempotency-key-reused']);
    const bob = { id: 'bob', scope: 'operate' };
    expect(pausesOf(await putPause(stage, other, { key: 'one', client: bob }))).toHaveLength(2);
  });

  test.each<[string, unknown, string]>([
    ['a scope that there is not', { scope: 'campaign:7', state: 'paused' }, '/scope'],
    ['a class that there is not', { scope: 'class:bulk', state: 'paused' }, '/scope'],
    ['a state that there is not', { scope: 'all', state: 'stopped' }, '/state'],
    ['the freeze of a pool', { scope: 'pool:otp', state: 'frozen' }, '/scope'],
    ['no reason', { scope: 'all', state: 'paused', reason: '' }, '/reason'],
    ['a reason of spaces', { scope: 'all', state: 'paused', reason: '  ' }, '/reason'],
    ['a reason too long', { scope: 'all', state: 'paused', reason: 'x'.repeat(501) }, '/reason'],
    ['an unknown field', { scope: 'all', state: 'paused', until: 'noon' }, '/until'],
  ])('refuses %s', async (_what, body, pointer) => {
    const response = await putPause(atNoon(), body);
    expect(slugOf(response)).toEqual([400, 'invalid-request']);
    expect(bodyOf(response).errors).toEqual([expect.objectContaining({ pointer })]);
  });

  test('refuses a pool that there is not, but resumes one that was removed', async () => {
    const stage = atNoon();
    expect(slugOf(await putPause(stage, { scope: 'pool:gone', state: 'paused' }))).toEqual([
      422,
      'unknown-pool',
    ]);
    expect(pausesOf(await putPause(stage, { scope: 'pool:gone', state: 'running' }))).toEqual([]);
  });

  test('needs a key and a caller', async () => {
    const body = { scope: 'all', state: 'paused' };
    expect(slugOf(await putPause(atNoon(), body, { key: '' }))).toEqual([400, 'idempotency-key-missing']);
    expect(slugOf(await putPause(atNoon(), body, { client: null }))).toEqual([401, 'unauthorized']);
  });

  test('of two operators at once both are heard', async () => {
    const stage = atNoon();
    await Promise.all([
      putPause(stage, { scope: 'pool:otp', state: 'paused' }),
      putPause(stage, { scope: 'class:otp', state: 'paused' }),
    ]);
    expect(pausesOf(await get(stage, 'GET /v1/pauses'))).toHaveLength(2);
    expect(new Set(stage.drainEvents().map(({ id }) => id)).size).toBe(2);
  });

  test('whose acknowledgement got lost answers 503, and the repeat as the first', async () => {
    const stage = atNoon();
    const body = { scope: 'all', state: 'paused' };
    stage.tables.inject(faultAt('transact', 1, 'acknowledgement-lost'));
    expect((await putPause(stage, body, { key: 'one' })).statusCode).toBe(503);
    expect(pausesOf(await putPause(stage, body, { key: 'one' }))).toHaveLength(1);
    expect(stage.drainEvents()).toHaveLength(1);
  });
});

const parked = (changes: Partial<MessageIntent> = {}): Intent =>
  pending({
    version: 5,
    state: 'PARKED',
    attempt: ATTEMPT,
    reason: 'neither a callback nor the list knew of it in time',
    updatedAt: NOON + 3_600_000,
    dueAt: NOON + 30 * 86_400_000,
    ...changes,
  });

const idOf = (number: number): string => `int_${number.toString(16).padStart(32, '0')}`;

const put = async (...intents: readonly Intent[]): Promise<Stage> => {
  const stage = new Stage('2026-03-02T12:00:00Z');
  for (const intent of intents) await writeTransition(undefined, { intent, outbox: [] }, [], stage);
  stage.drainOutbox();
  return stage;
};

describe('GET /v1/parked', () => {
  const list = async (stage: Stage, query = '') => {
    const response = await get(stage, 'GET /v1/parked', query);
    expect(response.statusCode).toBe(200);
    return ParkedView.parse(bodyOf(response));
  };

  test('names what waits for a decision, without number or text', async () => {
    const stage = await put(parked(), pending({ id: idOf(1) }));
    expect(await list(stage)).toEqual({
      messages: [
        {
          id: INTENT_ID,
          pool: 'transactional',
          trafficClass: 'transactional',
          parkedAt: '2026-03-01T13:00:00.000Z',
          attempts: 1,
          reason: 'neither a callback nor the list knew of it in time',
          correlationId: 'order-7',
          deadline: '2026-03-01T13:00:00.000Z',
        },
      ],
    });
    expect(JSON.stringify(await list(stage))).not.toContain('4155550123');
  });

  test('gives the oldest first, in pages that follow each other', async () => {
    const many = Array.from({ length: 7 }, (_, number) =>
      parked({ id: idOf(number), dueAt: NOON + 30 * 86_400_000 - number * 1_000 }),
    );
    const stage = await put(...many);
    const first = await list(stage, 'limit=3');
    const second = await list(stage, `limit=3&after=${encodeURIComponent(first.next ?? '')}`);
    const third = await list(stage, `limit=3&after=${encodeURIComponent(second.next ?? '')}`);
    expect([first, second, third].flatMap(({ messages }) => messages.map(({ id }) => id))).toEqual(
      many.map(({ id }) => id).reverse(),
    );
    expect(third.next).toBeUndefined();
  });

  test('leaves out what the index only remembers', async () => {
    const stage = await put();
    const { dueAt } = { dueAt: '2026-03-31T12:00:00.000Z' };
    await stage.tables.put({
      table: 'messaging',
      item: { pk: `INTENT#${idOf(9)}`, sk: 'OTHER', dueShard: 'parked', dueAt },
    });
    expect(await list(stage)).toEqual({ messages: [] });
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'after=x',
    'after=',
    `after=2026-03-31T12:00:00.000Z_${INTENT_ID}x`,
  ])('refuses %s', async (query) => {
    expect(slugOf(await get(await put(), 'GET /v1/parked', query))).toEqual([400, 'invalid-request']);
  });
});

describe('POST /v1/parked/{id}/decision', () => {
  test('sends again, with the deadline of the pool from now, and says who decided', async () => {
    const stage = await put(parked());
    const response = await decide(stage, { decision: 'resend' });
    expect(response.statusCode).toBe(200);
    expect(MessageView.parse(bodyOf(response))).toMatchObject({
      id: INTENT_ID,
      state: 'PENDING',
      deadline: '2026-03-02T13:00:00.000Z',
    });
    expect(stage.drainOutbox()).toMatchObject([
      {
        event: {
          type: 'message.decided.v1',
          data: { decision: 'resend', decidedBy: 'ada', reason: 'looked it up' },
        },
      },
      { kind: 'dispatch', intentId: INTENT_ID },
    ]);
  });

  test('gives up', async () => {
    const stage = await put(parked());
    expect(bodyOf(await decide(stage, { decision: 'give-up' }))).toMatchObject({
      state: 'REJECTED',
      reason: 'given up by an operator: looked it up',
    });
    expect(stage.drainOutbox()).toMatchObject([{ event: { type: 'message.decided.v1' } }]);
  });

  test('is made once: the repeat under its key answers, another decision is refused', async () => {
    const stage = await put(parked());
    await decide(stage, { decision: 'resend' }, { key: 'one' });
    expect((await decide(stage, { decision: 'resend' }, { key: 'one' })).statusCode).toBe(200);
    expect(slugOf(await decide(stage, { decision: 'give-up' }, { key: 'one' }))).toEqual([
      409,
      'idempotency-key-reused',
    ]);
    expect(slugOf(await decide(stage, { decision: 'give-up' }))).toEqual([409, 'not-parked']);
    expect(stage.drainEvents()).toHaveLength(1);
  });

  test('of two operators at once stands the first', async () => {
    const stage = await put(parked());
    const [left, right] = await Promise.all([
      decide(stage, { decision: 'resend' }),
      decide(stage, { decision: 'give-up' }),
    ]);
    expect([left.statusCode, right.statusCode].sort()).toEqual([200, 409]);
    expect(stage.drainEvents()).toHaveLength(1);
  });

  test('comes too late where evidence settled it', async () => {
    const stage = await put(parked({ state: 'ACCEPTED' }));
    const response = await decide(stage, { decision: 'resend' });
    expect(slugOf(response)).toEqual([409, 'not-parked']);
    expect(bodyOf(response).detail).toBe('It is ACCEPTED.');
  });

  test('cannot send again what has no pool any more, but can give it up', async () => {
    const stage = await put(parked({ pool: 'gone' }));
    expect(slugOf(await decide(stage, { decision: 'resend' }))).toEqual([422, 'unknown-pool']);
    expect((await decide(stage, { decision: 'give-up' })).statusCode).toBe(200);
  });

  test.each([idOf(404), 'int_x', ''])('knows no message %s', async (id) => {
    expect(slugOf(await decide(await put(), { decision: 'resend' }, { id }))).toEqual([404, 'not-found']);
  });

  test.each<[string, unknown, string]>([
    ['another decision', { decision: 'wait' }, '/decision'],
    ['no reason', { decision: 'resend', reason: '' }, '/reason'],
    ['a deadline', { decision: 'resend', deadline: '2026-03-02T13:00:00Z' }, '/deadline'],
  ])('refuses %s', async (_what, body, pointer) => {
    const response = await decide(await put(parked()), body);
    expect(slugOf(response)).toEqual([400, 'invalid-request']);
    expect(bodyOf(response).errors).toEqual([expect.objectContaining({ pointer })]);
  });

  test('needs a key and a caller', async () => {
    const stage = await put(parked());
    expect(slugOf(await decide(stage, { decision: 'resend' }, { key: '' }))).toEqual([
      400,
      'idempotency-key-missing',
    ]);
    expect(slugOf(await decide(stage, { decision: 'resend' }, { client: null }))).toEqual([
      401,
      'unauthorized',
    ]);
    expect((await stage.intent(INTENT_ID)).state).toBe('PARKED');
  });
});
