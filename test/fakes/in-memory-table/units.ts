import type { TableName } from '../../../functions/shared/contract/tables.ts';
import type { Item } from '../../../functions/shared/ports/table-client.ts';
import { itemBytes } from './item-size.ts';
import type { StoredIndex } from './stored-index.ts';
import type { StoredTable } from './stored-table.ts';

/** What one call costs as DynamoDB bills on-demand tables. */
export interface CallUnits {
  readonly operation: 'get' | 'put' | 'transact' | 'query' | 'scan';
  readonly table: TableName;
  /** Units of up to 4 KB, read consistently; halves are eventual reads. */
  readonly readUnits: number;
  /** Units of up to 1 KB, index writes included; doubled in transactions. */
  readonly writeUnits: number;
}

const KILOBYTE = 1024;

export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / (4 * KILOBYTE))) * (consistent ? 1 : 0.5);

const unitsOf = (item: Item | undefined): number =>
  item === undefined ? 1 : Math.max(1, Math.ceil(itemBytes(item) / KILOBYTE));

export interface WriteCost {
  /** Of the item; doubled in a transaction. */
  readonly item: number;
  /** Of the indexes, which follow outside of it. */
  readonly indexes: number;
}

/** A write of `after` over `before`. A write whose condition fails pays for `before`. */
export const writeUnits = (
  table: StoredTable,
  before: Item | undefined,
  after: Item | undefined,
): WriteCost => ({
  item: Math.max(unitsOf(before), unitsOf(after)),
  indexes: [...table.indexes.values()].reduce((sum, index) => sum + indexUnits(index, before, after), 0),
});

/** A write or check that left the item as it is. */
export const untouchedUnits = (existing: Item | undefined): WriteCost => ({
  item: unitsOf(existing),
  indexes: 0,
});

/** Indexes project keys only (lib/constructs/subject-table.ts): one unit for an entry that comes, and for one that goes. */
const indexUnits = (index: StoredIndex, before: Item | undefined, after: Item | undefined): number => {
  const [had, has] = [index.has(before), index.has(after)];
  if (!had || !has) return Number(had) + Number(has);
  const { partitionKey, sortKey } = index.schema;
  const moved = before?.[partitionKey] !== after?.[partitionKey] || before?.[sortKey] !== after?.[sortKey];
  return moved ? 2 : 0;
};
