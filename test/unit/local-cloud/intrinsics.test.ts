// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Fn::Sub
import { describe, expect, test } from '@jest/globals';
import {
  type IntrinsicScope,
  mentionedIds,
  NO_VALUE,
  resolve,
} from '../../../local/cloud/assembly/intrinsics.ts';
import { resourceOrder } from '../../../local/cloud/assembly/resource-order.ts';
import { templateSchema } from '../../../local/cloud/assembly/template.ts';

const scope: IntrinsicScope = {
  region: 'eu-west-1',
  ref: (name) => {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (name === 'Queue') return 'http://127.0.0.1/000000000000/queue';
    throw new Error(`Ref ${name} is not known`);
  },
  attribute: (logicalId, attribute) => `${logicalId}/${attribute}`,
  importedValue: (name) => `imported ${name}`,
  condition: (name) => name === 'Yes',
  mapping: (map, top, second) => `${map}-${top}-${second}`,
  finishText: (text) => text,
};

const CASES: readonly (readonly [string, unknown, unknown])[] = [
  ['a reference', { Ref: 'Queue' }, 'http://127.0.0.1/000000000000/queue'],
  ['an attribute as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
  [
    'an attribute as text, with dots in its name',
    { 'Fn::GetAtt': 'Nested.Outputs.Url' },
    'Nested/Outputs.Url',
  ],
  ['a join of mixed parts', { 'Fn::Join': ['-', ['a', 1, { 'Fn::GetAtt': ['B', 'C'] }]] }, 'a-1-B/C'],
  [
    'a substitution with own variables',
    { 'Fn::Sub': ['${X}.${Queue.Arn}.${!Literal}', { X: { Ref: 'Queue' } }] },
    'http://127.0.0.1/000000000000/queue.Queue/Arn.${Literal}',
  ],
  ['a selection of a split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  ['an import', { 'Fn::ImportValue': { 'Fn::Sub': 'stack-name' } }, 'imported stack-name'],
  ['a choice that holds', { 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
  ['a choice that does not hold', { 'Fn::If': ['No', 'then', 'else'] }, 'else'],
  ['equality of a number and its text', { 'Fn::Equals': [1, '1'] }, true],
  ['a conjunction of named conditions', { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
  ['a disjunction', { 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': ['a', 'a'] }] }, true],
  ['a negation', { 'Fn::Not': [{ Condition: 'No' }] }, true],
  ['a mapping', { 'Fn::FindInMap': ['M', 'a', 'b'] }, 'M-a-b'],
  ['base64', { 'Fn::Base64': 'hi' }, 'aGk='],
  ['zones', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
];

describe('intrinsic functions', () => {
  test.each(CASES)('%s resolves', (_name, expression, expected) => {
    expect(resolve(expression, scope)).toEqual(expected);
  });

  test('a member that is AWS::NoValue disappears from objects and lists', () => {
    const value = { a: { Ref: 'AWS::NoValue' }, b: [{ 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, 2] };
    expect(resolve(value, scope)).toEqual({ b: [2] });
  });

  test('an object of several keys is data, even when one looks like a function', () => {
    expect(resolve({ Ref: 'x', other: 1 }, scope)).toEqual({ Ref: 'x', other: 1 });
  });

  test.each([
    ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, 'Fn::Cidr is not known'],
    ['an unknown name', { Ref: 'Nobody' }, 'Ref Nobody is not known'],
    ['a selection beyond the list', { 'Fn::Select': [5, ['a']] }, 'Fn::Select has no item 5 of 1'],
  ])('%s is refused', (_name, expression, message) => {
    expect(() => resolve(expression, scope)).toThrow(message);
  });
});

describe('the order of creation', () => {
  test('mentions are found in references, attributes and substitutions', () => {
    const value = [
      { Ref: 'A' },
      { 'Fn::GetAtt': ['B', 'Arn'] },
      { 'Fn::GetAtt': 'C.Arn' },
      { 'Fn::Sub': '${D}-${E.Arn}-${!F}' },
    ];
    expect([...mentionedIds(value)].sort()).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  const resources = (value: unknown) => templateSchema.parse({ Resources: value }).Resources;

  test('a resource comes after what it mentions and what it declares to depend on', () => {
    const order = resourceOrder(
      resources({
        First: { Type: 'T', Properties: { x: { Ref: 'Second' } }, DependsOn: 'Third' },
        Second: { Type: 'T' },
        Third: { Type: 'T', DependsOn: ['Second'] },
      }),
    );
    expect(order).toEqual(['Third', 'Second', 'First'].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(order.at(-1)).toBe('First');
    expect(order.indexOf('Second')).toBeLessThan(order.indexOf('Third'));
  });

  test('a circle is refused', () => {
    const circle = resources({ A: { Type: 'T', DependsOn: 'B' }, B: { Type: 'T', DependsOn: 'A' } });
    expect(() => resourceOrder(circle)).toThrow('circular dependency: A -> B -> A');
  });
});
