import type { AttributeValue, Expression, Item } from '../../../functions/shared/ports/table-client.ts';
import { checkExpression, type Resolve } from './expression-checks.ts';
import { type Comparator, type Condition, type Operand, parseExpression } from './expression-parser.ts';
import { compare, equal, isList, isSet, typeOf } from './values.ts';

export type Predicate = (item: Item | undefined) => boolean;

/** The expression as a predicate over an item (or over none). @throws ValidationException as DynamoDB does */
export const compileExpression = (expression: Expression): Predicate => {
  const condition = parseExpression(expression.expression);
  const resolve = checkExpression(condition, expression);
  return (item) => holds(condition, { item, resolve });
};

interface Scope {
  readonly item: Item | undefined;
  readonly resolve: Resolve;
}

const holds = (condition: Condition, scope: Scope): boolean => {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, scope) && holds(condition.right, scope);
    case 'or':
      return holds(condition.left, scope) || holds(condition.right, scope);
    case 'not':
      return !holds(condition.condition, scope);
    case 'compare':
      return compares(
        condition.operator,
        operandValue(condition.left, scope),
        operandValue(condition.right, scope),
      );
    case 'between': {
      const value = operandValue(condition.operand, scope);
      return (
        compares('>=', value, operandValue(condition.low, scope)) &&
        compares('<=', value, operandValue(condition.high, scope))
      );
    }
    case 'in': {
      const value = operandValue(condition.operand, scope);
      return condition.choices.some((choice) => equal(value, operandValue(choice, scope)));
    }
    case 'function':
      return calls(condition, scope);
  }
};

const compares = (
  operator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean => {
  const order = left === undefined || right === undefined ? undefined : compare(left, right);
  switch (operator) {
    case '=':
      return equal(left, right);
    case '<>':
      // An attribute that is not there differs from everything, even from another one that is not there.
      return !equal(left, right);
    case '<':
      return order !== undefined && order < 0;
    case '<=':
      return order !== undefined && order <= 0;
    case '>':
      return order !== undefined && order > 0;
    case '>=':
      return order !== undefined && order >= 0;
  }
};

const calls = (condition: Extract<Condition, { kind: 'function' }>, scope: Scope): boolean => {
  const [first, second] = condition.operands.map((operand) => operandValue(operand, scope));
  switch (condition.name) {
    case 'attribute_exists':
      return first !== undefined;
    case 'attribute_not_exists':
      return first === undefined;
    case 'attribute_type':
      return first !== undefined && typeOf(first) === second;
    case 'begins_with':
      return typeof first === 'string' && typeof second === 'string' && first.startsWith(second);
    case 'contains':
      return first !== undefined && second !== undefined && contains(first, second);
  }
};

const contains = (whole: AttributeValue, part: AttributeValue): boolean => {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  if (whole === null || typeof whole !== 'object') return false;
  if (isSet(whole)) return typeof part === 'string' && whole.has(part);
  return isList(whole) && whole.some((entry) => equal(entry, part));
};

const operandValue = (operand: Operand, scope: Scope): AttributeValue | undefined => {
  switch (operand.kind) {
    case 'value':
      return scope.resolve.value(operand.placeholder);
    case 'path':
      return at(scope.item, operand.parts, scope.resolve);
    case 'size': {
      const of = operandValue(operand.of, scope);
      return of === undefined ? undefined : sizeOf(of);
    }
  }
};

const at = (
  item: Item | undefined,
  parts: readonly (string | number)[],
  resolve: Resolve,
): AttributeValue | undefined =>
  parts.reduce<AttributeValue | undefined>((value, part) => {
    if (value === undefined || value === null || typeof value !== 'object' || isSet(value)) return undefined;
    if (typeof part === 'number') return isList(value) ? value[part] : undefined;
    const name = resolve.name(part);
    return !isList(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }, item);

/** UTF-16 units of text (as AWS's own engine counts), entries of a set, list or map; of anything else there is no size. */
const sizeOf = (value: AttributeValue): number | undefined => {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return undefined;
  if (isSet(value)) return value.size;
  return isList(value) ? value.length : Object.keys(value).length;
};
