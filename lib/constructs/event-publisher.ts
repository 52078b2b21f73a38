import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/shared/contract/environment.ts';
import type { Deployment } from '../deployment.ts';
import { streamAgeAlarm } from '../monitoring/alarms.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { keyAccess } from './key-access.ts';
import type { SubjectTable } from './subject-table.ts';
import { TrunklineFunction } from './trunkline-function.ts';

export interface EventPublisherProps {
  readonly deployment: Deployment;
  readonly eventBus: EventBus;
  /** Tables whose items carry an outbox. */
  readonly tables: readonly SubjectTable[];
  /** Send queue by pool name. */
  readonly sendQueues: Readonly<Record<string, Queue>>;
  readonly key: IKey;
  readonly logKey: IKey;
}

/** Streams forget after 24 h; what is nearly lost is set aside an hour before, with its place in the stream. */
const MAXIMUM_RECORD_AGE = Duration.hours(23);

const IMPACT =
  'Events of committed changes do not reach the bus or the send queues: replies, sends and timelines stand still, nothing is lost for 24 hours.';

/**
 * The only way from a table to the bus and to the send queues. Guarantees: begins at the oldest record, is invoked for
 * images with an outbox only (never for TTL removals), retries until accepted, splits a failing batch, and sets aside
 * what it cannot publish instead of letting others wait behind it.
 */
export class EventPublisher extends Construct {
  readonly publisher: TrunklineFunction;
  readonly publishFailedQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: EventPublisherProps) {
    super(scope, id);
    this.publishFailedQueue = this.createPublishFailedQueue(props);
    this.publisher = this.createPublisher(props);
    this.grantPublishing(props);
    for (const table of props.tables) this.readStream(table);
    this.registerAlarms(props.deployment);
  }

  private createPublishFailedQueue({ deployment, key }: EventPublisherProps): DeadLetterQueue {
    return new DeadLetterQueue(this, 'PublishFailedQueue', {
      deployment,
      name: 'publish-failed',
      key,
      failureImpact:
        'Events of the listed items were given up: their replies, sends or timeline rows are missing until republished.',
      severity: 'page',
    });
  }

  private createPublisher({
    deployment,
    eventBus,
    sendQueues,
    logKey,
  }: EventPublisherProps): TrunklineFunction {
    const urls = Object.entries(sendQueues).map(([pool, queue]) => [pool, queue.queueUrl] as const);
    return new TrunklineFunction(this, 'Function', {
      deployment,
      entry: 'publish-events',
      failureImpact: IMPACT,
      timeoutSeconds: 30,
      memoryMegabytes: 512,
      logKey,
      environment: {
        [ENVIRONMENT.eventBusName]: eventBus.eventBusName,
        [ENVIRONMENT.sendQueueUrls]: JSON.stringify(Object.fromEntries(urls)),
        [ENVIRONMENT.publishFailedQueueUrl]: this.publishFailedQueue.queueUrl,
      },
    });
  }

  private grantPublishing({ eventBus, sendQueues, key }: EventPublisherProps): void {
    this.publisher.allow(['events:PutEvents'], [eventBus.eventBusArn]);
    this.publisher.role.addToPrincipalPolicy(
      keyAccess(this, key, 'events', ['kms:GenerateDataKey', 'kms:Decrypt']),
    );
    for (const queue of [...Object.values(sendQueues), this.publishFailedQueue])
      this.publisher.bindQueue(queue, key);
  }

  private readStream({ name, table, key }: SubjectTable): void {
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error(`the table ${name} has no stream`);
    this.publisher.allow(
      ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      [streamArn],
    );
    this.publisher.role.addToPrincipalPolicy(keyAccess(this, key, 'dynamodb', ['kms:Decrypt']));
    const mapping = this.publisher.function.addEventSourceMapping(`Stream-${name}`, {
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      maxRecordAge: MAXIMUM_RECORD_AGE,
      // The permission is granted above; the library's own would add wildcard actions on the key.
      onFailure: { bind: () => ({ destination: this.publishFailedQueue.queueArn }) },
      filters: [...IMAGES_WITH_OUTBOX],
    });
    mapping.node.addDependency(this.publisher.role);
  }

  private registerAlarms({ alarms, environment }: Deployment): void {
    const about = { environment, functionName: this.publisher.functionName, failureImpact: IMPACT };
    alarms.add(
      streamAgeAlarm({ ...about, subject: 'delayed', severity: 'ticket', maximumAgeSeconds: 300 }),
      streamAgeAlarm({ ...about, subject: 'stuck', severity: 'page', maximumAgeSeconds: 3600 }),
    );
  }
}

const changed = (image: Readonly<Record<string, unknown>>): { [key: string]: unknown } =>
  FilterCriteria.filter({
    eventName: FilterRule.or('INSERT', 'MODIFY'),
    dynamodb: { NewImage: image },
  });

/** Two marks of one fact, either is enough: a filter that missed an outbox would lose its events. */
const IMAGES_WITH_OUTBOX = [
  changed({ outbox: { L: { M: { kind: { S: FilterRule.exists() } } } } }),
  changed({ outboxAt: { S: FilterRule.exists() } }),
] as const;
