import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import { missingTickAlarm } from '../monitoring/alarms.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { keyAccess } from './key-access.ts';
import type { TrunklineFunction } from './trunkline-function.ts';

export interface MinuteTickProps {
  readonly deployment: Deployment;
  readonly target: TrunklineFunction;
  /** Takes ticks that the function was not invoked for. */
  readonly deadLetterQueue: DeadLetterQueue;
  readonly key: IKey;
  readonly failureImpact: string;
}

/**
 * Invokes a function every minute. A missed tick is not made up for (the next one does its work), but its absence
 * alarms: silence is the failure.
 */
export class MinuteTick extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { deployment, target, deadLetterQueue, key, failureImpact }: MinuteTickProps,
  ) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.function.functionArn] }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }),
    );
    role.addToPrincipalPolicy(keyAccess(this, key, 'sqs', ['kms:GenerateDataKey', 'kms:Decrypt']));
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: target.functionName,
      description: 'The minute tick',
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.function.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: deadLetterQueue.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 1 },
      },
    });
    schedule.node.addDependency(role);
    acknowledge(role, 'generatedPolicy');
    deployment.alarms.add(
      missingTickAlarm({
        environment: deployment.environment,
        functionName: resourceName(deployment, 'dispatch-due'),
        subject: 'dispatch-due',
        severity: 'page',
        failureImpact,
      }),
    );
  }
}
