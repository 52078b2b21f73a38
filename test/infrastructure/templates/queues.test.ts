import { describe, expect, test } from '@jest/globals';
import { CONSUMERS } from '../../../functions/shared/contract/consumers.ts';
import { ENVIRONMENTS, type Resource, synthesized } from './synthesized.ts';

/** One of each consumer, of each of the three pools, and the one of intents that Twilio is asked about. */
const QUEUES = Object.keys(CONSUMERS).length + 5;

describe.each(ENVIRONMENTS)('queues of %s', (environment) => {
  const { of, target } = synthesized(environment);
  const queues = of('AWS::SQS::Queue');
  const nameOf = (queue: Resource | undefined): string => queue?.properties.QueueName ?? 'unknown';
  const isEnd = (queue: Resource): boolean => /-(dlq|publish-failed)$/.test(nameOf(queue));
  const sources = of('AWS::Lambda::EventSourceMapping').filter(
    ({ stack, properties }) => target(stack, properties.EventSourceArn)?.type === 'AWS::SQS::Queue',
  );

  test('every queue redrives into a dead-letter queue of its own, or is one', () => {
    const working = queues.filter((queue) => !isEnd(queue));
    const ends = working.map(({ stack, properties }) =>
      nameOf(target(stack, properties.RedrivePolicy?.deadLetterTargetArn)),
    );

    expect(working).toHaveLength(QUEUES);
    expect(ends).toEqual(working.map((queue) => `${nameOf(queue)}-dlq`));
    expect(working.map(({ properties }) => properties.RedrivePolicy.maxReceiveCount)).toEqual(
      working.map(() => 5),
    );
  });

  test('a dead letter is kept for 14 days, longer than any message of a working queue', () => {
    for (const queue of queues) {
      const kept: number = queue.properties.MessageRetentionPeriod;
      if (isEnd(queue)) expect([nameOf(queue), kept]).toEqual([nameOf(queue), 1_209_600]);
      else expect(kept).toBeLessThan(1_209_600);
    }
  });

  test('the first message of a dead-letter queue alarms', () => {
    const alarmed = of('AWS::CloudWatch::Alarm')
      .filter(
        ({ properties }) =>
          properties.MetricName === 'ApproximateNumberOfMessagesVisible' && properties.Threshold === 1,
      )
      .map(({ properties }) => properties.Dimensions[0].Value);

    expect(alarmed.sort()).toEqual(queues.filter(isEnd).map(nameOf).sort());
  });

  test('the age of every working queue alarms', () => {
    const alarmed = of('AWS::CloudWatch::Alarm')
      .filter(({ properties }) => properties.MetricName === 'ApproximateAgeOfOldestMessage')
      .map(({ properties }) => properties.Dimensions[0].Value);

    expect(alarmed.sort()).toEqual(
      queues
        .filter((queue) => !isEnd(queue))
        .map(nameOf)
        .sort(),
    );
  });

  test('every queue is encrypted with the customer key and refuses plain http', () => {
    const policies = of('AWS::SQS::QueuePolicy');
    for (const queue of queues) {
      const key = target(queue.stack, queue.properties.KmsMasterKeyId);
      const policy = policies.find(({ stack, properties }) => target(stack, properties.Queues[0]) === queue);
      expect([nameOf(queue), key?.type]).toEqual([nameOf(queue), 'AWS::KMS::Key']);
      expect(policy?.properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  test('a message stays hidden for at least six times the time-out of its worker', () => {
    expect(sources).toHaveLength(QUEUES);
    for (const { stack, properties } of sources) {
      const queue = target(stack, properties.EventSourceArn);
      const worker = target(stack, properties.FunctionName);
      expect(queue?.properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * worker?.properties.Timeout);
    }
  });

  test('workers answer for each record and have a bounded share of concurrency', () => {
    for (const { properties } of sources) {
      expect(properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(properties.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
    }
  });

  test('send queues take one record a batch, hide it for 120 s and are served by a function each', () => {
    const sends = sources.filter(({ stack, properties }) =>
      nameOf(target(stack, properties.EventSourceArn)).includes('-send-'),
    );
    const functions = sends.map(({ stack, properties }) => target(stack, properties.FunctionName));

    expect(sends.map(({ properties }) => properties.BatchSize)).toEqual([1, 1, 1, 1]);
    expect(new Set(functions).size).toBe(4);
    for (const { stack, properties } of sends) {
      expect(target(stack, properties.EventSourceArn)?.properties.VisibilityTimeout).toBe(120);
      expect(target(stack, properties.FunctionName)?.properties.Timeout).toBe(20);
    }
  });
});
