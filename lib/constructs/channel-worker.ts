import { Duration } from 'aws-cdk-lib';
import { type EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Consumer } from '../../functions/shared/contract/consumers.ts';
import { EVENT_SOURCE } from '../../functions/shared/contract/events.ts';
import type { FunctionEntryName } from '../bundles/function-entries.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import type { Severity } from '../monitoring/alarm-registry.ts';
import { queueAgeAlarm, ruleFailuresAlarm } from '../monitoring/alarms.ts';
import { DeadLetterQueue, deliveryTo } from './dead-letter-queue.ts';
import { TrunklineFunction } from './trunkline-function.ts';

export interface ChannelWorkerProps {
  readonly deployment: Deployment;
  /** Names the queue, its dead-letter queue, its rule and its alarms. */
  readonly name: string;
  readonly entry: FunctionEntryName;
  /** Part of the function's physical name. @default the entry's name */
  readonly functionName?: string;
  /** What it costs the user when this worker stands still. */
  readonly failureImpact: string;
  /** @default 'page' */
  readonly severity?: Severity;
  readonly timeoutSeconds: number;
  /** Records a batch; each is answered for by itself. */
  readonly batchSize: number;
  /** Batches in flight at most. */
  readonly maximumConcurrency: number;
  /** Age of the oldest message that alarms. @default 300 */
  readonly maximumAgeSeconds?: number;
  readonly key: IKey;
  readonly logKey: IKey;
  /** Events of the bus that fill the queue. @default none: something else sends to it */
  readonly subscription?: { readonly eventBus: EventBus; readonly consumer: Consumer };
  readonly environment?: Readonly<Record<string, string>>;
}

/** AWS's rule for SQS event sources: a message stays hidden for six times the function's time-out. */
const VISIBILITY_FACTOR = 6;
const MAXIMUM_RECEIVES = 5;

/**
 * One worker behind one queue. Guarantees: nothing is lost (redrive into a dead-letter queue kept for 14 days,
 * undeliverable events included), one bad record does not hold up its batch, the worker never exceeds its share of
 * concurrency, and a standstill alarms with what it costs.
 */
export class ChannelWorker extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly worker: TrunklineFunction;

  constructor(scope: Construct, id: string, props: ChannelWorkerProps) {
    super(scope, id);
    this.deadLetterQueue = this.createDeadLetterQueue(props);
    this.queue = this.createQueue(props);
    this.worker = this.createWorker(props);
    this.feedWorker(props);
    if (props.subscription !== undefined) this.subscribe(props, props.subscription);
    this.registerAlarms(props);
    acknowledge(this.worker, 'queueRedrives');
  }

  private createDeadLetterQueue({
    deployment,
    name,
    key,
    failureImpact,
    severity = 'page',
  }: ChannelWorkerProps) {
    return new DeadLetterQueue(this, 'DeadLetterQueue', {
      deployment,
      name: `${name}-dlq`,
      key,
      failureImpact,
      severity,
    });
  }

  private createQueue({ deployment, name, key, timeoutSeconds }: ChannelWorkerProps): Queue {
    return new Queue(this, 'Queue', {
      queueName: resourceName(deployment, name),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * timeoutSeconds),
      // Shorter than the dead-letter queue's: a message keeps the age it was sent with.
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAXIMUM_RECEIVES },
    });
  }

  private createWorker(props: ChannelWorkerProps): TrunklineFunction {
    return new TrunklineFunction(this, 'Worker', {
      deployment: props.deployment,
      entry: props.entry,
      failureImpact: props.failureImpact,
      timeoutSeconds: props.timeoutSeconds,
      logKey: props.logKey,
      ...(props.functionName === undefined ? {} : { name: props.functionName }),
      ...(props.severity === undefined ? {} : { severity: props.severity }),
      ...(props.environment === undefined ? {} : { environment: props.environment }),
    });
  }

  private feedWorker({ batchSize, maximumConcurrency }: ChannelWorkerProps): void {
    this.worker.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        maxConcurrency: maximumConcurrency,
        reportBatchItemFailures: true,
      }),
    );
  }

  private subscribe(
    { deployment, name }: ChannelWorkerProps,
    subscription: NonNullable<ChannelWorkerProps['subscription']>,
  ) {
    const { eventBus, consumer } = subscription;
    const rule = new Rule(this, 'Rule', {
      ruleName: resourceName(deployment, name),
      description: `Events of the bus for the consumer ${name}`,
      eventBus,
      eventPattern: {
        source: [EVENT_SOURCE],
        detailType:
          consumer.exceptFor === undefined ? [...consumer.events] : Match.anythingBut(...consumer.exceptFor),
        ...detailOf(consumer),
      },
      targets: [
        {
          bind: () => ({
            arn: this.queue.queueArn,
            deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
            retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
            targetResource: this.queue,
          }),
        },
      ],
    });
    // The key's own policy admits EventBridge; the library's queue target would tie key and rule into a cycle of stacks.
    this.queue.addToResourcePolicy(deliveryTo(this.queue, rule.ruleArn));
    this.deadLetterQueue.admitEventBridge(rule.ruleArn);
  }

  private registerAlarms({
    deployment,
    name,
    failureImpact,
    severity = 'page',
    ...props
  }: ChannelWorkerProps): void {
    const { environment } = deployment;
    const about = { environment, subject: name, failureImpact, severity };
    const queueName = resourceName(deployment, name);
    deployment.alarms.add(
      queueAgeAlarm({ ...about, queueName, maximumAgeSeconds: props.maximumAgeSeconds ?? 300 }),
    );
    if (props.subscription === undefined) return;
    const eventBusName = resourceName(deployment, 'events');
    deployment.alarms.add(ruleFailuresAlarm({ ...about, eventBusName, ruleName: queueName }));
  }
}

/** Fields of an event's data that a consumer restricts itself to. */
const detailOf = ({ channels, keywords }: Consumer): { readonly detail?: { readonly data: object } } => {
  const data = {
    ...(channels === undefined ? {} : { channel: [...channels] }),
    ...(keywords === undefined ? {} : { keyword: [...keywords] }),
  };
  return Object.keys(data).length === 0 ? {} : { detail: { data } };
};
