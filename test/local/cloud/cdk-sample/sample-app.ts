import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aws, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  Billing,
  type ITable,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Code,
  Function as Lambda,
  Runtime,
  StartingPosition,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression, ScheduleTargetInput, Schedule as Timer } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';

/** Echoes what it was given and what it stands in. */
const ECHO = `exports.handler = async (event, context) => {
  if (event.detail?.fail) throw new Error('as told');
  return { event, name: context.functionName, table: process.env.TABLE, api: process.env.API_URL };
};`;

export interface SampleApp {
  readonly outdir: string;
  readonly issuer: string;
}

/** An app of two stacks with what CDK's own constructs make of the usual services; synthesized, not written by hand. */
export function synthesizeSample({ outdir, issuer }: SampleApp): string {
  const code = join(outdir, 'code');
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'index.js'), ECHO);
  const app = new App({ outdir: join(outdir, 'cdk.out'), analyticsReporting: false });
  const data = new Stack(app, 'Data');
  new Key(data, 'Key', { enableKeyRotation: true });
  const table = new TableV2(data, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expires',
    deletionProtection: true,
    globalSecondaryIndexes: [
      { indexName: 'due', partitionKey: { name: 'shard', type: AttributeType.STRING } },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const bus = new EventBus(data, 'Bus', { eventBusName: `sample-${Aws.ACCOUNT_ID}` });
  const work = new Stack(app, 'Work');
  const deadLetters = new Queue(work, 'DeadLetters', {
    encryption: QueueEncryption.KMS_MANAGED,
    enforceSSL: true,
  });
  const queue = new Queue(work, 'Queue', {
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
    visibilityTimeout: Duration.seconds(60),
    enforceSSL: true,
  });
  const secret = new Secret(work, 'Secret', {
    generateSecretString: { secretStringTemplate: '{"user":"sample"}', generateStringKey: 'password' },
  });
  const bucket = new Bucket(work, 'Media', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [{ expiration: Duration.days(30) }],
  });
  const api = new HttpApi(work, 'Api', {
    apiName: 'sample-cdk-api',
    corsPreflight: { allowOrigins: ['http://console.local'], allowMethods: [CorsHttpMethod.ANY] },
  });
  const echo = new Lambda(work, 'Echo', {
    runtime: new Runtime('nodejs24.x'),
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(code),
    handler: 'index.handler',
    timeout: Duration.seconds(10),
    memorySize: 256,
    tracing: Tracing.ACTIVE,
    reservedConcurrentExecutions: 20,
    deadLetterQueue: deadLetters,
    retryAttempts: 1,
    onFailure: new SqsDestination(deadLetters),
    logGroup: new LogGroup(work, 'EchoLogs', { retention: RetentionDays.ONE_MONTH }),
    environment: {
      TABLE: table.tableName,
      API_URL: api.url ?? '',
      BUCKET: bucket.bucketName,
      SECRET: secret.secretArn,
    },
  });
  table.grantReadWriteData(echo);
  secret.grantRead(echo);
  bucket.grantReadWrite(echo);
  echo.addEventSource(
    new DynamoEventSource(table as ITable, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      retryAttempts: 2,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      parallelizationFactor: 2,
      onFailure: new SqsDlq(deadLetters),
    }),
  );
  echo.addEventSource(
    new SqsEventSource(queue, { batchSize: 1, maxConcurrency: 2, reportBatchItemFailures: true }),
  );
  new Rule(work, 'ToQueue', {
    eventBus: bus,
    eventPattern: { source: ['sample'], detailType: ['to-queue'] },
    targets: [
      new SqsQueue(queue, { deadLetterQueue: deadLetters, retryAttempts: 3, maxEventAge: Duration.hours(1) }),
    ],
  });
  new Rule(work, 'ToFunction', {
    eventBus: bus,
    eventPattern: { source: ['sample'], detailType: ['to-function'] },
    targets: [new LambdaFunction(echo, { deadLetterQueue: deadLetters })],
  });
  new Rule(work, 'Nightly', {
    schedule: Schedule.cron({ hour: '3', minute: '0' }),
    targets: [new LambdaFunction(echo)],
  });
  new Timer(work, 'Minutely', {
    schedule: ScheduleExpression.rate(Duration.minutes(1)),
    target: new LambdaInvoke(echo, {
      input: ScheduleTargetInput.fromObject({ tick: true }),
      deadLetterQueue: deadLetters,
    }),
  });
  const authorizer = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: ['sample-client'] });
  const integration = new HttpLambdaIntegration('EchoIntegration', echo);
  api.addRoutes({ path: '/open/{proxy+}', methods: [HttpMethod.ANY], integration });
  api.addRoutes({
    path: '/messages',
    methods: [HttpMethod.POST],
    integration,
    authorizer,
    authorizationScopes: ['messages:send'],
  });
  new Alarm(work, 'Alarm', {
    metric: deadLetters.metricApproximateNumberOfMessagesVisible(),
    threshold: 1,
    evaluationPeriods: 1,
  });
  new CfnOutput(work, 'ApiUrl', { value: api.url ?? '' });
  new CfnOutput(work, 'EchoName', { value: echo.functionName });
  new CfnOutput(work, 'SecretArn', { value: secret.secretArn });
  new CfnOutput(work, 'BusName', { value: bus.eventBusName });
  return app.synth().directory;
}
