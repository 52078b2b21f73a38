import type { Item, Query } from '../../../functions/shared/ports/table-client.ts';
import { refuse } from './errors.ts';
import { compileKeyCondition, type KeySchema, keyOf } from './key-condition.ts';
import type { Position, SortedItems } from './sorted-items.ts';
import type { StoredIndex } from './stored-index.ts';
import type { StoredTable } from './stored-table.ts';
import { checkKey } from './validation.ts';

export interface QueryItems {
  /** In order, from behind `after` on, those in the range of the sort key. */
  readonly items: Iterable<Item>;
  /** Whose keys make the key of a page: the index's and the table's. */
  readonly keySchemas: readonly KeySchema[];
}

interface Source {
  readonly schema: KeySchema;
  readonly partition: (key: string) => SortedItems;
  readonly positionOf: (item: Item) => Position;
}

/** @throws ValidationException */
export const itemsOfQuery = (table: StoredTable, query: Query): QueryItems => {
  if (query.limit !== undefined && !(query.limit >= 1)) refuse('Limit must be greater than or equal to 1');
  const source = sourceOf(table, query);
  const { partition, holds } = compileKeyCondition(query.keyCondition, source.schema);
  const keySchemas = query.index === undefined ? [table.shape] : [source.schema, table.shape];
  if (query.after !== undefined) checkStart(query.after, { keySchemas, schema: source.schema, partition });
  return { items: walk(source, { partition, holds, query }), keySchemas };
};

const sourceOf = (table: StoredTable, { index, consistent }: Query): Source => {
  if (index === undefined) {
    return {
      schema: table.shape,
      partition: (key) => table.partition(key),
      positionOf: (item) => table.positionOf(item),
    };
  }
  const stored: StoredIndex =
    table.indexes.get(index) ?? refuse(`The table does not have the specified index: ${index}`);
  if (consistent === true) refuse('Consistent reads are not supported on global secondary indexes');
  return {
    schema: stored.schema,
    partition: (key) => stored.partition(key),
    positionOf: (item) => stored.positionOf(item),
  };
};

const checkStart = (
  after: Item,
  {
    keySchemas,
    schema,
    partition,
  }: { keySchemas: readonly KeySchema[]; schema: KeySchema; partition: string },
): void => {
  for (const each of keySchemas) checkKey(keyOf(after, each), each);
  const names = new Set(keySchemas.flatMap((each) => Object.keys(keyOf(after, each))));
  if (Object.keys(after).length !== names.size) refuse('The provided starting key is invalid');
  if (after[schema.partitionKey] !== partition)
    refuse('The provided starting key is outside query boundaries');
};

function* walk(
  { partition, positionOf }: Source,
  { partition: key, holds, query }: { partition: string; holds: (item: Item) => boolean; query: Query },
): Iterable<Item> {
  const sorted = partition(key);
  const forward = query.forward ?? true;
  let index = forward ? 0 : sorted.entries.length - 1;
  if (query.after !== undefined) {
    const position = positionOf(query.after);
    const at = sorted.firstFrom(position);
    const there = sorted.find(position) !== undefined;
    index = forward ? at + (there ? 1 : 0) : at - 1;
  }
  for (; index >= 0 && index < sorted.entries.length; index += forward ? 1 : -1) {
    const item = sorted.entries[index]?.item;
    if (item !== undefined && holds(item)) yield item;
  }
}
