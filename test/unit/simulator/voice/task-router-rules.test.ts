import { describe, expect, test } from '@jest/globals';
import {
  ExpressionError,
  matchesExpression,
} from '../../../../local/twilio/domain/task-router/expression.ts';
import { readInstruction } from '../../../../local/twilio/domain/task-router/instruction.ts';
import { planRoute } from '../../../../local/twilio/domain/task-router/plan-route.ts';
import { readConfiguration } from '../../../../local/twilio/domain/task-router/records.ts';

const worker = {
  languages: ['en', 'es'],
  level: 3,
  team: 'billing',
  name: "O'Neil",
  address: { city: 'Bonn' },
};

describe('an expression', () => {
  test.each([
    ['1==1', true],
    ['', true],
    ["team == 'billing'", true],
    ['team == "sales"', false],
    ["languages HAS 'es'", true],
    ["team IN ['sales', 'billing']", true],
    ["team NOT IN ['sales']", true],
    ['level > 2 AND level <= 3', true],
    ['level > 3 OR team == "billing"', true],
    ['NOT (level >= 3)', false],
    ["address.city CONTAINS 'on'", true],
    ["missing == null AND missing != 'x'", true],
    ["team == 'billing' AND (level == 9 OR languages HAS 'en')", true],
    ["level == '3'", true],
  ])('%s is %s', (expression, expected) => {
    expect(matchesExpression(expression, worker)).toBe(expected);
  });

  test.each(['team ==', "team == 'x", '(team', 'level ! 3', "team 'x'", 'team NOT 3'])(
    '%s is refused',
    (expression) => {
      expect(() => matchesExpression(expression, worker)).toThrow(ExpressionError);
    },
  );
});

describe('a workflow', () => {
  const configuration = readConfiguration(
    JSON.stringify({
      task_routing: {
        filters: [
          {
            expression: "topic == 'billing'",
            targets: [{ queue: 'WQ1', timeout: 30, priority: 5 }, { queue: 'WQ2' }],
          },
          { expression: '1==1', targets: [{ queue: 'WQ3' }] },
        ],
        default_filter: { queue: 'WQ9' },
      },
    }),
  )!;

  test('sends a task through the targets of the first filter that fits, and to the default queue at last', () => {
    expect(
      planRoute(configuration, { topic: 'billing' }).map(({ queueSid, timeoutMs }) => [queueSid, timeoutMs]),
    ).toEqual([
      ['WQ1', 30_000],
      ['WQ2', undefined],
      ['WQ9', undefined],
    ]);
    expect(planRoute(configuration, {})[0]?.queueSid).toBe('WQ3');
  });

  test.each(['no JSON', '{}', '{"task_routing": {"filters": [{"targets": []}]}}'])('is not %s', (json) => {
    expect(readConfiguration(json)).toBeUndefined();
  });
});

describe('the answer of an assignment callback', () => {
  test.each([
    ['application/json', '{"instruction": "accept"}', { kind: 'instruction' }],
    [
      'application/json; charset=utf-8',
      '{"instruction": "dequeue", "from": "+15550100001"}',
      { kind: 'instruction' },
    ],
    [undefined, '', { kind: 'later' }],
    ['application/json', '{}', { kind: 'later' }],
    ['text/html', '{"instruction": "accept"}', { kind: 'error', errorCode: 40000 }],
    ['application/json', '{"instruction": ', { kind: 'error', errorCode: 40001 }],
    ['application/json', '"accept"', { kind: 'error', errorCode: 40001 }],
    ['application/json', '{"instruction": "dance"}', { kind: 'error', errorCode: 40001 }],
  ])('%s %s', (contentType, body, expected) => {
    expect(readInstruction(contentType, body)).toMatchObject(expected);
  });
});
