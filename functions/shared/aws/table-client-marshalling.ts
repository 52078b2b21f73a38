import type { AttributeValue as StoredValue } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, Item } from '../ports/table-client.ts';

type StoredItem = Record<string, StoredValue>;

/** A value has no place in a DynamoDB item, or an item holds what Trunkline never writes: a bug on our side. */
export class MarshallingError extends Error {
  override readonly name = 'MarshallingError';
  readonly retryable = false;
}

/**
 * To DynamoDB's typed form: `undefined` and empty sets (which DynamoDB refuses) are left out, at any depth.
 * Own code rather than util-dynamodb's, which decides by `constructor.name`: a form field called `constructor`
 * would make an item unreadable, `__proto__` would get lost, and numbers past 2^53 would come back as bigint.
 * @throws MarshallingError for numbers that are not finite or not exact
 */
export const marshallItem = (item: Item): StoredItem => marshallEntries(item);

/** A single value, as for an expression. @throws MarshallingError */
export const marshallValue = (value: AttributeValue): StoredValue => {
  const stored = toStored(value);
  if (stored === undefined) throw new MarshallingError('an expression cannot compare with an empty set');
  return stored;
};

/** @throws MarshallingError for binary values and sets of other things than strings */
export const unmarshallItem = (stored: Readonly<StoredItem>): Item => mapOf(stored);

const toStored = (value: AttributeValue): StoredValue | undefined => {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: exact(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isList(value)) return { L: value.flatMap((entry) => toStored(entry) ?? []) };
  if (isSet(value)) return value.size === 0 ? undefined : { SS: [...value] };
  return { M: marshallEntries(value) };
};

const marshallEntries = (map: Item): StoredItem => {
  const entries: [string, StoredValue][] = [];
  for (const [name, value] of Object.entries(map)) {
    const stored = value === undefined ? undefined : toStored(value);
    if (stored !== undefined) entries.push([name, stored]);
  }
  return Object.fromEntries(entries);
};

const isList = (value: AttributeValue): value is readonly AttributeValue[] => Array.isArray(value);
const isSet = (value: AttributeValue): value is ReadonlySet<string> =>
  Object.prototype.toString.call(value) === '[object Set]';

const exact = (value: number): string => {
  if (!Number.isFinite(value)) throw new MarshallingError(`${value} is no number that can be stored`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new MarshallingError('a number past 2^53 is not exact');
  return String(value);
};

const toPlain = (stored: StoredValue): AttributeValue => {
  if (stored.S !== undefined) return stored.S;
  if (stored.N !== undefined) return numberOf(stored.N);
  if (stored.BOOL !== undefined) return stored.BOOL;
  if (stored.NULL !== undefined) return null;
  if (stored.L !== undefined) return stored.L.map(toPlain);
  if (stored.SS !== undefined) return new Set(stored.SS);
  if (stored.M !== undefined) return mapOf(stored.M);
  throw new MarshallingError(`no attribute type ${Object.keys(stored).join()} is in use`);
};

const mapOf = (stored: Readonly<StoredItem>): Item =>
  Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, toPlain(value)]));

const numberOf = (digits: string): number => {
  const value = Number(digits);
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new MarshallingError('a stored number is past 2^53');
  return value;
};
