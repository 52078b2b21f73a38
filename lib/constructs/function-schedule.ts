import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { keyAccess } from './key-access.ts';
import type { TrunklineFunction } from './trunkline-function.ts';

export interface FunctionScheduleProps {
  readonly target: TrunklineFunction;
  readonly description: string;
  /** `rate(...)` or `cron(...)`, UTC. */
  readonly expression: string;
  /** Takes invocations that could not be made. */
  readonly deadLetterQueue: DeadLetterQueue;
  readonly key: IKey;
}

/** Invokes a function by the clock, with a role that may do nothing else. What could not be invoked is set aside. */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id);
    const { target, deadLetterQueue } = props;
    const role = this.createRole(props);
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: target.functionName,
      description: props.description,
      scheduleExpression: props.expression,
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
  }

  private createRole({ target, deadLetterQueue, key }: FunctionScheduleProps): Role {
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
    acknowledge(role, 'generatedPolicy');
    return role;
  }
}
