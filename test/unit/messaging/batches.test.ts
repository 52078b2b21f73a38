import { describe, expect, test } from '@jest/globals';
import { fanOutBatch } from '../../../functions/messaging/fan-out-batch/fan-out-batch.ts';
import { createHandler } from '../../../functions/messaging/serve-messages/handler.ts';
import { BatchView } from '../../../functions/shared/contract/api/batches.ts';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { httpEvent, lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { faultAt, Stage } from '../../fakes/messaging/stage.ts';

const SHOP = { id: 'shop' };
const MESSAGE = { body: 'Your table is ready.', trafficClass: 'transactional' };
const people = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ to: `+1415555${String(100 + at).padStart(4, '0')}` }));

const stageAtNoon = () => new Stage('2026-03-01T12:00:00Z');

interface Call {
  readonly body?: unknown;
  readonly key?: string;
  readonly client?: { readonly id: string; readonly scope?: string };
}

const create = async (stage: Stage, { body, key = 'spring', client = SHOP }: Call) =>
  createHandler(SETTINGS, stage)(
    httpEvent({
      routeKey: 'POST /v1/batches',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      client,
    }),
    lambdaContext(),
  );

const read = async (
  stage: Stage,
  id: string,
  { after = '', client = SHOP }: Call & { after?: string } = {},
) =>
  createHandler(SETTINGS, stage)(
    httpEvent({
      routeKey: 'GET /v1/batches/{id}',
      pathParameters: { id },
      client,
      ...(after === '' ? {} : { query: `after=${after}` }),
    }),
    lambdaContext(),
  );

const requested = async (stage: Stage, body: unknown) => {
  const answer = await create(stage, { body });
  expect(answer.statusCode).toBe(202);
  const { id } = JSON.parse(answer.body);
  return { id: String(id), chunks: chunksOf(stage.drainEvents()) };
};

const chunksOf = (events: readonly TrunklineEvent[]) =>
  events.flatMap((event) => (event.type === 'batch.chunk-requested.v1' ? [event] : []));

const fanOut = async (stage: Stage, chunks: ReturnType<typeof chunksOf>) => {
  for (const chunk of chunks) await fanOutBatch(chunk, SETTINGS, stage);
};

const viewOf = async (stage: Stage, id: string, after?: string) =>
  BatchView.parse(JSON.parse((await read(stage, id, after === undefined ? {} : { after })).body));

describe('POST /v1/batches', () => {
  test('answers at once, and hands a chunk of a hundred rows over for each event', async () => {
    const stage = stageAtNoon();
    const { id, chunks } = await requested(stage, { message: MESSAGE, recipients: people(250) });
    expect(id).toMatch(/^bat_[0-9a-f]{32}$/);
    expect(chunks.map(({ data }) => data)).toEqual([0, 1, 2].map((chunk) => ({ batchId: id, chunk })));
    expect(stage.rows('INTENT#')).toEqual([]);
    expect(await viewOf(stage, id)).toMatchObject({ state: 'RUNNING', recipients: 250, pending: 250 });
  });

  test('takes the same request under the same key once, and no other one', async () => {
    const stage = stageAtNoon();
    const body = { message: MESSAGE, recipients: people(3) };
    const { id } = await requested(stage, body);
    const again = await create(stage, { body });
    expect({ status: again.statusCode, id: JSON.parse(again.body).id }).toEqual({ status: 202, id });
    expect(stage.drainEvents()).toEqual([]);
    const other = await create(stage, { body: { message: MESSAGE, recipients: people(4) } });
    expect(other.statusCode).toBe(409);
    expect((await viewOf(stage, id)).recipients).toBe(3);
  });

  test.each([
    ['no recipient', { message: MESSAGE, recipients: [] }],
    ['more than 10,000 recipients', { message: MESSAGE, recipients: people(10_001) }],
    ['a field that nothing reads', { message: MESSAGE, recipients: people(1), campaign: 'spring' }],
    ['recipients that are no objects', { message: MESSAGE, recipients: ['+14155550123'] }],
  ])('refuses %s', async (_what, body) => {
    expect((await create(stageAtNoon(), { body })).statusCode).toBe(400);
  });

  test('refuses a body of more than four megabytes', async () => {
    const recipients = people(1_000).map((one) => ({ ...one, body: 'a'.repeat(4_300) }));
    expect((await create(stageAtNoon(), { body: { message: MESSAGE, recipients } })).statusCode).toBe(413);
  });
});

describe('a batch', () => {
  test('becomes an intent of its own for each recipient, each with its answer', async () => {
    const stage = stageAtNoon();
    const { id, chunks } = await requested(stage, {
      message: MESSAGE,
      recipients: [
        { to: '+14155550123' },
        { to: '+1 415 555 0124', body: 'Yours too.' },
        { to: 'nobody' },
        { to: '+14155550125', trafficClass: 'urgent' },
        { to: '+14155550123' },
        { to: '+14155550126', body: 7 },
        {},
      ],
    });
    await fanOut(stage, chunks);
    const view = await viewOf(stage, id);
    expect(view).toMatchObject({
      state: 'DONE',
      recipients: 7,
      accepted: 2,
      suppressed: 0,
      refused: 5,
      pending: 0,
    });
    expect(view.answers.map(({ row, outcome }) => `${row} ${outcome}`)).toEqual([
      '0 accepted',
      '1 accepted',
      '2 refused',
      '3 refused',
      '4 refused',
      '5 refused',
      '6 refused',
    ]);
    expect(view.answers.map(({ errors }) => errors?.[0]?.pointer)).toEqual([
      undefined,
      undefined,
      '/to',
      '/trafficClass',
      '/to',
      '/body',
      '/to',
    ]);
    expect(view.answers[4]?.errors?.[0]?.detail).toBe('is that of row 0');
    const second = await stage.intent(view.answers[1]?.id ?? '');
    expect(second).toMatchObject({
      to: '+14155550124',
      body: 'Yours too.',
      clientId: 'shop',
      state: 'PENDING',
    });
    expect(JSON.stringify(view)).not.toContain('4155550');
  });

  test('is fanned out by repeated, interrupted and overlapping deliveries, and each row has one intent', async () => {
    const stage = stageAtNoon();
    const { id, chunks } = await requested(stage, { message: MESSAGE, recipients: people(150) });
    stage.tables.inject(faultAt('put', 40, 'throttled'));
    await expect(fanOut(stage, chunks)).rejects.toThrow();
    stage.tables.inject(faultAt('transact', 1, 'acknowledgement-lost'));
    await expect(fanOut(stage, chunks)).rejects.toThrow();
    stage.tables.inject({});
    await Promise.all([fanOut(stage, chunks), fanOut(stage, chunks)]);
    expect(stage.rows('INTENT#')).toHaveLength(150);
    expect(await viewOf(stage, id)).toMatchObject({ state: 'DONE', accepted: 150, pending: 0 });
    const told = stage.drainEvents();
    expect(told.filter(({ type }) => type === 'message.requested.v1')).toHaveLength(150);
    expect(told.filter(({ type }) => type === 'batch.chunk-answered.v1')).toHaveLength(2);
  });

  test('shows how far it has come, page by page', async () => {
    const stage = stageAtNoon();
    const { id, chunks } = await requested(stage, { message: MESSAGE, recipients: people(150) });
    await fanOut(stage, chunks.slice(0, 1));
    const first = await viewOf(stage, id);
    expect(first).toMatchObject({ state: 'RUNNING', accepted: 100, pending: 50, next: '1' });
    const second = await viewOf(stage, id, '1');
    expect(second.next).toBeUndefined();
    expect(second.answers).toHaveLength(50);
    expect(second.answers[0]).toEqual({ row: 100, outcome: 'pending' });
    expect((await read(stage, id, { after: '2' })).statusCode).toBe(400);
  });

  test('is seen by its own client and by support, by nobody else', async () => {
    const stage = stageAtNoon();
    const { id } = await requested(stage, { message: MESSAGE, recipients: people(1) });
    expect((await read(stage, id, { client: { id: 'other' } })).statusCode).toBe(404);
    expect((await read(stage, id, { client: { id: 'other', scope: 'support' } })).statusCode).toBe(200);
    expect((await read(stage, 'bat_nothing')).statusCode).toBe(404);
  });
});
