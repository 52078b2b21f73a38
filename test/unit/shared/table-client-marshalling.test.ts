import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  marshallItem,
  marshallValue,
  unmarshallItem,
} from '../../../functions/shared/aws/table-client-marshalling.ts';
import type { AttributeValue, Item } from '../../../functions/shared/ports/table-client.ts';

/** Names that util-dynamodb cannot carry are left to the tests that say so. */
const names = fc.string().filter((name) => !['__proto__', 'constructor'].includes(name));
const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.uniqueArray(fc.string(), { minLength: 1 }).map((entries) => new Set(entries)),
    fc.array(tie('value')),
    fc.dictionary(names, tie('value'), { noNullPrototype: true }),
  ),
})).value;
const items: fc.Arbitrary<Item> = fc.dictionary(names, value, { noNullPrototype: true });

describe('items in DynamoDB form', () => {
  test('are what util-dynamodb makes of them, and come back as they were', () => {
    fc.assert(
      fc.property(items, (item) => {
        const stored = marshallItem(item);
        expect(stored).toEqual(marshall(item, { removeUndefinedValues: true }));
        expect(unmarshallItem(stored)).toEqual(unmarshall(stored));
        expect(unmarshallItem(stored)).toEqual(item);
      }),
      { numRuns: 1000 },
    );
  });

  test('may have attributes with the names of Object', () => {
    const item = Object.fromEntries([
      ['constructor', 'c'],
      ['__proto__', { constructor: 1 }],
    ]);
    expect(Object.entries(unmarshallItem(marshallItem(item)))).toEqual(Object.entries(item));
  });

  test('leave out undefined and empty sets', () => {
    const item = { a: undefined, b: new Set<string>(), c: [new Set<string>(), { d: undefined }] };
    expect(marshallItem(item)).toEqual({ c: { L: [{ M: {} }] } });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)])('cannot hold %p', (number) => {
    expect(() => marshallItem({ number })).toThrow('number');
  });

  test('cannot be compared with an empty set', () => {
    expect(() => marshallValue(new Set())).toThrow('empty set');
  });

  test.each([[{ N: '9007199254740993' }], [{ N: '1e200' }], [{ NS: ['1'] }], [{ B: new Uint8Array(1) }]])(
    'are not read with %p, which Trunkline never writes',
    (stored) => {
      expect(() => unmarshallItem({ stored } as Parameters<typeof unmarshallItem>[0])).toThrow(
        expect.objectContaining({ name: 'MarshallingError' }),
      );
    },
  );
});
