import type { AttributeValue, Item } from '../../../functions/shared/ports/table-client.ts';
import { isList, isSet } from './values.ts';

const known = new WeakMap<Item, number>();

/**
 * Bytes of an item as DynamoDB bills them (Developer Guide, "DynamoDB item sizes and formats").
 * Remembered for frozen items, which is what a store holds.
 */
export const itemBytes = (item: Item): number => {
  const before = known.get(item);
  if (before !== undefined) return before;
  let bytes = 0;
  for (const name of Object.keys(item)) {
    const value = item[name];
    bytes += textBytes(name) + (value === undefined ? 0 : valueBytes(value));
  }
  if (Object.isFrozen(item)) known.set(item, bytes);
  return bytes;
};

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
const numberBytes = (value: number): number =>
  Math.ceil(significantDigits(Math.abs(value)) / 2) + 1 + (value < 0 ? 1 : 0);

const significantDigits = (value: number): number => {
  if (!Number.isSafeInteger(value))
    return String(value).replace(/e.*$/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length;
  let whole = value;
  while (whole !== 0 && whole % 10 === 0) whole /= 10;
  return whole === 0 ? 0 : String(whole).length;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
