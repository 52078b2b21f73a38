import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TimelineView } from '../../../functions/shared/contract/api/timeline.ts';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import type { HttpResponse } from '../../../functions/shared/runtime/http/http-response.ts';
import { createHandler as createRecorder } from '../../../functions/timeline/record-timeline/handler.ts';
import { recordEvent } from '../../../functions/timeline/record-timeline/record-event.ts';
import { createHandler } from '../../../functions/timeline/serve-timeline/handler.ts';
import { readTimeline } from '../../../functions/timeline/serve-timeline/read-timeline.ts';
import { createInMemoryTableClient, type InMemoryTableClient } from '../../fakes/in-memory-table-client.ts';
import { RecordingObserver } from '../../fakes/ingress/recording-observer.ts';
import { INTENT_ID } from '../../fakes/messaging/intents.ts';
import { busMessage, httpEvent, lambdaContext, sqsEvent } from '../../fakes/messaging/lambda-events.ts';
import { SAMPLE_EVENTS, sampleStory } from '../../fakes/messaging/sample-events.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';

const NOW = Date.parse('2026-03-01T12:01:00Z');

const record = (tables: InMemoryTableClient, events: readonly TrunklineEvent[], now = NOW) =>
  Promise.all(
    events.map((event) =>
      recordEvent({ event, publishedAt: '2026-03-01T12:00:59Z' }, 400, { tables, clock: () => now }),
    ),
  );

const tablesWith = async (...events: readonly TrunklineEvent[]): Promise<InMemoryTableClient> => {
  const tables = createInMemoryTableClient();
  await record(tables, events);
  return tables;
};

const read = async (
  tables: InMemoryTableClient,
  id: string,
  limit = 100,
  after?: string,
): Promise<TimelineView> => {
  const view = await readTimeline({ id, limit, ...(after === undefined ? {} : { after }) }, tables);
  return TimelineView.parse(view);
};

const readAll = async (tables: InMemoryTableClient, id: string, limit: number) => {
  const entries: TimelineView['entries'] = [];
  let after: string | undefined;
  do {
    const page: TimelineView = await read(tables, id, limit, after);
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    if (page.next !== undefined) expect(page.entries).toHaveLength(limit);
    entries.push(...page.entries);
    after = page.next;
  } while (after !== undefined);
  return entries;
};

/** The story of one intent, n lines long. */
const deferrals = (count: number, intentId = INTENT_ID): TrunklineEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    ...SAMPLE_EVENTS['message.deferred.v1'],
    id: `messaging/${intentId}/${index}/0`,
    time: new Date(NOW + Math.floor(index / 3)).toISOString(),
    data: { ...SAMPLE_EVENTS['message.deferred.v1'].data, intentId, version: index },
  }));

describe('recording', () => {
  test('an event makes one row and its links, kept as long as is said', async () => {
    const tables = await tablesWith(SAMPLE_EVENTS['message.accepted.v1']);
    const rows = tables.items('timeline');
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map(({ expiresAt }) => expiresAt))).toEqual(new Set([NOW / 1000 + 400 * 86_400]));
    expect(rows.find(({ kind }) => kind !== undefined)).toMatchObject({
      pk: INTENT_ID,
      at: '2026-03-01T12:00:06.000Z',
      kind: 'message.accepted',
      correlationId: 'order-7',
      detail: {
        publishedAt: '2026-03-01T12:00:59Z',
        handledAt: '2026-03-01T12:01:00.000Z',
        messageSid: sidOf(2),
      },
      state: 'ACCEPTED',
    });
  });

  test('any number of deliveries in any order changes nothing', async () => {
    const events = sampleStory();
    const once = (await tablesWith(...events)).items('timeline');
    const rowOf = (item: object) => JSON.stringify(Object.entries(item).sort());
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        async (delivered) => {
          const tables = await tablesWith(...delivered);
          expect(tables.items('timeline').map(rowOf).sort()).toEqual(once.map(rowOf).sort());
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a later delivery leaves the row as the first one wrote it', async () => {
    const tables = await tablesWith(SAMPLE_EVENTS['message.requested.v1']);
    const before = tables.items('timeline').find(({ kind }) => kind !== undefined);
    await record(tables, [SAMPLE_EVENTS['message.requested.v1']], NOW + 3_600_000);
    expect(tables.items('timeline').find(({ kind }) => kind !== undefined)).toEqual(before);
  });

  test('the worker acknowledges what it wrote, and refuses what is no event', async () => {
    const tables = createInMemoryTableClient();
    const observer = new RecordingObserver();
    const handler = createRecorder({ retentionDays: 400 }, { tables, clock: () => NOW, observer });
    const batch = sqsEvent(
      busMessage(SAMPLE_EVENTS['message.requested.v1']),
      '{"detail":{}}',
      busMessage(SAMPLE_EVENTS['message.accepted.v1']),
    );
    expect(await handler(batch, lambdaContext())).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    });
    expect(tables.items('timeline').filter(({ kind }) => kind !== undefined)).toHaveLength(2);
    expect(observer.counts.get('PoisonMessage')).toBe(1);
  });

  test.each(['throttled', 'acknowledgement-lost'] as const)(
    'a write that is %s comes again and ends as one row',
    async (fault) => {
      const tables = createInMemoryTableClient({ hooks: { before: () => fault } });
      await expect(record(tables, [SAMPLE_EVENTS['message.accepted.v1']])).rejects.toThrow(
        StoreUnavailableError,
      );
      tables.inject({});
      await record(tables, [SAMPLE_EVENTS['message.accepted.v1']]);
      expect(tables.items('timeline')).toHaveLength(3);
    },
  );
});

describe('a story', () => {
  const KINDS = [
    'message.received',
    'auto-response.decided',
    'message.requested',
    'message.deferred',
    'message.outcome-unknown',
    'message.accepted',
    'message.status-recorded',
    'debugger.reported',
  ];
  const story = sampleStory().filter(({ type }) => KINDS.includes(type.replace('.v1', '')));

  test.each([
    ['the inbound MessageSid', sidOf(1)],
    ['the intent', INTENT_ID],
    ['the outbound MessageSid', sidOf(2)],
    ['the correlation id', 'order-7'],
  ])('is found by %s, whole and in order', async (_what, id) => {
    const view = await read(await tablesWith(...[...story].reverse()), id);
    expect(view.entries.map(({ kind }) => kind)).toEqual(KINDS);
    expect(view.subject).toBe(id);
    expect([id, ...view.related]).toEqual(expect.arrayContaining([sidOf(1), INTENT_ID, sidOf(2)]));
    expect(view.next).toBeUndefined();
  });

  test.each([
    [sidOf(1), 'received'],
    [INTENT_ID, 'failed'],
    [sidOf(2), 'failed'],
    ['order-7', 'failed'],
  ])('has the state that %s reached: %s', async (id, state) => {
    expect((await read(await tablesWith(...story), id)).state).toBe(state);
  });

  test('tells when a callback came beside when it was joined', async () => {
    const { entries } = await read(await tablesWith(SAMPLE_EVENTS['message.status-recorded.v1']), INTENT_ID);
    expect(entries).toMatchObject([
      { at: '2026-03-01T12:00:08.000Z', occurredAt: '2026-03-01T12:00:07.500Z' },
    ]);
  });

  test('keeps the order of versions within one millisecond', async () => {
    const events = deferrals(30);
    const view = await read(await tablesWith(...[...events].reverse()), INTENT_ID);
    expect(view.entries.map(({ detail }) => detail.version)).toEqual(
      Array.from({ length: 30 }, (_, index) => index),
    );
  });

  test('of which nothing has a state says so', async () => {
    expect((await read(await tablesWith(SAMPLE_EVENTS['debugger.reported.v1']), sidOf(2))).state).toBe(
      'unknown',
    );
  });

  test('of an id that nobody knows is none', async () => {
    expect(await readTimeline({ id: 'nobody', limit: 10 }, await tablesWith(...story))).toBeUndefined();
  });
});

describe('paging', () => {
  test('covers every entry exactly once, whatever the page', async () => {
    const tables = await tablesWith(...sampleStory(), ...deferrals(47));
    const whole = (await read(tables, INTENT_ID, 500)).entries;
    for (const limit of [1, 2, 3, 7, 20, whole.length - 1, whole.length, whole.length + 1]) {
      expect(await readAll(tables, INTENT_ID, limit)).toEqual(whole);
    }
  });

  test('covers a story that is kept under one subject alone', async () => {
    const tables = await tablesWith(...deferrals(250));
    expect(await readAll(tables, INTENT_ID, 100)).toHaveLength(250);
  });

  test('goes on where a page of the store is cut by its size', async () => {
    const tables = createInMemoryTableClient({ pageBytes: 2_000 });
    await record(tables, [...sampleStory(), ...deferrals(25)]);
    const kinds = (await readAll(tables, INTENT_ID, 10)).map(({ summary }) => summary);
    expect(kinds).toHaveLength(new Set(sampleStory().map(({ type }) => type)).size + 25);
  });

  test('past the end is an empty page', async () => {
    const view = await read(
      await tablesWith(...deferrals(3)),
      INTENT_ID,
      10,
      '2027-01-01T00:00:00.000Z#000001#x',
    );
    expect(view).toMatchObject({ entries: [], state: 'PENDING' });
  });
});

test("a campaign's correlation id joins at most fifty subjects", async () => {
  const requested = SAMPLE_EVENTS['message.requested.v1'];
  const events = Array.from({ length: 80 }, (_, index): TrunklineEvent => {
    const intentId = `int_${String(index).padStart(32, '0')}`;
    const { inReplyTo: _none, ...data } = requested.data;
    return {
      ...requested,
      id: `messaging/${intentId}/1/0`,
      correlationId: 'campaign-1',
      data: { ...data, intentId },
    };
  });
  const tables = await tablesWith(...events);
  const view = await read(tables, 'campaign-1', 500);
  expect(view.related).toHaveLength(49);
  expect(view.entries).toHaveLength(49);
  expect(tables.calls.filter(({ operation }) => operation === 'query').length).toBeLessThan(200);
});

describe('GET /v1/timeline/{id}', () => {
  const get = async (tables: InMemoryTableClient, id: string, query = ''): Promise<HttpResponse> =>
    createHandler({ tables, observer: new RecordingObserver() })(
      httpEvent({
        routeKey: 'GET /v1/timeline/{id}',
        pathParameters: { id },
        query,
        client: { id: 'anna', scope: 'support' },
      }),
      lambdaContext(),
    );

  test('answers the story', async () => {
    const response = await get(await tablesWith(...sampleStory()), INTENT_ID);
    expect(response.statusCode).toBe(200);
    expect(TimelineView.parse(JSON.parse(response.body)).entries).toHaveLength(sampleStory().length);
  });

  test('gives pages that follow each other', async () => {
    const tables = await tablesWith(...deferrals(7));
    const first = JSON.parse((await get(tables, INTENT_ID, 'limit=5')).body);
    const second = JSON.parse(
      (await get(tables, INTENT_ID, `limit=5&after=${encodeURIComponent(first.next)}`)).body,
    );
    expect([first.entries.length, second.entries.length, second.next]).toEqual([5, 2, undefined]);
  });

  test.each([
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=ten',
    'limit=1e2',
    'limit=',
    'after=~~',
    'after=%00',
    `after=2026-03-01T${'x'.repeat(2_000)}`,
  ])('refuses %s', async (query) => {
    const response = await get(await tablesWith(...deferrals(1)), INTENT_ID, query);
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toBe('application/problem+json');
  });

  test.each(['nobody', '', '+14155550123', '~link#x', 'a b', 'x'.repeat(3_000)])(
    'knows nothing of %p',
    async (id) => {
      const response = await get(await tablesWith(...deferrals(1)), id);
      expect(response.statusCode).toBe(404);
      expect(JSON.parse(response.body)).toMatchObject({
        type: 'urn:trunkline:problem:not-found',
        status: 404,
      });
    },
  );

  test('knows nothing of an unknown id on a later page either', async () => {
    expect(
      (await get(await tablesWith(...deferrals(1)), 'nobody', 'after=2026-03-01T12:00:00.000Z')).statusCode,
    ).toBe(404);
  });

  test('answers 503 when the store gives no answer', async () => {
    const tables = createInMemoryTableClient({ hooks: { before: () => 'throttled' } });
    expect((await get(tables, INTENT_ID)).statusCode).toBe(503);
  });
});
