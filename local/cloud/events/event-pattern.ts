import * as z from 'zod';

export type EventMatcher = (event: unknown) => boolean;

/** Whether one value of the event (undefined: the field is absent) is what a leaf of the pattern asks for. */
type LeafMatcher = (value: unknown) => boolean;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const word = z.union([z.string(), z.strictObject({ 'equals-ignore-case': z.string() })]);
const words = z.union([z.string(), z.array(z.string())]);

const contentFilter = z.union([
  z.strictObject({ prefix: word }),
  z.strictObject({ suffix: word }),
  z.strictObject({ 'equals-ignore-case': z.string() }),
  z.strictObject({ wildcard: z.string() }),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ numeric: z.array(z.union([z.string(), z.number()])) }),
  z.strictObject({
    'anything-but': z.union([
      scalar,
      z.array(scalar),
      z.strictObject({ prefix: words }),
      z.strictObject({ suffix: words }),
      z.strictObject({ wildcard: words }),
      z.strictObject({ 'equals-ignore-case': words }),
    ]),
  }),
]);
type ContentFilter = z.infer<typeof contentFilter>;

/**
 * An EventBridge pattern, or the pattern of an event source mapping's filter, as a predicate.
 * @throws on a filter that is not known here
 */
export function eventPattern(pattern: unknown): EventMatcher {
  const fields = z.record(z.string(), z.unknown()).parse(pattern);
  const matchers = Object.entries(fields).map(([key, expected]) =>
    key === '$or' ? anyOf(expected) : fieldMatcher(key, expected),
  );
  return (event) => matchers.every((matches) => matches(event));
}

function anyOf(alternatives: unknown): EventMatcher {
  const matchers = z.array(z.unknown()).parse(alternatives).map(eventPattern);
  return (event) => matchers.some((matches) => matches(event));
}

function fieldMatcher(key: string, expected: unknown): EventMatcher {
  if (!Array.isArray(expected)) {
    const nested = eventPattern(expected);
    return (event) => alternativesOf(member(event, key)).some(nested);
  }
  const leaves = expected.map(leafMatcher);
  return (event) =>
    alternativesOf(member(event, key)).some((value) => leaves.some((matches) => matches(value)));
}

function member(event: unknown, key: string): unknown {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, key)) return undefined;
  return Object.entries(event).find(([name]) => name === key)?.[1];
}

/** A list in the event matches when one of its members does; an empty list is as absent as no list. */
function alternativesOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [value];
  return value.length === 0 ? [undefined] : value.flatMap(alternativesOf);
}

function leafMatcher(leaf: unknown): LeafMatcher {
  const literal = scalar.safeParse(leaf);
  if (literal.success) return (value) => value === literal.data;
  const filter = contentFilter.safeParse(leaf);
  if (!filter.success) throw new Error(`the filter ${JSON.stringify(leaf)} of an event pattern is not known`);
  return filterMatcher(filter.data);
}

function filterMatcher(filter: ContentFilter): LeafMatcher {
  if ('prefix' in filter) return textMatcher(filter.prefix, (value, part) => value.startsWith(part));
  if ('suffix' in filter) return textMatcher(filter.suffix, (value, part) => value.endsWith(part));
  if ('equals-ignore-case' in filter) return sameIgnoringCase(filter['equals-ignore-case']);
  if ('wildcard' in filter) return wildcard(filter.wildcard);
  if ('exists' in filter) return (value) => (value !== undefined) === filter.exists;
  if ('numeric' in filter) return numericMatcher(filter.numeric);
  return anythingBut(filter['anything-but']);
}

function textMatcher(
  part: z.infer<typeof word>,
  test: (value: string, part: string) => boolean,
): LeafMatcher {
  if (typeof part === 'string') return (value) => typeof value === 'string' && test(value, part);
  const lower = part['equals-ignore-case'].toLowerCase();
  return (value) => typeof value === 'string' && test(value.toLowerCase(), lower);
}

const sameIgnoringCase = (expected: string): LeafMatcher => {
  const lower = expected.toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === lower;
};

function wildcard(expression: string): LeafMatcher {
  const parts = expression.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const whole = new RegExp(`^${parts.join('.*')}$`, 's');
  return (value) => typeof value === 'string' && whole.test(value);
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numericMatcher(terms: readonly (string | number)[]): LeafMatcher {
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < terms.length; index += 2) {
    const compare = COMPARISONS[String(terms[index])];
    const bound = terms[index + 1];
    if (compare === undefined || typeof bound !== 'number') {
      throw new Error(`the numeric filter ${JSON.stringify(terms)} of an event pattern is not known`);
    }
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

type Exclusion = Extract<ContentFilter, { 'anything-but': unknown }>['anything-but'];

/** Everything that is there and is none of these; an absent field does not match. */
function anythingBut(exclusion: Exclusion): LeafMatcher {
  const excluded = exclusionMatchers(exclusion);
  return (value) => value !== undefined && !excluded.some((matches) => matches(value));
}

function exclusionMatchers(exclusion: Exclusion): readonly LeafMatcher[] {
  if (typeof exclusion !== 'object' || exclusion === null) return [leafMatcher(exclusion)];
  if (Array.isArray(exclusion)) return exclusion.map(leafMatcher);
  return Object.entries(exclusion).flatMap(([name, values]) =>
    [values].flat().map((value) => leafMatcher({ [name]: value })),
  );
}
