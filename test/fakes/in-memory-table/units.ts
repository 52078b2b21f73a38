import type { TableName } from '../../../functions/shared/contract/tables.ts';
import type { Item } from '../../../functions/shared/ports/table-client.ts';
import { itemBytes } from './item-size.ts';
import type { StoredIndex } from './stored-index.ts';
import type { StoredTable } from './stored-table.ts';
import { equal } from './values.ts';

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

/** A write of `after` over `before`, with what its indexes cost. A write whose condition fails pays for `before`. */
export const writeUnits = (table: StoredTable, before: Item | undefined, after: Item | undefined): number =>
  Math.max(unitsOf(before), unitsOf(after)) +
  [...table.indexes.values()].reduce((sum, index) => sum + indexUnits(index, before, after), 0);

/** A write or check that left the item as it is. */
export const untouchedUnits = (existing: Item | undefined): number => unitsOf(existing);

const indexUnits = (index: StoredIndex, before: Item | undefined, after: Item | undefined): number => {
  const [had, has] = [index.has(before), index.has(after)];
  if (!had && !has) return 0;
  if (!has || after === undefined) return unitsOf(before);
  if (!had || before === undefined) return unitsOf(after);
  const { partitionKey, sortKey } = index.schema;
  const moved = before[partitionKey] !== after[partitionKey] || before[sortKey] !== after[sortKey];
  if (moved) return unitsOf(before) + unitsOf(after);
  return equal(before, after) ? 0 : Math.max(unitsOf(before), unitsOf(after));
};
