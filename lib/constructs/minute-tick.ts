import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type Deployment, resourceName } from '../deployment.ts';
import { missingTickAlarm } from '../monitoring/alarms.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { FunctionSchedule } from './function-schedule.ts';
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
    new FunctionSchedule(this, 'EveryMinute', {
      target,
      description: 'The minute tick',
      expression: 'rate(1 minute)',
      deadLetterQueue,
      key,
    });
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
