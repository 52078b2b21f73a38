import type { TableShape } from '../../../functions/shared/contract/tables.ts';
import type { AttributeValue, Item } from '../../../functions/shared/ports/table-client.ts';
import { refuse } from './errors.ts';
import { itemBytes, textBytes } from './item-size.ts';
import type { KeySchema } from './key-condition.ts';
import { isList, isSet } from './values.ts';

/** Vendor limits (DynamoDB Developer Guide, "Quotas"). */
export const LARGEST_ITEM_BYTES = 400 * 1024;
const LARGEST_PARTITION_KEY_BYTES = 2048;
const LARGEST_SORT_KEY_BYTES = 1024;
const DEEPEST_NESTING = 32;

/** @throws ValidationException when DynamoDB would not store the item */
export const checkItem = (item: Item, shape: TableShape): void => {
  checkKeyAttributes(item, shape);
  for (const index of Object.values(shape.indexes)) checkIndexKey(item, index);
  for (const value of Object.values(item)) if (value !== undefined) checkValue(value, 1);
  if (itemBytes(item) > LARGEST_ITEM_BYTES) refuse('Item size has exceeded the maximum allowed size');
};

/** @throws ValidationException unless the key is exactly the key attributes */
export const checkKey = (key: Item, schema: KeySchema): void => {
  const expected = [schema.partitionKey, ...(schema.sortKey === undefined ? [] : [schema.sortKey])];
  const given = Object.keys(key).filter((name) => key[name] !== undefined);
  if (given.length !== expected.length || !expected.every((name) => given.includes(name))) {
    refuse('The provided key element does not match the schema');
  }
  checkKeyAttributes(key, schema);
};

const checkKeyAttributes = (item: Item, { partitionKey, sortKey }: KeySchema): void => {
  checkKeyAttribute(item[partitionKey], partitionKey, LARGEST_PARTITION_KEY_BYTES);
  if (sortKey !== undefined) checkKeyAttribute(item[sortKey], sortKey, LARGEST_SORT_KEY_BYTES);
};

const checkKeyAttribute = (value: AttributeValue | undefined, name: string, largestBytes: number): void => {
  if (value === undefined)
    refuse(`One or more parameter values were invalid: Missing the key ${name} in the item`);
  else if (typeof value !== 'string')
    refuse(`One or more parameter values were invalid: Type mismatch for key ${name}`);
  else if (value === '')
    refuse(`The AttributeValue for a key attribute cannot contain an empty string. Key: ${name}`);
  else if (textBytes(value) > largestBytes) refuse(`Key ${name} is larger than ${largestBytes} bytes`);
};

const checkIndexKey = (item: Item, { partitionKey, sortKey }: KeySchema): void => {
  for (const name of [partitionKey, sortKey]) {
    const value = name === undefined ? undefined : item[name];
    if (value === undefined) continue;
    if (typeof value !== 'string')
      refuse(`One or more parameter values were invalid: Type mismatch for Index Key ${name}`);
    if (value === '')
      refuse(`A value specified for a secondary index key cannot be an empty string: ${name}`);
  }
};

const checkValue = (value: AttributeValue, depth: number): void => {
  if (depth > DEEPEST_NESTING) refuse('Nesting Levels have exceeded supported limits');
  if (typeof value === 'number') checkNumber(value);
  if (value === null || typeof value !== 'object' || isSet(value)) return;
  for (const entry of isList(value) ? value : Object.values(value)) {
    if (entry !== undefined) checkValue(entry, depth + 1);
  }
};

/** What the adapter refuses before DynamoDB could: numbers that would come back as others. */
const checkNumber = (value: number): void => {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
    refuse(`${value} is not stored exactly`);
  if (value !== 0 && Math.abs(value) < 1e-130) refuse('Number underflow');
};
