import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/shared/contract/environment.ts';
import type { FunctionEntryName } from '../bundles/function-entries.ts';
import type { Deployment } from '../deployment.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { FunctionSchedule } from './function-schedule.ts';
import { TrunklineFunction } from './trunkline-function.ts';

export interface RepairFunctionProps {
  readonly deployment: Deployment;
  readonly entry: FunctionEntryName;
  /** `rate(...)` or `cron(...)`, UTC. */
  readonly schedule: string;
  readonly description: string;
  readonly failureImpact: string;
  /** Shorter than the time between two invocations, so that they do not overlap. */
  readonly timeoutSeconds: number;
  readonly key: IKey;
  readonly logKey: IKey;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A function that reads Twilio's books by the clock: with the account secrets, a schedule, and a dead-letter queue for
 * invocations that failed or could not be made. A single failure is a ticket, for the next invocation makes up for it.
 */
export class RepairFunction extends Construct {
  readonly worker: TrunklineFunction;

  constructor(scope: Construct, id: string, props: RepairFunctionProps) {
    super(scope, id);
    const { deployment, key } = props;
    const deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue', {
      deployment,
      name: `${props.entry}-dlq`,
      key,
      failureImpact: `An invocation failed; the next one makes up for it. While all fail: ${props.failureImpact}`,
      severity: 'ticket',
    });
    this.worker = this.createWorker(props, deadLetterQueue);
    new FunctionSchedule(this, 'ByTheClock', {
      target: this.worker,
      description: props.description,
      expression: props.schedule,
      deadLetterQueue,
      key,
    });
  }

  private createWorker(props: RepairFunctionProps, deadLetterQueue: DeadLetterQueue): TrunklineFunction {
    const { deployment, key } = props;
    return new TrunklineFunction(this, 'Function', {
      deployment,
      entry: props.entry,
      failureImpact: props.failureImpact,
      severity: 'ticket',
      timeoutSeconds: props.timeoutSeconds,
      // Pages of 1000 messages, as text and as objects.
      memoryMegabytes: 512,
      deadLetterQueue,
      logKey: props.logKey,
      environment: {
        [ENVIRONMENT.twilioBaseUrl]: deployment.environment.configuration.twilio.baseUrl,
        ...props.environment,
      },
    })
      .bindQueue(deadLetterQueue, key)
      .bindAccountSecrets(deployment, key);
  }
}
