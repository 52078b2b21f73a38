import type { AttributeValue, Expression } from '../../../functions/shared/ports/table-client.ts';
import { refuse } from './errors.ts';
import type { Condition, Operand } from './expression-parser.ts';
import { compare, isSet, typeOf } from './values.ts';

/** Placeholders of one expression, all known to be defined. */
export interface Resolve {
  name(placeholder: string): string;
  value(placeholder: string): AttributeValue;
}

const ATTRIBUTE_TYPES: ReadonlySet<AttributeValue> = new Set([
  'N',
  'BS',
  'L',
  'B',
  'NULL',
  'M',
  'S',
  'SS',
  'NS',
  'BOOL',
]);

/** DynamoDB's refusals before it looks at any item: placeholders, operand types, bounds. @throws ValidationException */
export const checkExpression = (condition: Condition, expression: Expression): Resolve => {
  const resolve = resolverOf(expression);
  const used = new Set<string>();
  checkCondition(condition, { resolve, used });
  checkUse(used, expression);
  return resolve;
};

interface Checking {
  readonly resolve: Resolve;
  readonly used: Set<string>;
}

const resolverOf = ({ names, values = {} }: Expression): Resolve => ({
  name: (placeholder) =>
    names[placeholder] ??
    refuse(`An expression attribute name used in expression is not defined: ${placeholder}`),
  value: (placeholder) => {
    const value = values[placeholder];
    if (value === undefined)
      return refuse(`An expression attribute value used is not defined: ${placeholder}`);
    return isSet(value) && value.size === 0
      ? refuse('An expression cannot compare with an empty set')
      : value;
  },
});

const checkUse = (used: ReadonlySet<string>, { names, values = {} }: Expression): void => {
  const unused = [...Object.keys(names), ...Object.keys(values)].filter(
    (placeholder) => !used.has(placeholder),
  );
  if (unused.length > 0)
    refuse(`Value provided in expression attributes unused in expressions: ${unused.join()}`);
};

const checkCondition = (condition: Condition, checking: Checking): void => {
  switch (condition.kind) {
    case 'and':
    case 'or':
      checkCondition(condition.left, checking);
      checkCondition(condition.right, checking);
      return;
    case 'not':
      checkCondition(condition.condition, checking);
      return;
    case 'compare':
      checkOperands([condition.left, condition.right], condition.operator, checking);
      if (condition.operator !== '=' && condition.operator !== '<>') {
        checkOrderable([condition.left, condition.right], checking);
      }
      return;
    case 'between':
      checkOperands([condition.operand, condition.low, condition.high], 'BETWEEN', checking);
      checkOrderable([condition.operand, condition.low, condition.high], checking);
      checkBounds(condition.low, condition.high, checking);
      return;
    case 'in':
      checkOperands([condition.operand, ...condition.choices], 'IN', checking);
      return;
    case 'function':
      checkOperands(condition.operands, condition.name, checking);
      checkFunction(condition, checking);
      return;
  }
};

const checkOperands = (operands: readonly Operand[], operator: string, { resolve, used }: Checking): void => {
  const paths = operands.map((operand) => usePlaceholders(operand, { resolve, used }));
  if (paths[0] !== undefined && paths.lastIndexOf(paths[0]) > 0) {
    refuse(`The first operand must be distinct from the remaining operands; operator: ${operator}`);
  }
};

/** @returns the path in words, for comparison */
const usePlaceholders = (operand: Operand, { resolve, used }: Checking): string | undefined => {
  switch (operand.kind) {
    case 'value':
      used.add(operand.placeholder);
      resolve.value(operand.placeholder);
      return undefined;
    case 'size':
      usePlaceholders(operand.of, { resolve, used });
      return undefined;
    case 'path':
      return JSON.stringify(
        operand.parts.map((part) => {
          if (typeof part === 'number') return part;
          used.add(part);
          return resolve.name(part);
        }),
      );
  }
};

const checkOrderable = (operands: readonly Operand[], checking: Checking): void => {
  for (const constant of operands.flatMap((operand) => constantOf(operand, checking))) {
    if (typeof constant !== 'string' && typeof constant !== 'number') {
      refuse(`Incorrect operand type for operator: ${typeOf(constant)} has no order`);
    }
  }
};

const checkBounds = (low: Operand, high: Operand, checking: Checking): void => {
  const [[lower], [upper]] = [constantOf(low, checking), constantOf(high, checking)];
  if (lower === undefined || upper === undefined) return;
  const order = compare(lower, upper);
  if (order === undefined) refuse('The BETWEEN operator requires same data type for lower and upper bounds');
  else if (order > 0)
    refuse('The BETWEEN operator requires upper bound to be greater than or equal to lower bound');
};

const checkFunction = (condition: Extract<Condition, { kind: 'function' }>, checking: Checking): void => {
  const [first, second] = condition.operands;
  if (condition.name.startsWith('attribute_') && first?.kind !== 'path') {
    refuse(`Operator or function requires a document path; operator or function: ${condition.name}`);
  }
  if (condition.operands.some((operand) => operand.kind === 'size')) {
    refuse(`Incorrect operand type for function ${condition.name}`);
  }
  if (condition.name === 'begins_with') {
    const constants = condition.operands.flatMap((operand) => constantOf(operand, checking));
    if (constants.some((constant) => typeof constant !== 'string')) {
      refuse('Incorrect operand type for operator or function; operator or function: begins_with');
    }
  }
  if (condition.name === 'attribute_type') {
    const [named] = second === undefined ? [] : constantOf(second, checking);
    if (named === undefined || !ATTRIBUTE_TYPES.has(named)) refuse('Invalid attribute type name found');
  }
};

const constantOf = (operand: Operand, { resolve }: Checking): readonly AttributeValue[] =>
  operand.kind === 'value' ? [resolve.value(operand.placeholder)] : [];
