import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { forEveryTable, type TableName } from '../../functions/shared/contract/tables.ts';
import { recordingPolicy } from '../config/recording-policy.ts';
import { ContactKeySecret } from '../constructs/contact-key-secret.ts';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { RecordingsBucket } from '../constructs/recordings-bucket.ts';
import { SubjectTable } from '../constructs/subject-table.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import { TrunklineStack } from './trunkline-stack.ts';

const TABLE_IMPACT = {
  inbox: 'Webhooks cannot be acknowledged; Twilio retries for 15 seconds at most and then gives up.',
  messaging: 'Messages are neither taken nor sent, and statuses wait in their queue.',
  voice: 'Calls hear an apology and are handed to the fallback number.',
  consent:
    'Nothing is sent, for nobody can tell who opted out; a STOP is not acknowledged, and Twilio tries again.',
  timeline: 'Support cannot see what happened to a message; sending and receiving go on.',
} as const satisfies Record<TableName, string>;

/** What must survive every other stack: customer keys, tables, the bus. */
export class StateStack extends TrunklineStack {
  /** Encrypts tables, bus, queues, topics and the secrets of accounts. */
  readonly dataKey: Key;
  /** Encrypts log groups; apart, because the log service may use it. */
  readonly logKey: Key;
  readonly tables: Readonly<Record<TableName, SubjectTable>>;
  readonly eventBus: EventBus;
  readonly recordings: RecordingsBucket;
  readonly contactKey: ContactKeySecret;

  constructor(scope: Construct, deployment: Deployment) {
    super(scope, { subject: 'state', deployment });
    this.dataKey = this.createKey(deployment, 'data', 'Tables, bus, queues, topics and account secrets');
    this.logKey = this.createKey(deployment, 'logs', 'Log groups');
    this.admitServices(deployment);
    this.tables = this.createTables(deployment);
    this.eventBus = this.createEventBus(deployment);
    this.recordings = new RecordingsBucket(this, 'Recordings', {
      deployment,
      policy: recordingPolicy(),
      key: this.dataKey,
    });
    this.contactKey = new ContactKeySecret(this, 'ContactKey', { deployment, key: this.dataKey });
    this.createOutputs();
  }

  private createKey(deployment: Deployment, name: string, description: string): Key {
    const { retainOnDelete } = deployment.environment.configuration.protection;
    return new Key(this, `${name === 'data' ? 'Data' : 'Log'}Key`, {
      alias: `alias/${resourceName(deployment, name)}`,
      description: `${description} of Trunkline, ${deployment.environment.name}`,
      enableKeyRotation: true,
      removalPolicy: retainOnDelete ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Services act for us without a role of ours: the key admits them by name, for resources of this deployment only. */
  private admitServices(deployment: Deployment): void {
    this.dataKey.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DeliverToEncryptedQueuesAndTopics',
        principals: [
          new ServicePrincipal('events.amazonaws.com'),
          new ServicePrincipal('cloudwatch.amazonaws.com'),
        ],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    this.logKey.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EncryptLogGroups',
        principals: [new ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:GenerateDataKey',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': this.formatArn({
              service: 'logs',
              resource: `log-group:/aws/*/${resourceName(deployment, '*')}`,
            }),
          },
        },
      }),
    );
  }

  private createTables(deployment: Deployment): Readonly<Record<TableName, SubjectTable>> {
    const create = (table: TableName): SubjectTable =>
      new SubjectTable(this, `Table-${table}`, {
        deployment,
        table,
        key: this.dataKey,
        failureImpact: TABLE_IMPACT[table],
      });
    return forEveryTable(create);
  }

  private createEventBus(deployment: Deployment): EventBus {
    const deadLetterQueue = new DeadLetterQueue(this, 'EventBusDeadLetterQueue', {
      deployment,
      name: 'events-dlq',
      key: this.dataKey,
      failureImpact: 'The bus could not encrypt or route an event; its consumers have not seen it.',
      severity: 'page',
    });
    const eventBus = new EventBus(this, 'EventBus', {
      eventBusName: resourceName(deployment, 'events'),
      description: `Events of Trunkline, ${deployment.environment.name}; ids and references only`,
      kmsKey: this.dataKey,
      deadLetterQueue,
    });
    deadLetterQueue.admitEventBridge(eventBus.eventBusArn);
    return eventBus;
  }

  private createOutputs(): void {
    new CfnOutput(this, 'EventBusName', { value: this.eventBus.eventBusName });
    new CfnOutput(this, 'DataKeyArn', { value: this.dataKey.keyArn });
  }
}
