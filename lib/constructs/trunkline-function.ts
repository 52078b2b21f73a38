import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT, tableEnvironmentName } from '../../functions/shared/contract/environment.ts';
import { METRIC_NAMESPACE } from '../../functions/shared/contract/metrics.ts';
import { FUNCTION_ENTRIES, type FunctionEntryName } from '../bundles/function-entries.ts';
import { acknowledge, acknowledgeObjectsOf } from '../checks/acknowledge.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import type { Severity } from '../monitoring/alarm-registry.ts';
import { functionErrorsAlarm, functionThrottlesAlarm } from '../monitoring/alarms.ts';
import type { ContactKeySecret } from './contact-key-secret.ts';
import { keyAccess } from './key-access.ts';
import type { RecordingsBucket } from './recordings-bucket.ts';
import type { SubjectTable } from './subject-table.ts';

export interface TrunklineFunctionProps {
  readonly deployment: Deployment;
  readonly entry: FunctionEntryName;
  /** Part of the physical name. @default the entry's name */
  readonly name?: string;
  /** What its failure costs the user; stands in its alarms. */
  readonly failureImpact: string;
  /** @default 'page' */
  readonly severity?: Severity;
  readonly timeoutSeconds: number;
  /** @default 256 */
  readonly memoryMegabytes?: number;
  /** @default none: the account's pool */
  readonly reservedConcurrency?: number;
  /** Encrypts the log group. */
  readonly logKey: IKey;
  /** Takes asynchronous invocations that failed. @default none: the function is invoked synchronously */
  readonly deadLetterQueue?: IQueue;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * DynamoDB actions by what a function does with a table; a transaction is authorised by its single actions. No
 * function updates in place (items are written whole, under their version); only the daily audit scans.
 */
const TABLE_ACTIONS = {
  put: ['dynamodb:PutItem'],
  get: ['dynamodb:GetItem'],
  query: ['dynamodb:Query'],
  scan: ['dynamodb:Scan'],
  change: ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
} as const;
export type TableUse = keyof typeof TABLE_ACTIONS;

/**
 * A Lambda function of the house: nodejs24.x on arm64 from its bundle, a role of its own that may write its own log
 * and nothing else until something is bound, a log group with retention and key, traces, and alarms that say what a
 * failure costs.
 */
export class TrunklineFunction extends Construct {
  readonly function: LambdaFunction;
  readonly functionName: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: TrunklineFunctionProps) {
    super(scope, id);
    this.functionName = resourceName(props.deployment, props.name ?? props.entry);
    const logGroup = this.createLogGroup(props);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = this.createFunction(props, logGroup);
    this.registerAlarms(props);
    acknowledge(this, 'tracing', 'generatedPolicy', 'noNetworkOfOurs');
    if (props.reservedConcurrency === undefined) acknowledge(this, 'sharedConcurrency');
    acknowledge(this, props.deadLetterQueue === undefined ? 'answeredSynchronously' : 'deadLettersOfTick');
  }

  /** The table's name in the environment and the permission in the role, in one step. */
  bindTable(table: SubjectTable, ...uses: readonly TableUse[]): this {
    this.function.addEnvironment(tableEnvironmentName(table.name), table.tableName);
    const actions = new Set(uses.flatMap((use) => TABLE_ACTIONS[use]));
    this.allow([...actions], [table.table.tableArn]);
    this.role.addToPrincipalPolicy(
      keyAccess(this, table.key, 'dynamodb', [
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:DescribeKey',
      ]),
    );
    return this;
  }

  /** Query on one index of a bound table, and on nothing else. */
  bindIndex(table: SubjectTable, index: string): this {
    this.allow(['dynamodb:Query'], [`${table.table.tableArn}/index/${index}`]);
    return this;
  }

  /** The secrets of the served accounts, by name, and the prefix under which the function finds them. */
  bindAccountSecrets(deployment: Deployment, key: IKey): this {
    const { accounts, secretPrefix } = deployment.environment.configuration.twilio;
    this.function.addEnvironment(ENVIRONMENT.accountSids, accounts.join(','));
    this.function.addEnvironment(ENVIRONMENT.accountSecretPrefix, secretPrefix);
    const secretArn = (account: string): string =>
      // Secrets Manager ends an ARN with six characters of its own choice.
      Stack.of(this).formatArn({
        service: 'secretsmanager',
        resource: `secret:${secretPrefix}${account}-??????`,
      });
    this.allow(['secretsmanager:GetSecretValue'], accounts.map(secretArn));
    this.role.addToPrincipalPolicy(keyAccess(this, key, 'secretsmanager', ['kms:Decrypt']));
    return this;
  }

  /** The key of addresses' hashes, under its name. */
  bindContactKey({ secretName, key }: ContactKeySecret): this {
    this.function.addEnvironment(ENVIRONMENT.contactKeySecret, secretName);
    const resource = `secret:${secretName}-??????`;
    const arn = Stack.of(this).formatArn({ service: 'secretsmanager', resource });
    this.allow(['secretsmanager:GetSecretValue'], [arn]);
    this.role.addToPrincipalPolicy(keyAccess(this, key, 'secretsmanager', ['kms:Decrypt']));
    return this;
  }

  /** Sending to a queue that the customer key encrypts. */
  bindQueue(queue: IQueue, key: IKey): this {
    this.allow(['sqs:SendMessage'], [queue.queueArn]);
    this.role.addToPrincipalPolicy(keyAccess(this, key, 'sqs', ['kms:GenerateDataKey', 'kms:Decrypt']));
    return this;
  }

  /** Writing, reading back and deleting objects of a bucket that the customer key encrypts; the list tells a missing one from a forbidden one. */
  bindRecordings({ bucket, bucketName, key }: RecordingsBucket): this {
    this.function.addEnvironment(ENVIRONMENT.recordingsBucket, bucketName);
    const objects = `arn:${Stack.of(this).partition}:s3:::${bucketName}/*`;
    this.allow(['s3:PutObject', 's3:GetObject', 's3:DeleteObject'], [objects]);
    acknowledgeObjectsOf(this, objects);
    this.allow(['s3:ListBucket'], [bucket.bucketArn]);
    this.role.addToPrincipalPolicy(keyAccess(this, key, 's3', ['kms:GenerateDataKey', 'kms:Decrypt']));
    return this;
  }

  allow(actions: readonly string[], resources: readonly string[]): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }

  private createLogGroup({ deployment, logKey }: TrunklineFunctionProps): LogGroup {
    const { retention, protection } = deployment.environment.configuration;
    return new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${this.functionName}`,
      retention: retention.logDays,
      encryptionKey: logKey,
      removalPolicy: protection.retainOnDelete ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  private createFunction(props: TrunklineFunctionProps, logGroup: LogGroup): LambdaFunction {
    return new LambdaFunction(this, 'Function', {
      functionName: this.functionName,
      description: `${props.entry} of Trunkline, ${props.deployment.environment.name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.deployment.codeOf(props.entry),
      role: this.role,
      logGroup,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMegabytes ?? 256,
      tracing: Tracing.ACTIVE,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.deadLetterQueue === undefined
        ? {}
        : { deadLetterQueue: props.deadLetterQueue, retryAttempts: 0 }),
      environment: {
        [ENVIRONMENT.environmentName]: props.deployment.environment.name,
        POWERTOOLS_SERVICE_NAME: props.entry,
        POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
        ...(FUNCTION_ENTRIES[props.entry].coldStartDecides ? {} : { NODE_OPTIONS: '--enable-source-maps' }),
        ...props.environment,
      },
    });
  }

  private registerAlarms({
    deployment,
    failureImpact,
    severity = 'page',
    name,
    entry,
  }: TrunklineFunctionProps): void {
    const about = {
      environment: deployment.environment,
      functionName: this.functionName,
      subject: name ?? entry,
      failureImpact,
      severity,
    };
    deployment.alarms.add(functionErrorsAlarm(about), functionThrottlesAlarm(about));
  }
}
