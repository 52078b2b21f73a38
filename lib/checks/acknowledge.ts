import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Records why findings of cdk-nag stand on this construct and below it. Every decision that the design takes against a
 * rule is listed here by name, so that one reading shows them all.
 */
const DECISIONS = {
  tracing: {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    reason: 'X-Ray knows no resources: PutTraceSegments and PutTelemetryRecords can be granted on * only.',
  },
  generatedPolicy: {
    rules: ['HIPAA.Security-IAMNoInlinePolicy', 'NIST.800.53.R5-IAMNoInlinePolicy'],
    reason:
      'One role, one function, one generated policy: nothing is shared that a managed policy would keep in one place.',
  },
  noNetworkOfOurs: {
    rules: ['HIPAA.Security-LambdaInsideVPC', 'NIST.800.53.R5-LambdaInsideVPC'],
    reason:
      'The function reaches AWS services and Twilio only, over TLS and with signed requests; a VPC would add NAT gateways as a point of failure between a webhook and its record.',
  },
  sharedConcurrency: {
    rules: ['HIPAA.Security-LambdaConcurrency', 'NIST.800.53.R5-LambdaConcurrency'],
    reason:
      "Only webhooks have reserved concurrency. Workers are bounded by their event source's maximum concurrency, the rest by the API's throttle; a reservation would take from the common pool.",
  },
  answeredSynchronously: {
    rules: ['HIPAA.Security-LambdaDLQ', 'NIST.800.53.R5-LambdaDLQ', 'Serverless-LambdaDLQ'],
    reason:
      "Never invoked asynchronously: the caller gets the error, or the event source's queue keeps the record and redrives it.",
  },
  queueRedrives: {
    rules: ['Serverless-LambdaEventSourceMappingDestination'],
    reason:
      'An SQS event source has no failure destination; the queue has a redrive policy and a dead-letter queue.',
  },
  deadLettersOfTick: {
    rules: ['Serverless-LambdaAsyncFailureDestination'],
    reason:
      'Failed ticks go to the dead-letter queue of the function; a second destination would report them twice.',
  },
  lastQueue: {
    rules: ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'],
    reason: 'A dead-letter queue is the end of the way; an alarm stands on its first message.',
  },
  signatureInstead: {
    rules: ['AwsSolutions-APIG4'],
    reason:
      'Twilio authenticates by a signature over the body, which an authorizer never sees; receive-webhook verifies every request before anything else.',
  },
  answeredAtTheEdge: {
    rules: [
      'AwsSolutions-CFR1',
      'AwsSolutions-CFR2',
      'AwsSolutions-CFR3',
      'AwsSolutions-CFR4',
      'AwsSolutions-CFR7',
      'Serverless-CloudFrontAccessLogs',
    ],
    reason:
      "One public sentence, answered by the edge's own code: there is nothing to protect and no origin to reach. Twilio calls from anywhere, and its GET has numbers in its query, which must not be logged.",
  },
  openByContract: {
    rules: ['AwsSolutions-APIG4'],
    reason:
      'The API description and the health check are open by contract; they say nothing about anybody and are throttled apart.',
  },
  pointInTimeRecovery: {
    rules: ['HIPAA.Security-DynamoDBInBackupPlan', 'NIST.800.53.R5-DynamoDBInBackupPlan'],
    reason:
      'Point-in-time recovery restores any second of 35 days; a daily backup would restore a state in which sends of hours are forgotten.',
  },
  keyedForGood: {
    rules: [
      'AwsSolutions-SMG4',
      'HIPAA.Security-SecretsManagerRotationEnabled',
      'NIST.800.53.R5-SecretsManagerRotationEnabled',
    ],
    reason:
      'With another key every opt-out would name somebody else: the key of the addresses is drawn once and kept.',
  },
  nothingKeptBehind: {
    rules: [
      'AwsSolutions-S1',
      ...['Logging', 'Replication', 'Versioning'].flatMap((feature) => [
        `HIPAA.Security-S3Bucket${feature}Enabled`,
        `NIST.800.53.R5-S3Bucket${feature}Enabled`,
      ]),
    ],
    reason:
      'A recording that is deleted is gone: versions, replicas and a log of its keys would outlive it. Who read what is in CloudTrail.',
  },
  compositeActs: {
    rules: ['HIPAA.Security-CloudWatchAlarmAction', 'NIST.800.53.R5-CloudWatchAlarmAction'],
    reason: 'One window of a burn-rate alarm; the composite of both windows notifies.',
  },
  mailOfAlarms: {
    rules: ['Serverless-SNSRedrivePolicy'],
    reason:
      'A mail that cannot be delivered is worth nothing later; the alarm itself stays in its state, and a pager subscribes by itself.',
  },
} as const satisfies Record<string, { readonly rules: readonly string[]; readonly reason: string }>;

/** The finding's id names the ARN, so that the decision holds for its objects and no others. */
export const acknowledgeObjectsOf = (construct: IConstruct, objectsArn: string): void =>
  Validations.of(construct).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${objectsArn}]`,
    reason:
      'Every recording is an object of its own, named when it arrives: the function may use all of this bucket, and of this one only.',
  });

export type Decision = keyof typeof DECISIONS;

export const acknowledge = (construct: IConstruct, ...decisions: readonly Decision[]): void => {
  for (const { rules, reason } of decisions.map((decision) => DECISIONS[decision])) {
    for (const id of rules) Validations.of(construct).acknowledge({ id, reason });
  }
};
