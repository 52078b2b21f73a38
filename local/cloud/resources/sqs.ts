import * as z from 'zod';
import { queueUrl } from '../engines/queue-engine.ts';
import { localArn } from '../platform.ts';
import { REASONS } from './reasons.ts';
import {
  boolean,
  generatedName,
  ignored,
  inertKind,
  number,
  type ResourceKind,
  resourceKind,
} from './resource-kind.ts';

const redrive = z.union([
  z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: number }),
  z.string().transform((json): unknown => JSON.parse(json)),
]);

const queue = resourceKind(
  'AWS::SQS::Queue',
  {
    QueueName: z.string().optional(),
    // Defaults are sent too, so that a property taken out of the template falls back in a queue that is kept.
    VisibilityTimeout: number.default(30),
    MessageRetentionPeriod: number.default(345_600),
    DelaySeconds: number.default(0),
    ReceiveMessageWaitTimeSeconds: number.default(0),
    MaximumMessageSize: number.default(1_048_576),
    RedrivePolicy: redrive.optional(),
    FifoQueue: boolean.optional(),
    ContentBasedDeduplication: boolean.optional(),
    DeduplicationScope: ignored(REASONS.queueFifoDetails),
    FifoThroughputLimit: ignored(REASONS.queueFifoDetails),
    RedriveAllowPolicy: ignored(REASONS.permissions),
    KmsMasterKeyId: ignored(REASONS.encryption),
    KmsDataKeyReusePeriodSeconds: ignored(REASONS.encryption),
    SqsManagedSseEnabled: ignored(REASONS.encryption),
    Tags: ignored(REASONS.tags),
  },
  async (properties, declared, platform) => {
    const isFifo = properties.FifoQueue === true;
    const name = properties.QueueName ?? `${generatedName(declared, 75)}${isFifo ? '.fifo' : ''}`;
    const { RedrivePolicy, ContentBasedDeduplication, VisibilityTimeout, MessageRetentionPeriod } =
      properties;
    await platform.queues.ensureQueue(name, {
      VisibilityTimeout: String(VisibilityTimeout),
      MessageRetentionPeriod: String(MessageRetentionPeriod),
      DelaySeconds: String(properties.DelaySeconds),
      ReceiveMessageWaitTimeSeconds: String(properties.ReceiveMessageWaitTimeSeconds),
      MaximumMessageSize: String(properties.MaximumMessageSize),
      ...(RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
      ...(isFifo
        ? { FifoQueue: 'true', ContentBasedDeduplication: String(ContentBasedDeduplication ?? false) }
        : {}),
    });
    platform.plan.queueNames.push(name);
    const QueueUrl = queueUrl(platform.endpoints.sqs, name);
    return { ref: QueueUrl, attributes: { Arn: localArn(platform, 'sqs', name), QueueName: name, QueueUrl } };
  },
);

export const SQS_KINDS: readonly ResourceKind[] = [
  queue,
  inertKind('AWS::SQS::QueuePolicy', REASONS.permissions, ['PolicyDocument', 'Queues']),
  inertKind('AWS::SQS::QueueInlinePolicy', REASONS.permissions, ['PolicyDocument', 'Queue']),
];
