import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { AttributeValue, Expression, Item } from '../../functions/shared/ports/table-client.ts';

const FUNCTIONS = fileURLToPath(new URL('../../functions', import.meta.url));
const LITERAL = /expression:\s*'([^']+)'/g;

/** Every condition and filter that stands in the functions, word for word; key conditions are what queries compare. */
export const ownExpressions = (): readonly string[] => {
  const files = readdirSync(FUNCTIONS, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(join(FUNCTIONS, name), 'utf8').matchAll(LITERAL)])
    .flatMap(([, text]) => text ?? []);
  return [...new Set(texts)]
    .filter((text) => !/^#\w+ = :\w+( AND |$)/.test(text) || /version/.test(text))
    .sort();
};

const scalar: fc.Arbitrary<AttributeValue> = fc.constantFrom<AttributeValue>(
  'a',
  'ab',
  'INTENT#1',
  'ACCEPTED',
  '2026-03-01T12:00:00.000Z',
  0,
  1,
  2,
  1_772_366_400_000,
  true,
  null,
);
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constant<AttributeValue>(new Set(['a', 'b'])) },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
);

/** An item may stand there; another one is put over it under one of the project's own conditions. */
export interface OwnCase {
  readonly before: Item | undefined;
  readonly put: Item;
  readonly condition: Expression;
}

const placeholders = (text: string, mark: string): readonly string[] => [
  ...new Set(text.match(new RegExp(`${mark}\\w+`, 'g'))),
];

const list = <Value>(one: fc.Arbitrary<Value>, length: number): fc.Arbitrary<readonly Value[]> =>
  fc.array(one, { minLength: length, maxLength: length });

/** Bounds have to be in order. */
const ascending = (one: AttributeValue, other: AttributeValue): number => {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : 1;
};

/** What is compared by order: dynoxide, unlike AWS's own engine and the fake, does not refuse other constants there. */
const ordered = (expression: string, count: number): fc.Arbitrary<readonly AttributeValue[]> => {
  const texts = fc.constantFrom<AttributeValue>('', 'a', 'ab', 'INTENT#1', '2026-03-01T12:00:00.000Z');
  const numbers = fc.constantFrom<AttributeValue>(-1, 0, 1, 2, 1_772_366_400_000);
  const isText = expression.includes('begins_with');
  const all = isText ? list(texts, count) : fc.oneof(list(texts, count), list(numbers, count));
  return all.map((values) => values.toSorted(ascending));
};

const constants = (expression: string): fc.Arbitrary<Readonly<Record<string, AttributeValue>>> => {
  const names = placeholders(expression, ':');
  const values = /[<>]|BETWEEN|begins_with/.test(expression)
    ? ordered(expression, names.length)
    : list(scalar, names.length);
  return values.map((given) => Object.fromEntries(names.map((name, index) => [name, given[index] ?? null])));
};

/** `#name` is an attribute of that name, there or not, of any type; `:value` is what may be compared with it. */
export const ownCases = (texts: readonly string[]): fc.Arbitrary<OwnCase> =>
  fc.constantFrom(...texts).chain((expression) => {
    const names = placeholders(expression, '#');
    const attributes = names.map((name) => name.slice(1)).filter((name) => name !== 'pk');
    const item = fc.record(Object.fromEntries(attributes.map((name) => [name, value])), { requiredKeys: [] });
    return fc.record({
      before: fc.option(item, { nil: undefined, freq: 4 }),
      put: item,
      condition: constants(expression).map((values) => ({
        expression,
        names: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
        ...(expression.includes(':') ? { values } : {}),
      })),
    });
  });
