import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENTS, type Properties, type Resource, synthesized } from './synthesized.ts';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

describe.each(ENVIRONMENTS)('roles of %s', (environment) => {
  const { of, target } = synthesized(environment);
  const functions = of('AWS::Lambda::Function');
  const policies = of('AWS::IAM::Policy');
  const statements: readonly Properties[] = policies.flatMap(
    ({ properties }) => properties.PolicyDocument.Statement,
  );
  const statementsOf = (name: string): readonly Properties[] => {
    const deployed = functions.find(
      ({ properties }) => properties.FunctionName === `trunkline-${environment}-${name}`,
    );
    const role = target(deployed?.stack ?? '', deployed?.properties.Role);
    return policies
      .filter(({ stack, properties }) => target(stack, properties.Roles[0]) === role)
      .flatMap(({ properties }) => properties.PolicyDocument.Statement);
  };
  /** Actions by the table, queue or bus they are allowed on. */
  const allowed = (name: string, service: string): readonly (readonly [string, string])[] => {
    const stack = functions.find(
      ({ properties }) => properties.FunctionName === `trunkline-${environment}-${name}`,
    )?.stack;
    return statementsOf(name)
      .filter(({ Action }) => listOf(Action).some((action) => String(action).startsWith(`${service}:`)))
      .flatMap(({ Action, Resource: on }) =>
        listOf(on).flatMap((expression) =>
          listOf(Action).map((action) => [String(action), nameIn(expression, stack)] as const),
        ),
      )
      .sort();
  };
  const nameIn = (expression: unknown, stack = ''): string => {
    const joined = (expression as Properties)['Fn::Join']?.[1];
    if (joined !== undefined) return `${nameIn(joined[0], stack)}${joined.slice(1).join('')}`;
    return shortName(target(stack, expression));
  };
  const shortName = (resource: Resource | undefined): string => {
    const { TableName, QueueName, Name } = resource?.properties ?? {};
    return String(TableName ?? QueueName ?? Name).replace(`trunkline-${environment}-`, '');
  };

  test('no action has a wildcard', () => {
    const actions = statements.flatMap(({ Action }) => listOf(Action));

    expect(actions.filter((action) => String(action).includes('*'))).toEqual([]);
  });

  test('only traces, which know no resources, are allowed on everything', () => {
    const anywhere = statements.filter(({ Resource: on }) => listOf(on).includes('*'));

    expect(new Set(anywhere.flatMap(({ Action }) => listOf(Action)))).toEqual(
      new Set(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']),
    );
  });

  test('every function has a role of its own, without managed policies', () => {
    const roles = functions.map(({ stack, properties }) => target(stack, properties.Role));

    expect(new Set(roles).size).toBe(functions.length);
    expect(
      of('AWS::IAM::Role').filter(({ properties }) => properties.ManagedPolicyArns !== undefined),
    ).toEqual([]);
  });

  test('the webhook receiver may put into the inbox and into the consent of who says STOP, and nothing else', () => {
    expect(allowed('receive-webhook', 'dynamodb')).toEqual([
      ['dynamodb:PutItem', 'consent'],
      ['dynamodb:PutItem', 'inbox'],
    ]);
  });

  test('the webhook receiver and who talks to Twilio, nobody else, read secrets, each by its name', () => {
    const readers = functions
      .map(({ properties }) => properties.FunctionName.replace(`trunkline-${environment}-`, ''))
      .filter((name) =>
        statementsOf(name).some(({ Action }) => listOf(Action).includes('secretsmanager:GetSecretValue')),
      );
    const secrets = statements
      .filter(({ Action }) => Action === 'secretsmanager:GetSecretValue')
      .map(({ Resource: on }) => JSON.stringify(on));

    expect(readers.sort()).toEqual([
      'answer-call',
      'audit-ledger',
      'fan-out-batch',
      'handle-keyword',
      'keep-recordings',
      'poll-inbound-messages',
      'receive-webhook',
      'send-calls',
      'send-marketing',
      'send-otp',
      'send-transactional',
      'serve-consents',
      'serve-messages',
      'settle-calls',
      'settle-intent',
    ]);
    for (const arn of secrets) {
      expect(arn).toMatch(
        new RegExp(`secret:trunkline/${environment}/(twilio/AC[0-9a-f]{32}|contact-key)-\\?{6}"`),
      );
    }
  });

  test('readers of the timeline only query it, its writer only puts', () => {
    expect(allowed('serve-timeline', 'dynamodb')).toEqual([['dynamodb:Query', 'timeline']]);
    expect(allowed('record-timeline', 'dynamodb')).toEqual([['dynamodb:PutItem', 'timeline']]);
  });

  test('the poll reads and claims in the inbox, and touches no other table but the consent of who says STOP', () => {
    expect(allowed('poll-inbound-messages', 'dynamodb')).toEqual([
      ['dynamodb:GetItem', 'inbox'],
      ['dynamodb:PutItem', 'consent'],
      ['dynamodb:PutItem', 'inbox'],
    ]);
  });

  test('only the audit scans, and only messaging', () => {
    const scanning = statements.filter(({ Action }) => listOf(Action).includes('dynamodb:Scan'));

    expect(scanning).toHaveLength(1);
    expect(allowed('audit-ledger', 'dynamodb')).toContainEqual(['dynamodb:Scan', 'messaging']);
    expect(new Set(allowed('audit-ledger', 'dynamodb').map(([, table]) => table))).toEqual(
      new Set(['messaging']),
    );
  });

  test('consumers read the inbox and change messaging; nobody updates in place', () => {
    for (const consumer of ['handle-inbound-message', 'record-status', 'record-call-status']) {
      expect(allowed(consumer, 'dynamodb')).toEqual([
        ['dynamodb:ConditionCheckItem', 'messaging'],
        ['dynamodb:DeleteItem', 'messaging'],
        ['dynamodb:GetItem', 'inbox'],
        ['dynamodb:GetItem', 'messaging'],
        ['dynamodb:PutItem', 'messaging'],
      ]);
    }
    expect(JSON.stringify(statements)).not.toMatch(/dynamodb:(UpdateItem|BatchWriteItem)/);
  });

  test('operators change messaging and query its due-index; they reach no secret, queue or other table', () => {
    expect(allowed('serve-operations', 'dynamodb')).toEqual([
      ['dynamodb:ConditionCheckItem', 'messaging'],
      ['dynamodb:DeleteItem', 'messaging'],
      ['dynamodb:GetItem', 'messaging'],
      ['dynamodb:PutItem', 'messaging'],
      ['dynamodb:Query', 'messaging/index/due'],
    ]);
    expect(allowed('serve-operations', 'sqs')).toEqual([]);
    expect(allowed('serve-operations', 'secretsmanager')).toEqual([]);
  });

  test('the minute tick queries the due-index and no other part of the table', () => {
    expect(allowed('dispatch-due', 'dynamodb').filter(([action]) => action === 'dynamodb:Query')).toEqual([
      ['dynamodb:Query', 'messaging/index/due'],
    ]);
  });

  test('only the publisher puts events; it sends to the send queues and the queue of what it gave up', () => {
    const publishers = statements.filter(({ Action }) => listOf(Action).includes('events:PutEvents'));

    expect(publishers).toHaveLength(1);
    expect(allowed('publish-events', 'sqs')).toEqual([
      ['sqs:SendMessage', 'publish-failed'],
      ['sqs:SendMessage', 'send-calls'],
      ['sqs:SendMessage', 'send-marketing'],
      ['sqs:SendMessage', 'send-otp'],
      ['sqs:SendMessage', 'send-transactional'],
      ['sqs:SendMessage', 'settlement'],
    ]);
  });

  test('a key is used only by way of the service that keeps the data', () => {
    const uses = statements.filter(({ Action }) =>
      listOf(Action).some((action) => String(action).startsWith('kms:')),
    );
    // Lambda's own poller decrypts queue messages under the function's role.
    const direct = uses.filter(({ Condition }) => Condition === undefined);

    expect(uses.length).toBeGreaterThan(functions.length - 2);
    expect(new Set(direct.flatMap(({ Action }) => listOf(Action)))).toEqual(new Set(['kms:Decrypt']));
  });

  test('keys rotate', () => {
    expect(of('AWS::KMS::Key').map(({ properties }) => properties.EnableKeyRotation)).toEqual([true, true]);
  });
});
