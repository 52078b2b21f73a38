import type { AttributeValue, Item } from '../../../functions/shared/ports/table-client.ts';
import { isList, isSet } from './values.ts';

/** Bytes of an item as DynamoDB bills them (Developer Guide, "DynamoDB item sizes and formats"). */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + textBytes(name) + (value === undefined ? 0 : valueBytes(value)),
    0,
  );

export const textBytes = (text: string): number => Buffer.byteLength(text, 'utf8');

const valueBytes = (value: AttributeValue): number => {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number') return numberBytes(value);
  if (isSet(value)) return sum([...value].map(textBytes));
  if (isList(value)) return 3 + value.length + sum(value.map(valueBytes));
  return 3 + Object.keys(value).length + itemBytes(value);
};

/** One byte for every two significant digits, one more, and one for a sign. */
const numberBytes = (value: number): number => {
  const digits = String(Math.abs(value))
    .replace(/e.*$/, '')
    .replace('.', '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (value < 0 ? 1 : 0);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
