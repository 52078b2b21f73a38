import type { Expression, Item } from '../../../functions/shared/ports/table-client.ts';
import { refuse } from './errors.ts';
import { compileExpression, type Predicate } from './expression-evaluator.ts';
import { type Condition, type Operand, parseExpression } from './expression-parser.ts';

export interface KeySchema {
  readonly partitionKey: string;
  readonly sortKey?: string;
}

export interface KeyCondition {
  readonly partition: string;
  /** True for items whose sort key is in range. */
  readonly holds: Predicate;
}

/** `partition = :value` and at most one range of the sort key. @throws ValidationException */
export const compileKeyCondition = (expression: Expression, schema: KeySchema): KeyCondition => {
  const terms = conjunction(parseExpression(expression.expression));
  const holds = compileExpression(expression);
  const named = terms.map((term) => ({ term, attribute: attributeOf(term, expression) }));
  const [partition, ...more] = named.filter(({ attribute }) => attribute === schema.partitionKey);
  const sorts = named.filter(({ attribute }) => attribute === schema.sortKey);
  if (partition === undefined || more.length > 0 || sorts.length > 1 || 1 + sorts.length !== named.length) {
    return refuse('Query condition missed key schema element');
  }
  for (const { term } of sorts) checkRange(term, expression);
  return { partition: partitionValue(partition.term, expression), holds };
};

/** The key attributes of an item, in the order of the schema. */
export const keyOf = (item: Item, { partitionKey, sortKey }: KeySchema): Item => ({
  [partitionKey]: item[partitionKey],
  ...(sortKey === undefined ? {} : { [sortKey]: item[sortKey] }),
});

const conjunction = (condition: Condition): readonly Condition[] =>
  condition.kind === 'and' ? [...conjunction(condition.left), ...conjunction(condition.right)] : [condition];

const attributeOf = (term: Condition, { names }: Expression): string => {
  const path = operandsOf(term).find((operand) => operand.kind === 'path');
  const [part, ...deeper] = path?.kind === 'path' ? path.parts : [];
  if (typeof part !== 'string' || deeper.length > 0)
    return refuse('Invalid KeyConditionExpression: no key attribute');
  return names[part] ?? '';
};

const operandsOf = (term: Condition): readonly Operand[] => {
  switch (term.kind) {
    case 'compare':
      return term.operator === '<>'
        ? refuse('Invalid operator used in KeyConditionExpression: <>')
        : [term.left, term.right];
    case 'between':
      return [term.operand, term.low, term.high];
    case 'function':
      if (term.name === 'begins_with') return term.operands;
      return refuse(`Invalid operator used in KeyConditionExpression: ${term.name}`);
    case 'in':
    case 'or':
    case 'not':
    case 'and':
      return refuse(`Invalid operator used in KeyConditionExpression: ${term.kind}`);
  }
};

const partitionValue = (term: Condition, expression: Expression): string => {
  if (term.kind !== 'compare' || term.operator !== '=') return refuse('Query key condition not supported');
  const [value, ...more] = constants(term, expression);
  if (value === undefined || more.length > 0)
    return refuse('Query condition needs one value of the partition key');
  return value;
};

const checkRange = (term: Condition, expression: Expression): void => {
  constants(term, expression);
};

/** Values compared with a key; keys of Trunkline's tables are strings, and no key is empty. */
const constants = (term: Condition, { values = {} }: Expression): readonly string[] =>
  operandsOf(term)
    .filter((operand) => operand.kind === 'value')
    .map((operand) => {
      const value = values[operand.placeholder];
      if (typeof value !== 'string') return refuse('Condition parameter type does not match schema type');
      return value === '' ? refuse('A key attribute cannot contain an empty string value') : value;
    });
