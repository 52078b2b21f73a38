import { describe, expect, test } from '@jest/globals';
import { createHandler } from '../../../functions/messaging/dispatch-due/handler.ts';
import { wakeDueIntents } from '../../../functions/messaging/dispatch-due/wake-due-intents.ts';
import type { Intent } from '../../../functions/messaging/domain/intent.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { ATTEMPT, NOON, pending } from '../../fakes/messaging/intents.ts';
import { lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

/** Ids whose last digit is the shard. */
const idOf = (shard: number, number = 0): string =>
  `int_${number.toString(16).padStart(28, '0')}000${shard.toString(16)}`;

const stageAt = async (instant: string, ...intents: readonly Intent[]): Promise<Stage> => {
  const stage = new Stage(instant);
  for (const intent of intents) await writeTransition(undefined, { intent, outbox: [] }, [], stage);
  stage.drainOutbox();
  return stage;
};

let ticks = 0;
const tick = (stage: Stage, remainingMilliseconds = () => 50_000) => {
  ticks += 1;
  return wakeDueIntents({ owner: `tick ${ticks}`, remainingMilliseconds }, stage);
};

const NOTHING = {
  dispatched: 0,
  asked: 0,
  expired: 0,
  unknown: 0,
  erased: 0,
  reappointed: 0,
  failed: 0,
  unfinished: false,
};

describe('the minute tick', () => {
  test('finds what is due in each of the sixteen shards', async () => {
    const due = Array.from({ length: 16 }, (_, shard) =>
      pending({ id: idOf(shard), notBefore: NOON + 90_000, dueAt: NOON + 90_000 }),
    );
    const stage = await stageAt('2026-03-01T12:01:00Z', ...due);
    expect(await tick(stage)).toEqual({ ...NOTHING, dispatched: 16 });
    const dispatched = stage.drainOutbox().flatMap((entry) => (entry.kind === 'dispatch' ? [entry] : []));
    expect(dispatched.map(({ intentId }) => intentId).sort()).toEqual(due.map(({ id }) => id));
    expect(new Set(dispatched.map(({ delaySeconds }) => delaySeconds))).toEqual(new Set([30]));
    expect(stage.count('DueIntent', 'dispatched')).toBe(16);
    expect(await tick(stage)).toEqual(NOTHING);
  });

  test('does of each kind what is to be done', async () => {
    const stage = await stageAt(
      '2026-03-31T12:00:00Z',
      pending({ id: idOf(1), deadline: Date.parse('2026-04-02T12:00:00Z') }),
      pending({ id: idOf(2) }),
      pending({ id: idOf(3), state: 'ARMED', attempt: ATTEMPT, dueAt: NOON + 30_000 }),
      pending({
        id: idOf(4),
        state: 'ACCEPTED',
        acceptedAt: NOON,
        dueAt: Date.parse('2026-03-31T12:00:00Z'),
      }),
      pending({ id: idOf(5), state: 'UNKNOWN', attempt: ATTEMPT, dueAt: NOON + 120_000 }),
      pending({ id: idOf(6), state: 'PARKED', attempt: ATTEMPT, dueAt: Date.parse('2026-03-31T12:00:00Z') }),
    );
    expect(await tick(stage)).toEqual({
      ...NOTHING,
      dispatched: 1,
      asked: 1,
      expired: 2,
      unknown: 1,
      erased: 1,
    });
    expect((await stage.intent(idOf(6))).state).toBe('EXPIRED');
    expect((await stage.intent(idOf(2))).state).toBe('EXPIRED');
    expect((await stage.intent(idOf(3))).state).toBe('UNKNOWN');
    const erased = await stage.intent(idOf(4));
    expect(erased).toMatchObject({ state: 'ACCEPTED' });
    expect(erased).not.toHaveProperty('to');
    expect(erased).not.toHaveProperty('body');
    expect(stage.rows(`INTENT#${idOf(4)}`)[0]).not.toHaveProperty('dueShard');
  });

  test('erases the content of what it has just expired, were its retention past', async () => {
    const stage = await stageAt('2026-04-15T12:00:00Z', pending({ id: idOf(2) }));
    await tick(stage);
    expect(await tick(stage)).toEqual({ ...NOTHING, erased: 1 });
  });

  test('works through more than a page of one shard', async () => {
    const many = Array.from({ length: 230 }, (_, number) => pending({ id: idOf(5, number) }));
    const stage = await stageAt('2026-03-01T12:05:00Z', ...many);
    expect(await tick(stage)).toEqual({ ...NOTHING, dispatched: 230 });
  });
});

describe('an index that lies', () => {
  /** The index goes on showing the rows of the moment before. */
  const lying = async (stage: Stage, change: () => Promise<void>) => {
    const { query } = stage.tables;
    const stale = new Map<string, Awaited<ReturnType<typeof query>>>();
    for (let shard = 0; shard < 16; shard += 1) {
      const value = `due#${String(shard).padStart(2, '0')}`;
      stale.set(
        value,
        await query({
          table: 'messaging',
          index: 'due',
          keyCondition: { expression: '#s = :s', names: { '#s': 'dueShard' }, values: { ':s': value } },
        }),
      );
    }
    await change();
    const tables = {
      ...stage.tables,
      query: async (request: Parameters<typeof query>[0]) =>
        stale.get(String(request.keyCondition.values?.[':shard'])) ?? { items: [] },
    };
    return { ...stage, clock: stage.clock, tables };
  };

  test('about the time does no harm', async () => {
    const stage = await stageAt('2026-03-01T12:01:00Z', pending({ id: idOf(1), dueAt: NOON + 600_000 }));
    const ports = await lying(stage, async () => undefined);
    expect(await wakeDueIntents({ owner: 't', remainingMilliseconds: () => 50_000 }, ports)).toEqual(NOTHING);
    expect((await stage.intent(idOf(1))).version).toBe(1);
  });

  test('about an intent that is gone does no harm', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z', pending({ id: idOf(1) }));
    const ports = await lying(stage, async () => {
      stage.tables.removeExpired(Date.parse('2030-01-01T00:00:00Z'));
    });
    expect(await wakeDueIntents({ owner: 't', remainingMilliseconds: () => 50_000 }, ports)).toEqual(NOTHING);
  });

  test('while somebody else moves the intent leaves it to them', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z', pending({ id: idOf(1) }));
    stage.tables.inject({
      before: async ({ operation }) => {
        if (operation !== 'put') return undefined;
        stage.tables.inject({});
        const intent = await stage.intent(idOf(1));
        await writeTransition(
          intent,
          { intent: { ...intent, version: 2, state: 'ARMED', owner: 'sender' }, outbox: [] },
          [],
          stage,
        );
        return undefined;
      },
    });
    expect(await tick(stage)).toEqual(NOTHING);
    expect(await stage.intent(idOf(1))).toMatchObject({ state: 'ARMED', owner: 'sender' });
  });
});

describe('a tick that runs out of time', () => {
  test('stops taking work and says so', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z', pending({ id: idOf(1) }));
    expect(await tick(stage, () => 4_999)).toEqual({ ...NOTHING, unfinished: true });
  });

  test('stops between two handfuls, and the next tick goes on', async () => {
    const many = Array.from({ length: 40 }, (_, number) => pending({ id: idOf(5, number) }));
    const stage = await stageAt('2026-03-01T12:05:00Z', ...many);
    const hasTimeUntil = (reads: number) => () =>
      stage.tables.calls.filter(({ operation }) => operation === 'get').length < reads ? 50_000 : 0;
    stage.tables.resetUnits();
    expect(await tick(stage, hasTimeUntil(1))).toMatchObject({ dispatched: 16, unfinished: true });
    expect(await tick(stage)).toEqual({ ...NOTHING, dispatched: 24 });
  });

  test('begins with another shard each minute, so that none starves', async () => {
    const due = Array.from({ length: 16 }, (_, shard) =>
      pending({ id: idOf(shard), notBefore: NOON, dueAt: NOON, deadline: NOON + 86_400_000 }),
    );
    const stage = await stageAt('2026-03-01T12:05:00Z', ...due);
    const done: string[] = [];
    for (let minute = 0; minute < 16; minute += 1) {
      let isFirst = true;
      await tick(stage.at(new Date(NOON + (5 + minute) * 60_000).toISOString()), () => {
        const version = stage.tables.items('messaging').reduce((sum, item) => sum + Number(item.version), 0);
        const isFresh = version === 16 + done.length;
        isFirst &&= isFresh;
        return isFirst ? 50_000 : 0;
      });
      done.push(
        ...stage.drainOutbox().flatMap((entry) => (entry.kind === 'dispatch' ? [entry.intentId] : [])),
      );
      if (done.length === 16) break;
    }
    expect(new Set(done).size).toBe(16);
  });
});

describe('an intent that cannot be woken', () => {
  test('does not hold up the others, and is reported', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z', pending({ id: idOf(1) }), pending({ id: idOf(2) }));
    await stage.tables.put({
      table: 'messaging',
      item: { pk: `INTENT#${idOf(0)}`, sk: 'INTENT', dueShard: 'due#00', dueAt: '2026-03-01T12:00:00.000Z' },
    });
    expect(await tick(stage)).toEqual({ ...NOTHING, dispatched: 2, failed: 1 });
    expect(stage.count('DueIntent', 'failed')).toBe(1);
    expect(stage.observer.lines).toContainEqual({
      level: 'error',
      message: 'intent could not be woken',
      fields: { key: `INTENT#${idOf(0)}` },
    });
  });

  test('for a throttled write comes again with the next tick', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z', pending({ id: idOf(1) }), pending({ id: idOf(2) }));
    let puts = 0;
    stage.tables.inject({
      before: ({ operation }) => {
        if (operation !== 'put') return undefined;
        puts += 1;
        return puts === 1 ? 'throttled' : undefined;
      },
    });
    expect(await tick(stage)).toEqual({ ...NOTHING, dispatched: 1, failed: 1 });
    expect(await tick(stage)).toEqual({ ...NOTHING, dispatched: 1 });
  });

  test('for a lost acknowledgement was woken all the same', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z', pending({ id: idOf(1) }));
    stage.tables.inject({ before: ({ operation }) => (operation === 'put' ? 'repeated' : undefined) });
    expect(await tick(stage)).toEqual({ ...NOTHING, dispatched: 1 });
  });

  test('for an index that cannot be read fails the tick: its absence alarms', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z');
    stage.tables.inject({ before: ({ operation }) => (operation === 'query' ? 'throttled' : undefined) });
    await expect(tick(stage)).rejects.toThrow(StoreUnavailableError);
  });
});

describe('the handler', () => {
  test('reports what it did, and lets metrics out', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z', pending({ id: idOf(1) }));
    expect(await createHandler(stage)({}, lambdaContext(50_000))).toEqual({ ...NOTHING, dispatched: 1 });
    expect(stage.observer.lines).toMatchObject([
      { level: 'info', message: 'tick', fields: { dispatched: 1 } },
    ]);
    expect(stage.observer.flushes).toBe(1);
  });

  test('fails after its work where an intent could not be woken, so that the alarm hears of it', async () => {
    const stage = await stageAt('2026-03-01T12:05:00Z', pending({ id: idOf(1) }));
    await stage.tables.put({
      table: 'messaging',
      item: { pk: 'INTENT#broken', sk: 'INTENT', dueShard: 'due#00', dueAt: '2026-03-01T12:00:00.000Z' },
    });
    await expect(createHandler(stage)({}, lambdaContext(50_000))).rejects.toThrow(
      '1 due intents could not be woken',
    );
    expect(await stage.intent(idOf(1))).toMatchObject({ version: 2 });
    expect(stage.observer.flushes).toBe(1);
  });
});
