import fc from 'fast-check';
import type {
  AttributeValue,
  Expression,
  Item,
  Query,
  TableClient,
  WriteAction,
} from '../../functions/shared/ports/table-client.ts';

/** Few keys and few values, so that operations meet each other. */
const partitionKey = fc.constantFrom('p', 'q');
const sortKey = fc.constantFrom('a', 'a#1', 'a#2', 'b', 'é', '\uFF61', '\u{1F600}');
const attribute = fc.constantFrom('one', 'two', 'map');
const text = fc.constantFrom('', 'a', 'ab', 'b', 'é', '\u{1F600}', '1');
const number = fc.constantFrom(-1.5, 0, 1, 2, 10, 1e-7, 123_456_789_012_345);
const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const words = fc.uniqueArray(text, { minLength: 1, maxLength: 3 }).map((entries) => new Set(entries));
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: words },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('one', 'two'), scalar, { maxKeys: 2 }) },
);

const indexKeys = fc.record(
  { dueShard: fc.constantFrom('s', 't'), dueAt: fc.constantFrom('1', '2', '3') },
  { requiredKeys: [] },
);
const attributes = fc.record({ one: value, two: value, map: value }, { requiredKeys: [] });
const item = fc
  .tuple(fc.record({ pk: partitionKey, sk: sortKey }), attributes, indexKeys)
  .map((parts): Item => Object.assign({}, ...parts));
const key = fc.record({ pk: partitionKey, sk: sortKey });

/** A term as text and what it compares with; `:n` becomes a placeholder of its own. */
interface Term {
  readonly text: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: readonly AttributeValue[];
}

const named = (name: string): Readonly<Record<string, string>> => ({ [`#${name}`]: name });
const path = fc.oneof(
  attribute.map((name) => ({ text: `#${name}`, names: named(name) })),
  attribute.map((name) => ({ text: `#map.#${name}`, names: { ...named('map'), ...named(name) } })),
  attribute.map((name) => ({ text: `#${name}[0]`, names: named(name) })),
);
const orderable = fc.oneof(text, number);
const term = (template: string, values: fc.Arbitrary<AttributeValue>[]): fc.Arbitrary<Term> =>
  fc
    .tuple(path, ...values)
    .map(([at, ...given]) => ({ text: template.replace('@', at.text), names: at.names, values: given }));

const terms: fc.Arbitrary<Term> = fc.oneof(
  term('attribute_exists(@)', []),
  term('attribute_not_exists(@)', []),
  term('@ = :n', [value]),
  term('@ <> :n', [value]),
  fc.constantFrom('<', '<=', '>', '>=').chain((operator) => term(`@ ${operator} :n`, [orderable])),
  fc
    .oneof(fc.tuple(number, number), fc.tuple(text, text))
    .map(([one, other]) => (one <= other && utf8(one, other) ? [one, other] : [one, one]))
    .chain(([low, high]) => term('@ BETWEEN :n AND :n', [fc.constant(low ?? 0), fc.constant(high ?? 0)])),
  term('@ IN (:n, :n)', [value, value]),
  term('begins_with(@, :n)', [text]),
  term('contains(@, :n)', [scalar]),
  term('size(@) >= :n', [number]),
  term('attribute_type(@, :n)', [fc.constantFrom('S', 'N', 'SS', 'L', 'M', 'BOOL', 'NULL')]),
);

/** Bounds have to be in the order of their bytes; of text only what agrees with UTF-16 is used. */
const utf8 = (one: string | number, other: string | number): boolean =>
  typeof one === 'number' || Buffer.compare(Buffer.from(one), Buffer.from(String(other))) <= 0;

const joined = (parts: readonly Term[], write: (texts: readonly string[]) => string): Term => ({
  text: write(parts.map((part) => part.text)),
  names: Object.assign({}, ...parts.map((part) => part.names)),
  values: parts.flatMap((part) => part.values),
});

const formula: fc.Arbitrary<Term> = fc.oneof(
  { weight: 3, arbitrary: terms },
  { weight: 1, arbitrary: terms.map((one) => joined([one], ([only]) => `NOT ${only}`)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(terms, fc.constantFrom('AND', 'OR'), terms)
      .map(([one, word, other]) => joined([one, other], ([left, right]) => `${left} ${word} ${right}`)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(terms, terms, terms)
      .map((all) => joined(all, ([one, two, three]) => `(${one} OR ${two}) AND NOT ${three}`)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(terms, terms, terms)
      .map((all) => joined(all, ([one, two, three]) => `${one} OR NOT (${two} AND ${three})`)),
  },
);

const condition: fc.Arbitrary<Expression> = formula.map(({ text: template, names, values }) => {
  let placeholders = 0;
  const expression = template.replace(/:n/g, () => {
    placeholders += 1;
    return `:v${placeholders}`;
  });
  const given = Object.fromEntries(values.map((each, index) => [`:v${index + 1}`, each]));
  return { expression, names, values: given };
});

const action: fc.Arbitrary<WriteAction> = fc.oneof(
  fc.tuple(item, fc.option(condition, { nil: undefined })).map(
    ([put, when]): WriteAction => ({
      kind: 'put',
      table: 'messaging',
      item: put,
      ...(when === undefined ? {} : { condition: when }),
    }),
  ),
  fc.tuple(key, fc.option(condition, { nil: undefined })).map(
    ([at, when]): WriteAction => ({
      kind: 'delete',
      table: 'messaging',
      key: at,
      ...(when === undefined ? {} : { condition: when }),
    }),
  ),
  fc
    .tuple(key, condition)
    .map(([at, when]): WriteAction => ({ kind: 'check', table: 'messaging', key: at, condition: when })),
);

const range = fc.oneof(
  fc.constant({ text: '', values: [] as string[] }),
  fc
    .tuple(fc.constantFrom('=', '<', '<=', '>', '>='), sortKey)
    .map(([operator, bound]) => ({ text: ` AND #sk ${operator} :v1`, values: [bound] })),
  sortKey.map((prefix) => ({ text: ' AND begins_with(#sk, :v1)', values: [prefix] })),
  fc.constant({ text: ' AND #sk BETWEEN :v1 AND :v2', values: ['a#1', 'é'] }),
);

export type Operation =
  | { readonly kind: 'get'; readonly key: { readonly pk: string; readonly sk: string } }
  | { readonly kind: 'put'; readonly item: Item; readonly condition: Expression | undefined }
  | { readonly kind: 'transact'; readonly actions: readonly WriteAction[] }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'due'; readonly shard: string; readonly forward: boolean };

/** One operation on the messaging table. */
const operations: fc.Arbitrary<Operation> = fc.oneof(
  key.map((at): Operation => ({ kind: 'get', key: at })),
  fc
    .tuple(item, fc.option(condition, { nil: undefined }))
    .map(([put, when]): Operation => ({ kind: 'put', item: put, condition: when })),
  fc
    .uniqueArray(action, { minLength: 1, maxLength: 4, selector: (each) => keyTextOf(each) })
    .map((actions): Operation => ({ kind: 'transact', actions })),
  fc.tuple(partitionKey, range, fc.boolean(), fc.integer({ min: 1, max: 4 })).map(
    ([pk, { text: more, values }, forward, limit]): Operation => ({
      kind: 'query',
      query: {
        table: 'messaging',
        keyCondition: {
          expression: `#pk = :pk${more}`,
          names: { '#pk': 'pk', ...(more === '' ? {} : { '#sk': 'sk' }) },
          values: {
            ':pk': pk,
            ...Object.fromEntries(values.map((bound, index) => [`:v${index + 1}`, bound])),
          },
        },
        forward,
        limit,
        consistent: true,
      },
    }),
  ),
  fc
    .tuple(fc.constantFrom('s', 't'), fc.boolean())
    .map(([shard, forward]): Operation => ({ kind: 'due', shard, forward })),
);

/** Unconditional puts first, so that the operations after them find something. */
export const sequences: fc.Arbitrary<readonly Operation[]> = fc
  .tuple(
    fc.array(
      item.map((put): Operation => ({ kind: 'put', item: put, condition: undefined })),
      { minLength: 4, maxLength: 10 },
    ),
    fc.array(operations, { minLength: 3, maxLength: 10 }),
  )
  .map(([puts, others]) => [...puts, ...others]);

const keyTextOf = (each: WriteAction): string => {
  const { pk, sk } = each.kind === 'put' ? each.item : each.key;
  return JSON.stringify([pk, sk]);
};

/** Carries an operation out under keys of its own sequence; a refusal is an answer too. */
export const perform = async (
  client: TableClient,
  prefix: string,
  operation: Operation,
): Promise<unknown> => {
  try {
    return await answer(client, prefix, operation);
  } catch {
    return 'refused';
  }
};

const answer = async (client: TableClient, prefix: string, operation: Operation): Promise<unknown> => {
  switch (operation.kind) {
    case 'get':
      return client.get('messaging', under(prefix, operation.key), { consistent: true });
    case 'put': {
      const when = operation.condition === undefined ? {} : { condition: operation.condition };
      return client.put({ table: 'messaging', item: under(prefix, operation.item), ...when });
    }
    case 'transact':
      return client.transact(operation.actions.map((each) => actionUnder(prefix, each)));
    case 'query':
      return allPages(client, queryUnder(prefix, operation.query));
    case 'due':
      return byKey(await allPages(client, dueQuery(prefix + operation.shard, operation.forward)));
  }
};

const under = (prefix: string, given: Item): Item => ({
  ...given,
  pk: `${prefix}${String(given.pk)}`,
  ...(given.dueShard === undefined ? {} : { dueShard: `${prefix}${String(given.dueShard)}` }),
});

const actionUnder = (prefix: string, each: WriteAction): WriteAction =>
  each.kind === 'put'
    ? { ...each, item: under(prefix, each.item) }
    : { ...each, key: under(prefix, each.key) };

const queryUnder = (prefix: string, query: Query): Query => ({
  ...query,
  keyCondition: {
    ...query.keyCondition,
    values: { ...query.keyCondition.values, ':pk': `${prefix}${String(query.keyCondition.values?.[':pk'])}` },
  },
});

const dueQuery = (shard: string, forward: boolean): Query => ({
  table: 'messaging',
  index: 'due',
  keyCondition: {
    expression: '#shard = :shard AND #at >= :at',
    names: { '#shard': 'dueShard', '#at': 'dueAt' },
    values: { ':shard': shard, ':at': '2' },
  },
  forward,
  limit: 2,
});

const allPages = async (client: TableClient, query: Query): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let after: Item | undefined;
  do {
    const page = await client.query({ ...query, ...(after === undefined ? {} : { after }) });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
};

/** Items with the same index key come in no order that anybody promises. */
const byKey = (items: readonly Item[]): unknown => ({
  order: items.map(({ dueAt }) => dueAt),
  items: items.toSorted((one, other) => (keyText(one) < keyText(other) ? -1 : 1)),
});

const keyText = ({ pk, sk }: Item): string => JSON.stringify([pk, sk]);
