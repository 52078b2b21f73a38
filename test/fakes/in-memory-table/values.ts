import type { AttributeValue, Item } from '../../../functions/shared/ports/table-client.ts';

export type AttributeType = 'S' | 'N' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS';

// Not instanceof: a set may come from another realm (a worker's message, Jest's context).
export const isSet = (value: unknown): value is ReadonlySet<string> =>
  Object.prototype.toString.call(value) === '[object Set]';
export const isList = (value: AttributeValue): value is readonly AttributeValue[] => Array.isArray(value);

export const typeOf = (value: AttributeValue): AttributeType => {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return 'S';
  if (typeof value === 'number') return 'N';
  if (typeof value === 'boolean') return 'BOOL';
  if (isList(value)) return 'L';
  return isSet(value) ? 'SS' : 'M';
};

/** What was copied before and can never change: it stands for its own copy. */
const immutable = new WeakSet<object>();

/** A deep copy as it would be stored: without `undefined` and empty sets; maps and lists frozen, sets copied. */
export const copyItem = (item: Item): Item => {
  if (immutable.has(item)) return item;
  const copy: Record<string, AttributeValue> = {};
  let isImmutable = true;
  for (const name of Object.keys(item)) {
    const value = item[name];
    const copied = value === undefined ? undefined : copyValue(value);
    if (copied === undefined) continue;
    // Not an assignment: a field may be called __proto__.
    if (name === '__proto__') define(copy, name, copied);
    else copy[name] = copied;
    isImmutable &&= isPlain(copied) || immutable.has(copied);
  }
  if (isImmutable) immutable.add(copy);
  return Object.freeze(copy);
};

const copyValue = (value: AttributeValue): AttributeValue | undefined => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  // DynamoDB has no negative zero.
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (isList(value)) return copyList(value);
  if (isSet(value)) return value.size === 0 ? undefined : new Set(value);
  return copyItem(value);
};

const copyList = (list: readonly AttributeValue[]): readonly AttributeValue[] => {
  if (immutable.has(list)) return list;
  const copy = list.flatMap((entry) => [copyValue(entry)].filter(isPresent));
  if (copy.every((entry) => isPlain(entry) || immutable.has(entry))) immutable.add(copy);
  return Object.freeze(copy);
};

const define = (copy: Record<string, AttributeValue>, name: string, value: AttributeValue): void => {
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
};

const isPlain = (value: AttributeValue): value is string | number | boolean | null =>
  value === null || typeof value !== 'object';

const isPresent = (value: AttributeValue | undefined): value is AttributeValue => value !== undefined;

export const equal = (left: AttributeValue | undefined, right: AttributeValue | undefined): boolean => {
  if (left === undefined || right === undefined) return false;
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isSet(left))
    return isSet(right) && left.size === right.size && [...left].every((entry) => right.has(entry));
  if (isList(left)) {
    return (
      isList(right) &&
      left.length === right.length &&
      left.every((entry, index) => equal(entry, right[index]))
    );
  }
  return !isSet(right) && !isList(right) && equalMaps(left, right);
};

const equalMaps = (left: Item, right: Item): boolean => {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => equal(left[name], right[name]));
};

/** Order of two values of one orderable type; undefined where DynamoDB knows none. */
export const compare = (left: AttributeValue, right: AttributeValue): number | undefined => {
  if (typeof left === 'number' && typeof right === 'number') return Math.sign(left - right);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  return undefined;
};

/** Order of UTF-8 bytes. UTF-16 units differ from it only where surrogates meet the block after them. */
export const compareText = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (one !== other) return Math.sign(rank(one) - rank(other));
  }
  return Math.sign(left.length - right.length);
};

const rank = (unit: number): number => {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
};
