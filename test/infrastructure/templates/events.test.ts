import { describe, expect, test } from '@jest/globals';
import { CONSUMERS, type Consumer } from '../../../functions/shared/contract/consumers.ts';
import { TABLES, type TableShape } from '../../../functions/shared/contract/tables.ts';
import { ENVIRONMENTS, synthesized } from './synthesized.ts';

describe.each(ENVIRONMENTS)('events of %s', (environment) => {
  const { of, target } = synthesized(environment);
  const rules = of('AWS::Events::Rule');
  const streams = of('AWS::Lambda::EventSourceMapping').filter(
    ({ stack, properties }) => target(stack, properties.EventSourceArn)?.type === 'AWS::DynamoDB::Table',
  );

  test.each(Object.entries<Consumer>(CONSUMERS))(
    'the consumer %s gets exactly its events',
    (name, consumer) => {
      const rule = rules.find(({ properties }) => properties.Name === `trunkline-${environment}-${name}`);
      const queue = target(rule?.stack ?? '', rule?.properties.Targets[0].Arn);

      expect(rule?.properties.EventPattern).toEqual({
        source: ['trunkline'],
        'detail-type':
          consumer.exceptFor === undefined ? consumer.events : [{ 'anything-but': consumer.exceptFor }],
        ...(consumer.channels === undefined ? {} : { detail: { data: { channel: consumer.channels } } }),
        ...(consumer.keywords === undefined ? {} : { detail: { data: { keyword: consumer.keywords } } }),
      });
      expect(queue?.properties.QueueName).toBe(`trunkline-${environment}-${name}`);
    },
  );

  test('every rule is on the own bus, and each target has a dead-letter queue', () => {
    expect(rules).toHaveLength(Object.keys(CONSUMERS).length);
    for (const { stack, properties } of rules) {
      expect(target(stack, properties.EventBusName)?.type).toBe('AWS::Events::EventBus');
      for (const { DeadLetterConfig } of properties.Targets) {
        expect(target(stack, DeadLetterConfig.Arn)?.properties.QueueName).toMatch(/-dlq$/);
      }
    }
  });

  test('EventBridge may send to every queue that a rule or the bus names', () => {
    const admitted = of('AWS::SQS::QueuePolicy')
      .filter(({ properties }) => JSON.stringify(properties).includes('events.amazonaws.com'))
      .map(({ stack, properties }) => target(stack, properties.Queues[0])?.properties.QueueName)
      .map((name) => name.replace(`trunkline-${environment}-`, ''));

    expect(admitted.sort()).toEqual(
      ['events-dlq', ...Object.keys(CONSUMERS).flatMap((name) => [name, `${name}-dlq`])].sort(),
    );
  });

  test('the bus is encrypted with the customer key and keeps what it could not route', () => {
    const [bus] = of('AWS::Events::EventBus');

    expect(target(bus?.stack ?? '', bus?.properties.KmsKeyIdentifier)?.type).toBe('AWS::KMS::Key');
    expect(target(bus?.stack ?? '', bus?.properties.DeadLetterConfig.Arn)?.properties.QueueName).toBe(
      `trunkline-${environment}-events-dlq`,
    );
  });

  test('every stream is read from its oldest record, splits failing batches and sets the rest aside', () => {
    expect(
      streams
        .map(({ stack, properties }) => target(stack, properties.EventSourceArn)?.properties.TableName)
        .sort(),
    ).toEqual(
      Object.entries<TableShape>(TABLES)
        .filter(([, { outbox }]) => outbox)
        .map(([name]) => `trunkline-${environment}-${name}`)
        .sort(),
    );
    for (const { stack, properties } of streams) {
      expect(properties).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRecordAgeInSeconds: 82_800,
      });
      const destination = target(stack, properties.DestinationConfig.OnFailure.Destination);
      expect(destination?.properties.QueueName).toBe(`trunkline-${environment}-publish-failed`);
    }
  });

  test('only inserted and changed images with an outbox invoke the publisher', () => {
    for (const { properties } of streams) {
      const patterns = properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) =>
        JSON.parse(Pattern),
      );
      expect(patterns).toEqual([
        {
          eventName: ['INSERT', 'MODIFY'],
          dynamodb: { NewImage: { outbox: { L: { M: { kind: { S: [{ exists: true }] } } } } } },
        },
        { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { outboxAt: { S: [{ exists: true }] } } } },
      ]);
    }
  });

  test('the minute tick invokes dispatch-due, keeps failed ticks and alarms when it falls silent', () => {
    const schedule = of('AWS::Scheduler::Schedule').find(({ properties }) =>
      properties.Name.endsWith('-dispatch-due'),
    );
    const { ScheduleExpression, Target } = schedule?.properties ?? {};
    const silence = of('AWS::CloudWatch::Alarm').find(({ properties }) =>
      properties.AlarmName.endsWith('due-tick-missing-dispatch-due'),
    );

    expect(ScheduleExpression).toBe('rate(1 minute)');
    expect(target(schedule?.stack ?? '', Target.Arn)?.properties.FunctionName).toBe(
      `trunkline-${environment}-dispatch-due`,
    );
    expect(target(schedule?.stack ?? '', Target.DeadLetterConfig.Arn)?.properties.QueueName).toBe(
      `trunkline-${environment}-dispatch-due-dlq`,
    );
    expect(silence?.properties).toMatchObject({
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 5,
      Period: 60,
      TreatMissingData: 'breaching',
    });
  });

  test.each([
    ['poll-inbound-messages', 'rate(5 minutes)', 300],
    ['audit-ledger', 'cron(0/15 3-5 * * ? *)', 900],
  ])(
    '%s runs by %s, ends before it runs again, and keeps failed invocations',
    (name, expression, seconds) => {
      const schedule = of('AWS::Scheduler::Schedule').find(
        ({ properties }) => properties.Name === `trunkline-${environment}-${name}`,
      );
      const invoked = target(schedule?.stack ?? '', schedule?.properties.Target.Arn);
      const queueOf = (arn: unknown) => target(schedule?.stack ?? '', arn)?.properties.QueueName;

      expect(schedule?.properties.ScheduleExpression).toBe(expression);
      expect(invoked?.properties.FunctionName).toBe(`trunkline-${environment}-${name}`);
      expect(invoked?.properties.Timeout).toBeLessThan(seconds);
      expect(queueOf(schedule?.properties.Target.DeadLetterConfig.Arn)).toBe(
        `trunkline-${environment}-${name}-dlq`,
      );
      expect(queueOf(invoked?.properties.DeadLetterConfig.TargetArn)).toBe(
        `trunkline-${environment}-${name}-dlq`,
      );
    },
  );
});
