import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** Services through which a function uses a customer key; never the key itself. */
type KeyUser = 'dynamodb' | 'sqs' | 'events' | 'secretsmanager' | 's3';

/** Lets a role use the key, only by way of the service that keeps the data. */
export const keyAccess = (
  scope: Construct,
  key: IKey,
  service: KeyUser,
  actions: readonly string[],
): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(scope).region}.amazonaws.com` } },
  });
