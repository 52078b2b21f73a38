import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import type { Severity } from '../monitoring/alarm-registry.ts';
import { deadLettersAlarm } from '../monitoring/alarms.ts';

export interface DeadLetterQueueProps {
  readonly deployment: Deployment;
  /** Part of the physical name, ending included: `sms-dlq`. */
  readonly name: string;
  readonly key: IKey;
  readonly failureImpact: string;
  readonly severity: Severity;
}

/** Keeps what could not be handled for 14 days (SQS's limit), encrypted, over TLS only, with an alarm on the first message. */
export class DeadLetterQueue extends Queue {
  constructor(
    scope: Construct,
    id: string,
    { deployment, name, key, failureImpact, severity }: DeadLetterQueueProps,
  ) {
    const queueName = resourceName(deployment, name);
    super(scope, id, {
      queueName,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this, 'lastQueue');
    deployment.alarms.add(
      deadLettersAlarm({
        environment: deployment.environment,
        queueName,
        subject: name,
        failureImpact,
        severity,
      }),
    );
  }

  /** EventBridge may set aside here what it could not deliver from this bus or by this rule. */
  admitEventBridge(sourceArn: string): void {
    this.addToResourcePolicy(deliveryTo(this, sourceArn));
  }
}

/** Lets EventBridge send to a queue, on behalf of one bus or rule. */
export const deliveryTo = (queue: Queue, sourceArn: string): PolicyStatement =>
  new PolicyStatement({
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': sourceArn } },
  });
