import { describe, expect, test } from '@jest/globals';
import {
  type AttributeValue,
  type Expression,
  type Item,
  type Page,
  type Query,
  StoreUnavailableError,
  type TableClient,
} from '../../functions/shared/ports/table-client.ts';

export const ABSENT: Expression = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };
export const PRESENT: Expression = { expression: 'attribute_exists(#pk)', names: { '#pk': 'pk' } };

const versionIs = (version: number): Expression => ({
  expression: '#version = :version',
  names: { '#version': 'version' },
  values: { ':version': version },
});

let partitions = 0;
/** A partition that no other test uses: the engines keep their tables over a suite. */
const freshPartition = (): string => {
  partitions += 1;
  return `P#${process.pid}#${partitions}`;
};

/**
 * What every TableClient promises, whatever is behind it.
 * `notRefused` names requests that an engine is known to let pass although DynamoDB refuses them.
 */
export const describeTableClientContract = (
  name: string,
  clientOf: () => TableClient,
  { notRefused = [] }: { readonly notRefused?: readonly string[] } = {},
): void => {
  describe(`TableClient on ${name}`, () => {
    describeItems(clientOf);
    describePuts(clientOf);
    describeTransactions(clientOf);
    describeConditions(clientOf);
    describeQueries(clientOf);
    describeIndexQueries(clientOf);
    describeScans(clientOf);
    describeRefusals(clientOf, notRefused);
  });
};

const describeItems = (clientOf: () => TableClient): void => {
  const storedAs = async (attributes: Item): Promise<Item | undefined> => {
    const key = { pk: freshPartition(), sk: 'a' };
    await clientOf().put({ table: 'messaging', item: { ...key, ...attributes } });
    const { pk, sk, ...rest } = (await clientOf().get('messaging', key, { consistent: true })) ?? {};
    expect({ pk, sk }).toEqual(key);
    return rest;
  };

  test('an item that is not there is undefined', async () => {
    expect(await clientOf().get('inbox', { pk: freshPartition() })).toBeUndefined();
  });

  test.each<[string, AttributeValue]>([
    ['text', 'hello'],
    ['empty text', ''],
    ['text beyond the basic plane', 'Grüße 👩‍👩‍👧 \u{10FFFF} \u0000 end'],
    ['an integer', 42],
    ['zero', 0],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER],
    ['the smallest safe integer', Number.MIN_SAFE_INTEGER],
    ['a fraction of 17 digits', 0.1 + 0.2],
    ['a tiny number', 1.5e-100],
    ['true', true],
    ['false', false],
    ['null', null],
    ['a list of everything', ['a', 1, true, null, ['b'], { c: 'd' }, new Set(['e'])]],
    ['an empty list', []],
    ['a map', { nested: { deeper: [1] }, empty: {} }],
    ['a set', new Set(['one', 'two', ''])],
    ['a map with the names of Object', { constructor: 'c', toString: 't', hasOwnProperty: 'h' }],
  ])('%s comes back as it was', async (_, value) => {
    expect(await storedAs({ value })).toEqual({ value });
  });

  test('an attribute called __proto__ is an attribute like any other', async () => {
    const map = Object.fromEntries([['__proto__', 'text']]);
    const stored = (await storedAs({ map }))?.map;
    expect(Object.entries(stored ?? {})).toEqual([['__proto__', 'text']]);
  });

  test('negative zero is stored as zero', async () => {
    expect(Object.is((await storedAs({ value: -0 }))?.value, 0)).toBe(true);
  });

  test('undefined attributes and empty sets are not stored, at any depth', async () => {
    const stored = await storedAs({
      gone: undefined,
      none: new Set(),
      map: { gone: undefined, none: new Set(), kept: 1 },
      list: [{ gone: undefined }, new Set()],
    });
    expect(stored).toEqual({ map: { kept: 1 }, list: [{}] });
  });

  test('what a caller does to its item or to a result changes nothing stored', async () => {
    const pk = freshPartition();
    const item = { pk, tags: new Set(['a']), list: ['a'] };
    await clientOf().put({ table: 'inbox', item });
    item.list.push('b');
    item.tags.add('b');
    const found = await clientOf().get('inbox', { pk }, { consistent: true });
    if (found?.tags instanceof Set) found.tags.add('c');
    expect(await clientOf().get('inbox', { pk }, { consistent: true })).toEqual({
      pk,
      tags: new Set(['a']),
      list: ['a'],
    });
  });

  test('tables are apart', async () => {
    const key = { pk: freshPartition(), sk: 'a' };
    await clientOf().put({ table: 'messaging', item: key });
    expect(await clientOf().get('timeline', key, { consistent: true })).toBeUndefined();
  });
};

const describePuts = (clientOf: () => TableClient): void => {
  test('a put replaces the whole item', async () => {
    const pk = freshPartition();
    await clientOf().put({ table: 'inbox', item: { pk, version: 1, old: true } });
    expect(await clientOf().put({ table: 'inbox', item: { pk, version: 2 } })).toEqual({ kind: 'written' });
    expect(await clientOf().get('inbox', { pk }, { consistent: true })).toEqual({ pk, version: 2 });
  });

  test('a put whose condition holds is written', async () => {
    const pk = freshPartition();
    expect(await clientOf().put({ table: 'inbox', item: { pk }, condition: ABSENT })).toEqual({
      kind: 'written',
    });
  });

  test('a conflict shows the item that stood in the way, and leaves it as it is', async () => {
    const pk = freshPartition();
    const first = { pk, owner: 'first', words: new Set(['a']) };
    await clientOf().put({ table: 'inbox', item: first });
    expect(
      await clientOf().put({ table: 'inbox', item: { pk, owner: 'second' }, condition: ABSENT }),
    ).toEqual({
      kind: 'conflict',
      existing: first,
    });
    expect(await clientOf().get('inbox', { pk }, { consistent: true })).toEqual(first);
  });

  test('a conflict with an absent item shows none', async () => {
    const result = await clientOf().put({
      table: 'inbox',
      item: { pk: freshPartition() },
      condition: PRESENT,
    });
    expect(result.kind).toBe('conflict');
    expect(result.kind === 'conflict' && result.existing).toBeUndefined();
  });

  test('of many concurrent claims exactly one is written, and the others see its owner', async () => {
    const pk = freshPartition();
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, owner) =>
        clientOf().put({ table: 'inbox', item: { pk, owner }, condition: ABSENT }),
      ),
    );
    const winner = results.findIndex(({ kind }) => kind === 'written');
    expect(results.filter(({ kind }) => kind === 'written')).toHaveLength(1);
    for (const result of results) {
      if (result.kind === 'conflict') expect(result.existing).toEqual({ pk, owner: winner });
    }
  });
};

const describeTransactions = (clientOf: () => TableClient): void => {
  test('puts, deletes and checks over several tables commit together', async () => {
    const pk = freshPartition();
    await clientOf().put({ table: 'messaging', item: { pk, sk: 'gone' } });
    await clientOf().put({ table: 'messaging', item: { pk, sk: 'checked', version: 3 } });
    const result = await clientOf().transact([
      { kind: 'put', table: 'inbox', item: { pk }, condition: ABSENT },
      { kind: 'put', table: 'timeline', item: { pk, sk: 'row' } },
      { kind: 'delete', table: 'messaging', key: { pk, sk: 'gone' }, condition: PRESENT },
      { kind: 'check', table: 'messaging', key: { pk, sk: 'checked' }, condition: versionIs(3) },
    ]);
    expect(result).toEqual({ kind: 'committed' });
    expect(await clientOf().get('inbox', { pk }, { consistent: true })).toEqual({ pk });
    expect(await clientOf().get('timeline', { pk, sk: 'row' }, { consistent: true })).toEqual({
      pk,
      sk: 'row',
    });
    expect(await clientOf().get('messaging', { pk, sk: 'gone' }, { consistent: true })).toBeUndefined();
  });

  test('one condition that fails cancels everything, with a reason for each action in order', async () => {
    const pk = freshPartition();
    const checked = { pk, sk: 'checked', version: 3 };
    const claimed = { pk, sk: 'claimed', owner: 'first' };
    await clientOf().put({ table: 'messaging', item: checked });
    await clientOf().put({ table: 'messaging', item: claimed });
    const result = await clientOf().transact([
      { kind: 'put', table: 'inbox', item: { pk } },
      { kind: 'check', table: 'messaging', key: { pk, sk: 'checked' }, condition: versionIs(4) },
      { kind: 'put', table: 'messaging', item: { pk, sk: 'claimed', owner: 'second' }, condition: ABSENT },
      { kind: 'delete', table: 'messaging', key: { pk, sk: 'absent' }, condition: PRESENT },
      { kind: 'check', table: 'messaging', key: { pk, sk: 'none' }, condition: ABSENT },
    ]);
    expect(result).toEqual({
      kind: 'canceled',
      reasons: [
        { code: 'none' },
        { code: 'condition-failed', existing: checked },
        { code: 'condition-failed', existing: claimed },
        { code: 'condition-failed', existing: undefined },
        { code: 'none' },
      ],
    });
    expect(await clientOf().get('inbox', { pk }, { consistent: true })).toBeUndefined();
    expect(
      await clientOf()
        .get('messaging', claimed, { consistent: true })
        .catch(() => claimed),
    ).toEqual(claimed);
  });

  test('deleting what is not there commits', async () => {
    const key = { pk: freshPartition(), sk: 'a' };
    expect(await clientOf().transact([{ kind: 'delete', table: 'messaging', key }])).toEqual({
      kind: 'committed',
    });
  });

  test('the same transaction again is another one: nothing is deduplicated between calls', async () => {
    const action = {
      kind: 'put',
      table: 'inbox',
      item: { pk: freshPartition() },
      condition: ABSENT,
    } as const;
    expect((await clientOf().transact([action])).kind).toBe('committed');
    expect((await clientOf().transact([action])).kind).toBe('canceled');
  });

  test('a hundred actions are one transaction', async () => {
    const pk = freshPartition();
    const sk = (index: number): string => String(index).padStart(3, '0');
    const actions = Array.from({ length: 100 }, (_, index) => ({
      kind: 'put' as const,
      table: 'messaging' as const,
      item: { pk, sk: sk(index) },
    }));
    expect(await clientOf().transact(actions)).toEqual({ kind: 'committed' });
    expect((await queryAll(clientOf(), partitionOf(pk))).map(({ sk: key }) => key)).toEqual(
      actions.map(({ item }) => item.sk),
    );
  });
};

const ITEM: Item = {
  text: 'héllo',
  number: 5,
  flag: true,
  nothing: null,
  words: new Set(['a', 'b']),
  list: [1, 'x', new Set(['q'])],
  map: { inner: 'v' },
};

/** Expression, values and what it says of ITEM; `#name` stands for the attribute `name`. */
const CONDITIONS: readonly [string, Readonly<Record<string, AttributeValue>>, boolean][] = [
  ['#number = :v', { ':v': 5 }, true],
  ['#number = :v', { ':v': '5' }, false],
  ['#number <> :v', { ':v': '5' }, true],
  ['#number < :v', { ':v': 10 }, true],
  ['#number <= :v', { ':v': 5 }, true],
  ['#number > :v', { ':v': 5 }, false],
  ['#number >= :v', { ':v': 5 }, true],
  ['#number < :v', { ':v': 'text' }, false],
  ['#text < :v', { ':v': 'i' }, true],
  ['#absent = :v', { ':v': 5 }, false],
  ['#absent <> :v', { ':v': 5 }, true],
  ['#absent < :v', { ':v': 5 }, false],
  ['NOT #absent < :v', { ':v': 5 }, true],
  ['#absent = #missing', {}, false],
  ['#absent <> #missing', {}, true],
  ['#number BETWEEN :low AND :high', { ':low': 5, ':high': 5 }, true],
  ['#number BETWEEN :low AND :high', { ':low': 6, ':high': 7 }, false],
  ['NOT #absent BETWEEN :low AND :high', { ':low': 6, ':high': 7 }, true],
  ['#text IN (:a, :b)', { ':a': 'x', ':b': 'héllo' }, true],
  ['#absent IN (:a)', { ':a': 'x' }, false],
  ['attribute_exists(#nothing)', {}, true],
  ['attribute_not_exists(#absent)', {}, true],
  ['attribute_exists(#map.#inner)', {}, true],
  ['attribute_exists(#list[1])', {}, true],
  ['attribute_exists(#list[9])', {}, false],
  ['#map.#inner = :v', { ':v': 'v' }, true],
  ['#number.#inner = :v', { ':v': 'v' }, false],
  ['begins_with(#text, :v)', { ':v': 'hé' }, true],
  ['begins_with(#text, :v)', { ':v': '' }, true],
  ['begins_with(#number, :v)', { ':v': '5' }, false],
  ['contains(#text, :v)', { ':v': 'llo' }, true],
  ['contains(#words, :v)', { ':v': 'b' }, true],
  ['contains(#words, :v)', { ':v': 'c' }, false],
  ['contains(#list, :v)', { ':v': new Set(['q']) }, true],
  ['contains(#absent, :v)', { ':v': 'c' }, false],
  ['size(#text) = :v', { ':v': 5 }, true],
  ['size(#words) = :v', { ':v': 2 }, true],
  ['size(#list) > size(#words)', {}, true],
  ['size(#absent) = :v', { ':v': 0 }, false],
  ['size(#number) <> :v', { ':v': 1 }, true],
  ['attribute_type(#words, :v)', { ':v': 'SS' }, true],
  ['attribute_type(#nothing, :v)', { ':v': 'NULL' }, true],
  ['attribute_type(#absent, :v)', { ':v': 'S' }, false],
  ['#words = :v', { ':v': new Set(['b', 'a']) }, true],
  ['#map = :v', { ':v': { inner: 'v' } }, true],
  ['#list = :v', { ':v': [1, 'x'] }, false],
  ['#number = :v OR #absent = :v AND #absent = :v', { ':v': 5 }, true],
  ['(#number = :v OR #absent = :v) AND #absent = :v', { ':v': 5 }, false],
  ['NOT #number = :v OR #number = :v', { ':v': 5 }, true],
  ['NOT (#number = :v OR #number = :v)', { ':v': 5 }, false],
  ['not #absent = :v and #number = :v', { ':v': 5 }, true],
  [':v = #number', { ':v': 5 }, true],
];

const namesIn = (expression: string): Record<string, string> =>
  Object.fromEntries((expression.match(/#\w+/g) ?? []).map((name) => [name, name.slice(1)]));

const describeConditions = (clientOf: () => TableClient): void => {
  test.each(CONDITIONS)('%s with %p is %p', async (expression, values, expected) => {
    const key = { pk: freshPartition(), sk: 'a' };
    await clientOf().put({ table: 'timeline', item: { ...key, ...ITEM } });
    const condition = { expression, names: namesIn(expression), values };
    const result = await clientOf().transact([{ kind: 'check', table: 'timeline', key, condition }]);
    expect(result.kind).toBe(expected ? 'committed' : 'canceled');
  });

  test('text is compared by its UTF-8 bytes', async () => {
    const key = { pk: freshPartition(), sk: 'a' };
    await clientOf().put({ table: 'timeline', item: { ...key, text: '\u{1F600}' } });
    const condition = { expression: '#text > :v', names: { '#text': 'text' }, values: { ':v': '\uFF61' } };
    const result = await clientOf().transact([{ kind: 'check', table: 'timeline', key, condition }]);
    expect(result.kind).toBe('committed');
  });
};

const partitionOf = (pk: string): Query => ({
  table: 'messaging',
  keyCondition: { expression: '#pk = :pk', names: { '#pk': 'pk' }, values: { ':pk': pk } },
  consistent: true,
});

const pagesOf = async (client: TableClient, query: Query): Promise<Page[]> => {
  const pages: Page[] = [];
  let after: Item | undefined;
  do {
    const page = await client.query({ ...query, ...(after === undefined ? {} : { after }) });
    pages.push(page);
    after = page.next;
  } while (after !== undefined);
  return pages;
};

const queryAll = async (client: TableClient, query: Query): Promise<readonly Item[]> =>
  (await pagesOf(client, query)).flatMap(({ items }) => items);

const describeQueries = (clientOf: () => TableClient): void => {
  const KEYS = ['a', 'a#1', 'a#2', 'b', 'é', '\uFF61', '\u{1F600}'];
  const filled = async (): Promise<string> => {
    const pk = freshPartition();
    for (const sk of KEYS.toReversed()) await clientOf().put({ table: 'messaging', item: { pk, sk, n: 1 } });
    return pk;
  };
  const keysOf = async (
    pk: string,
    range = '',
    values: Record<string, string> = {},
    more: Partial<Query> = {},
  ) => {
    const keyCondition = {
      expression: `#pk = :pk${range === '' ? '' : ` AND ${range}`}`,
      names: { '#pk': 'pk', ...(range === '' ? {} : { '#sk': 'sk' }) },
      values: { ':pk': pk, ...values },
    };
    const items = await queryAll(clientOf(), { table: 'messaging', keyCondition, consistent: true, ...more });
    return items.map(({ sk }) => sk);
  };

  test('a partition comes in the order of the UTF-8 bytes of its sort keys', async () => {
    expect(await keysOf(await filled())).toEqual(KEYS);
  });

  test('or in the reverse order', async () => {
    expect(await keysOf(await filled(), '', {}, { forward: false })).toEqual(KEYS.toReversed());
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['#sk = :v', { ':v': 'b' }, ['b']],
    ['#sk < :v', { ':v': 'a#2' }, ['a', 'a#1']],
    ['#sk <= :v', { ':v': 'a#2' }, ['a', 'a#1', 'a#2']],
    ['#sk > :v', { ':v': 'b' }, ['é', '\uFF61', '\u{1F600}']],
    ['#sk >= :v', { ':v': '\uFF61' }, ['\uFF61', '\u{1F600}']],
    ['#sk BETWEEN :v AND :w', { ':v': 'a#1', ':w': 'b' }, ['a#1', 'a#2', 'b']],
    ['begins_with(#sk, :v)', { ':v': 'a#' }, ['a#1', 'a#2']],
    ['begins_with(#sk, :v)', { ':v': 'z' }, []],
  ])('%s with %p', async (range, values, expected) => {
    expect(await keysOf(await filled(), range, values)).toEqual(expected);
  });

  test.each([1, 2, 3, 6, 7, 8])('pages of %d show everything once, in order', async (limit) => {
    const pages = await pagesOf(clientOf(), { ...partitionOf(await filled()), limit });
    expect(pages.flatMap(({ items }) => items.map(({ sk }) => sk))).toEqual(KEYS);
    for (const { items } of pages) expect(items.length).toBeLessThanOrEqual(limit);
  });

  test('pages go on after an item that is gone meanwhile', async () => {
    const pk = await filled();
    const first = await clientOf().query({ ...partitionOf(pk), limit: 2 });
    await clientOf().transact([{ kind: 'delete', table: 'messaging', key: { pk, sk: 'a#1' } }]);
    const rest = await clientOf().query({ ...partitionOf(pk), ...(first.next && { after: first.next }) });
    expect(rest.items.map(({ sk }) => sk)).toEqual(KEYS.slice(2));
  });

  test('a page in reverse goes on backwards', async () => {
    const pages = await pagesOf(clientOf(), { ...partitionOf(await filled()), limit: 3, forward: false });
    expect(pages.flatMap(({ items }) => items.map(({ sk }) => sk))).toEqual(KEYS.toReversed());
  });

  test('a partition that is not there is one empty page', async () => {
    expect(await clientOf().query(partitionOf(freshPartition()))).toEqual({ items: [] });
  });
};

const describeIndexQueries = (clientOf: () => TableClient): void => {
  const due = (shard: string, more: Partial<Query> = {}): Query => ({
    table: 'messaging',
    index: 'due',
    keyCondition: {
      expression: '#shard = :shard',
      names: { '#shard': 'dueShard' },
      values: { ':shard': shard },
    },
    ...more,
  });

  test('an index shows whole items by its own sort key, and only those that have both of its keys', async () => {
    const shard = freshPartition();
    const item = (sk: string, more: Item): Item => ({ pk: shard, sk, ...more });
    const early = item('z', { dueShard: shard, dueAt: '2026-01-01T00:00:00.000Z', content: ['kept'] });
    const late = item('a', { dueShard: shard, dueAt: '2026-01-02T00:00:00.000Z' });
    for (const each of [late, early, item('b', { dueShard: shard }), item('c', { dueAt: 'x' })]) {
      await clientOf().put({ table: 'messaging', item: each });
    }
    expect(await queryAll(clientOf(), due(shard))).toEqual([early, late]);
  });

  test('an item leaves the index with its keys, and moves with them', async () => {
    const [shard, other] = [freshPartition(), freshPartition()];
    const item = { pk: shard, sk: 'a', dueShard: shard, dueAt: '1' };
    await clientOf().put({ table: 'messaging', item });
    await clientOf().put({ table: 'messaging', item: { ...item, dueShard: other } });
    expect(await queryAll(clientOf(), due(shard))).toEqual([]);
    expect(await queryAll(clientOf(), due(other))).toHaveLength(1);
    await clientOf().transact([{ kind: 'put', table: 'messaging', item: { pk: shard, sk: 'a' } }]);
    expect(await queryAll(clientOf(), due(other))).toEqual([]);
  });

  test('pages of an index show items with the same sort key once each', async () => {
    const shard = freshPartition();
    const items = Array.from({ length: 7 }, (_, index) => ({
      pk: `${shard}#${index % 3}`,
      sk: `s${index}`,
      dueShard: shard,
      dueAt: 'same',
    }));
    for (const item of items) await clientOf().put({ table: 'messaging', item });
    const found = await queryAll(clientOf(), due(shard, { limit: 2 }));
    expect(found.map(({ sk }) => sk).toSorted()).toEqual(items.map(({ sk }) => sk));
  });

  test('an index can be read up to a time', async () => {
    const shard = freshPartition();
    for (const dueAt of ['1', '2', '3']) {
      await clientOf().put({ table: 'messaging', item: { pk: shard, sk: dueAt, dueShard: shard, dueAt } });
    }
    const keyCondition = {
      expression: '#shard = :shard AND #at <= :now',
      names: { '#shard': 'dueShard', '#at': 'dueAt' },
      values: { ':shard': shard, ':now': '2' },
    };
    const found = await queryAll(clientOf(), { table: 'messaging', index: 'due', keyCondition });
    expect(found.map(({ dueAt }) => dueAt)).toEqual(['1', '2']);
  });
};

const describeScans = (clientOf: () => TableClient): void => {
  const scanAll = async (segment: number, totalSegments: number, filter?: Expression): Promise<Item[]> => {
    const found: Item[] = [];
    let after: Item | undefined;
    do {
      const page = await clientOf().scan({
        table: 'timeline',
        segment,
        totalSegments,
        ...(filter === undefined ? {} : { filter }),
        ...(after === undefined ? {} : { after }),
      });
      found.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return found;
  };

  test('segments together show every item exactly once, over pages of 1 MB', async () => {
    const run = freshPartition();
    const padding = 'x'.repeat(150_000);
    const keys = Array.from({ length: 30 }, (_, index) => `${run}#${index}`);
    for (const pk of keys) await clientOf().put({ table: 'timeline', item: { pk, sk: 'a', run, padding } });
    const filter = { expression: '#run = :run', names: { '#run': 'run' }, values: { ':run': run } };
    for (const totalSegments of [1, 4]) {
      const segments = await Promise.all(
        Array.from({ length: totalSegments }, (_, segment) => scanAll(segment, totalSegments, filter)),
      );
      expect(segments.flatMap((items) => items.map(({ pk }) => pk)).toSorted()).toEqual(keys.toSorted());
    }
  });

  test('a filter leaves out what it does not hold for', async () => {
    const run = freshPartition();
    for (const sk of ['a', 'b', 'c']) {
      await clientOf().put({ table: 'timeline', item: { pk: run, sk, run, kept: sk !== 'b' } });
    }
    const filter = {
      expression: '#run = :run AND #kept = :true',
      names: { '#run': 'run', '#kept': 'kept' },
      values: { ':run': run, ':true': true },
    };
    expect((await scanAll(0, 1, filter)).map(({ sk }) => sk)).toEqual(['a', 'c']);
  });
};

const describeRefusals = (clientOf: () => TableClient, notRefused: readonly string[]): void => {
  const key = (): { readonly pk: string; readonly sk: string } => ({ pk: freshPartition(), sk: 'a' });
  const put = (item: Item, condition?: Expression) =>
    clientOf().put({ table: 'messaging', item, ...(condition === undefined ? {} : { condition }) });
  const condition = (expression: string, values: Record<string, AttributeValue> = {}): Expression => ({
    expression,
    names: namesIn(expression),
    values,
  });

  const refused: readonly [string, () => Promise<unknown>][] = [
    ['an item without its sort key', () => put({ pk: freshPartition() })],
    ['an empty key', () => put({ pk: '', sk: 'a' })],
    ['a key that is a number', () => put({ pk: 1, sk: 'a' })],
    ['a partition key of 2,049 bytes', () => put({ pk: 'x'.repeat(2049), sk: 'a' })],
    ['a sort key of 1,025 bytes', () => put({ pk: freshPartition(), sk: 'x'.repeat(1025) })],
    ['an index key of another type', () => put({ ...key(), dueShard: 1, dueAt: 'x' })],
    ['an empty index key', () => put({ ...key(), dueShard: '', dueAt: 'x' })],
    ['an item over 400 KB', () => put({ ...key(), value: 'x'.repeat(410_000) })],
    ['a number that is none', () => put({ ...key(), value: Number.NaN })],
    ['a number past 2^53', () => put({ ...key(), value: 2 ** 60 })],
    ['a read with half a key', () => clientOf().get('messaging', { pk: freshPartition() })],
    ['a placeholder without a value', () => put(key(), condition('#a = :v'))],
    ['a placeholder without a name', () => put(key(), { expression: '#a = #b', names: { '#a': 'a' } })],
    ['a value that is not used', () => put(key(), condition('attribute_exists(#a)', { ':v': 1 }))],
    ['an expression that breaks off', () => put(key(), condition('attribute_exists(#a'))],
    ['redundant parentheses', () => put(key(), condition('((#a = :v))', { ':v': 1 }))],
    ['an empty set as a value', () => put(key(), condition('#a = :v', { ':v': new Set() }))],
    ['an empty transaction', () => clientOf().transact([])],
    [
      'a transaction with two actions on one item',
      () => {
        const item = key();
        return clientOf().transact([
          { kind: 'put', table: 'messaging', item },
          { kind: 'delete', table: 'messaging', key: item },
        ]);
      },
    ],
    [
      'a transaction with an item that cannot be stored',
      () =>
        clientOf().transact([
          { kind: 'put', table: 'messaging', item: key() },
          { kind: 'put', table: 'messaging', item: { ...key(), dueShard: 1 } },
        ]),
    ],
    ['a limit of nothing', () => clientOf().query({ ...partitionOf(freshPartition()), limit: 0 })],
    [
      'a consistent read of an index',
      () => clientOf().query({ ...partitionOf('x'), index: 'due', consistent: true }),
    ],
    [
      'an index that is not there',
      () => clientOf().query({ ...partitionOf('x'), index: 'none', consistent: false }),
    ],
    [
      'a query without its partition',
      () => clientOf().query({ table: 'messaging', keyCondition: condition('#sk > :v', { ':v': 'a' }) }),
    ],
    [
      'a query by another attribute',
      () =>
        clientOf().query({
          table: 'messaging',
          keyCondition: condition('#pk = :p AND #other = :v', { ':p': 'a', ':v': 'a' }),
        }),
    ],
    [
      'a query by alternatives',
      () =>
        clientOf().query({
          table: 'messaging',
          keyCondition: condition('#pk = :p OR #pk = :v', { ':p': 'a', ':v': 'b' }),
        }),
    ],
    ['a segment that is not there', () => clientOf().scan({ table: 'inbox', segment: 2, totalSegments: 2 })],
  ];

  test.each(refused.filter(([request]) => !notRefused.includes(request)))(
    '%s is a bug: an error that is no StoreUnavailableError',
    async (_, call) => {
      const error: unknown = await call().then(
        (result) => ({ result }),
        (failure: unknown) => failure,
      );
      expect(error).toHaveProperty('message');
      expect(error).not.toBeInstanceOf(StoreUnavailableError);
    },
  );

  test('an item of just 400 KB is stored', async () => {
    const item = { pk: 'p'.repeat(10), sk: 'a', v: '' };
    const overhead = 2 + 10 + 2 + 1 + 1;
    expect(await put({ ...item, v: 'x'.repeat(400 * 1024 - overhead) })).toEqual({ kind: 'written' });
    await expect(put({ ...item, v: 'x'.repeat(400 * 1024 - overhead + 1) })).rejects.toThrow();
  });
};
