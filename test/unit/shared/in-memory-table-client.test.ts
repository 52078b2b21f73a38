import { describe, expect, test } from '@jest/globals';
import { type Item, StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { createInMemoryTableClient, type TableFault } from '../../fakes/in-memory-table-client.ts';

const ABSENT = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };
const claim = (pk: string, owner: string) =>
  ({ table: 'inbox', item: { pk, owner }, condition: ABSENT }) as const;
const dueQuery = {
  table: 'messaging',
  index: 'due',
  keyCondition: { expression: '#s = :s', names: { '#s': 'dueShard' }, values: { ':s': 's' } },
} as const;

const failingOnce = (fault: TableFault) => ({
  before: ({ number }: { number: number }) => (number === 1 ? fault : undefined),
});

describe('injected faults of the in-memory tables', () => {
  test('a throttled put wrote nothing', async () => {
    const client = createInMemoryTableClient({ hooks: failingOnce('throttled') });
    await expect(client.put(claim('a', 'me'))).rejects.toThrow(StoreUnavailableError);
    expect(client.items('inbox')).toEqual([]);
  });

  test('a put whose acknowledgement was lost is there', async () => {
    const client = createInMemoryTableClient({ hooks: failingOnce('acknowledgement-lost') });
    await expect(client.put(claim('a', 'me'))).rejects.toThrow(StoreUnavailableError);
    expect(client.items('inbox')).toEqual([{ pk: 'a', owner: 'me' }]);
  });

  test('a repeated put meets itself, a repeated transaction does not', async () => {
    const client = createInMemoryTableClient({ hooks: { before: () => 'repeated' } });
    expect(await client.put(claim('a', 'me'))).toEqual({
      kind: 'conflict',
      existing: { pk: 'a', owner: 'me' },
    });
    expect(await client.transact([{ kind: 'put', ...claim('b', 'me') }])).toEqual({ kind: 'committed' });
  });

  test('between the tries of a repeated put somebody else may write', async () => {
    const client = createInMemoryTableClient();
    client.inject({
      before: ({ number }) => (number === 1 ? 'repeated' : undefined),
      between: async () => {
        await client.put({ table: 'inbox', item: { pk: 'a', owner: 'other' } });
      },
    });
    expect(await client.put(claim('a', 'me'))).toEqual({
      kind: 'conflict',
      existing: { pk: 'a', owner: 'other' },
    });
  });

  test('a transaction conflict is reported for the actions that the plan names', async () => {
    const client = createInMemoryTableClient({
      hooks: { before: () => 'transaction-conflict', conflicting: () => [1] },
    });
    const actions = [
      { kind: 'put', ...claim('a', 'me') },
      { kind: 'put', ...claim('b', 'me') },
    ] as const;
    expect(await client.transact(actions)).toEqual({
      kind: 'canceled',
      reasons: [{ code: 'none' }, { code: 'transaction-conflict' }],
    });
    await expect(client.put(claim('a', 'me'))).rejects.toThrow(StoreUnavailableError);
    expect(client.items('inbox')).toEqual([]);
  });

  test('hooks can crash the caller before and after the effect', async () => {
    const client = createInMemoryTableClient();
    const crash = () => {
      throw new Error('killed');
    };
    client.inject({ before: crash });
    await expect(client.put(claim('a', 'me'))).rejects.toThrow('killed');
    client.inject({ after: crash });
    await expect(client.put(claim('b', 'me'))).rejects.toThrow('killed');
    expect(client.items('inbox').map(({ pk }) => pk)).toEqual(['b']);
  });
});

describe('the change stream of the in-memory tables', () => {
  test('has every change of tables with an outbox, in order, with the new image', async () => {
    const client = createInMemoryTableClient();
    const heard: string[] = [];
    const stop = client.onChange(({ kind }) => void heard.push(kind));
    const item = (version: number): Item => ({ pk: 'a', sk: 'b', version });
    await client.put({ table: 'messaging', item: item(1) });
    await client.put({ table: 'messaging', item: item(2) });
    await client.put({ table: 'messaging', item: item(2) });
    await client.put({ table: 'timeline', item: item(1) });
    stop();
    await client.transact([{ kind: 'delete', table: 'messaging', key: { pk: 'a', sk: 'b' } }]);
    const common = { table: 'messaging', keys: { pk: 'a', sk: 'b' }, expired: false };
    expect(client.drainStream()).toEqual([
      { ...common, kind: 'INSERT', sequence: 1, newImage: item(1) },
      { ...common, kind: 'MODIFY', sequence: 2, newImage: item(2) },
      { ...common, kind: 'REMOVE', sequence: 3 },
    ]);
    expect(client.drainStream()).toEqual([]);
    expect(heard).toEqual(['INSERT', 'MODIFY']);
  });

  test('marks what expiry removed', async () => {
    const client = createInMemoryTableClient();
    await client.put({ table: 'inbox', item: { pk: 'old', expiresAt: 1000 } });
    await client.put({ table: 'inbox', item: { pk: 'new', expiresAt: 2000 } });
    client.drainStream();
    expect(client.removeExpired(1_500_000)).toBe(1);
    expect(client.items('inbox').map(({ pk }) => pk)).toEqual(['new']);
    expect(client.drainStream()).toMatchObject([{ kind: 'REMOVE', keys: { pk: 'old' }, expired: true }]);
  });
});

describe('an index that lags', () => {
  test('shows a change when its time has come, and changes never overtake each other', async () => {
    const time = { now: 0, lag: 100 };
    const client = createInMemoryTableClient({
      indexLag: { now: () => time.now, milliseconds: () => time.lag },
    });
    const due = async () => (await client.query(dueQuery)).items.map(({ dueAt }) => dueAt);
    const item = (dueAt: string): Item => ({ pk: 'a', sk: 'b', dueShard: 's', dueAt });
    await client.put({ table: 'messaging', item: item('1') });
    time.lag = 0;
    await client.put({ table: 'messaging', item: item('2') });
    expect(await due()).toEqual([]);
    time.now = 99;
    expect(await due()).toEqual([]);
    time.now = 100;
    expect(await due()).toEqual(['2']);
    await client.put({ table: 'messaging', item: { pk: 'a', sk: 'b' } });
    expect(await due()).toEqual([]);
  });
});

describe('units as DynamoDB bills them', () => {
  const kilobytes = (count: number): string => 'x'.repeat(count * 1024 - 100);
  const costOf = async (
    run: (client: ReturnType<typeof createInMemoryTableClient>) => Promise<unknown>,
    before?: Item,
  ) => {
    const client = createInMemoryTableClient();
    if (before !== undefined) await client.put({ table: 'messaging', item: before });
    client.resetUnits();
    await run(client);
    return client.units();
  };
  const plain: Item = { pk: 'a', sk: 'b', padding: kilobytes(3) };
  const indexed: Item = { ...plain, dueShard: 's', dueAt: '1' };
  const key = { pk: 'a', sk: 'b' };

  test.each<[string, Item | undefined, Item, number, number]>([
    ['a new item pays for its kilobytes', undefined, plain, 3, 0],
    ['an index pays for its keys', undefined, indexed, 3, 1],
    ['a smaller item pays for the larger one', plain, { ...key, padding: kilobytes(1) }, 3, 0],
    ['an index that need not change costs nothing', indexed, indexed, 3, 0],
    ['an attribute that is no key of the index costs it nothing', indexed, { ...indexed, other: 1 }, 3, 0],
    ['an index entry that moves is two writes', indexed, { ...indexed, dueAt: '2' }, 3, 2],
    ['an index entry that goes is one write', indexed, plain, 3, 1],
  ])('%s', async (_, before, item, ofItem, ofIndex) => {
    expect(await costOf((client) => client.put({ table: 'messaging', item }), before)).toEqual({
      readUnits: 0,
      writeUnits: ofItem + ofIndex,
    });
    const transaction = await costOf(
      (client) => client.transact([{ kind: 'put', table: 'messaging', item }]),
      before,
    );
    // Indexes follow a transaction, they are not part of it.
    expect(transaction.writeUnits).toBe(2 * ofItem + ofIndex);
  });

  test('a condition that fails pays for what is there', async () => {
    const put = { table: 'messaging', item: { ...key }, condition: ABSENT } as const;
    expect((await costOf((client) => client.put(put), plain)).writeUnits).toBe(3);
    expect((await costOf((client) => client.transact([{ kind: 'put', ...put }]), plain)).writeUnits).toBe(6);
  });

  test('a check pays as a write in a transaction does', async () => {
    const check = { kind: 'check', table: 'messaging', key, condition: ABSENT } as const;
    expect((await costOf((client) => client.transact([check]))).writeUnits).toBe(2);
  });

  test.each([
    [true, 2],
    [false, 1],
  ])('a read of 6 KB, consistent: %p, costs %d', async (consistent, readUnits) => {
    const item = { ...plain, padding: kilobytes(6) };
    expect((await costOf((client) => client.get('messaging', key, { consistent }), item)).readUnits).toBe(
      readUnits,
    );
  });

  test('a query pays for the bytes of its page together', async () => {
    const client = createInMemoryTableClient();
    for (const sk of ['a', 'b', 'c']) await client.put({ table: 'messaging', item: { ...indexed, sk } });
    client.resetUnits();
    await client.query(dueQuery);
    expect(client.calls).toEqual([{ operation: 'query', table: 'messaging', readUnits: 1.5, writeUnits: 0 }]);
  });
});

describe('pages by size', () => {
  test('end when they are full, and a scan goes on behind an item that is gone', async () => {
    const client = createInMemoryTableClient({ pageBytes: 10 });
    for (const pk of ['a', 'b', 'c', 'd'])
      await client.put({ table: 'inbox', item: { pk, padding: 'x'.repeat(10) } });
    const first = await client.scan({ table: 'inbox', segment: 0, totalSegments: 1 });
    expect(first.items).toHaveLength(1);
    await client.transact([{ kind: 'delete', table: 'inbox', key: first.next ?? {} }]);
    const seen: unknown[] = [];
    for (let after = first.next; after !== undefined; ) {
      const page = await client.scan({ table: 'inbox', segment: 0, totalSegments: 1, after });
      seen.push(...page.items.map(({ pk }) => pk));
      after = page.next;
    }
    expect(seen.toSorted()).toEqual(['a', 'b', 'c', 'd'].filter((pk) => pk !== first.items[0]?.pk));
  });
});
