import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { CONSUMERS } from '../../functions/shared/contract/consumers.ts';
import type { Deployment } from '../deployment.ts';
import { ChannelWorker } from './channel-worker.ts';
import type { SubjectTable } from './subject-table.ts';

export interface CallRecordsProps {
  readonly deployment: Deployment;
  readonly inbox: SubjectTable;
  readonly voice: SubjectTable;
  readonly eventBus: EventBus;
  readonly key: IKey;
  readonly logKey: IKey;
}

/**
 * Everything that keeps books on calls after the fact: what Twilio reports of calls, legs, agents and recordings is folded
 * into records, in whatever order it comes. No call waits for any of it.
 */
export class CallRecords extends Construct {
  private readonly props: CallRecordsProps;

  constructor(scope: Construct, id: string, props: CallRecordsProps) {
    super(scope, id);
    this.props = props;
    this.recordCalls();
    this.recordTasks();
  }

  private recordCalls(): void {
    this.consume('call-records', 'Calls', 'Records of calls stand still: timelines miss progress and legs.')
      .worker.bindTable(this.props.inbox, 'get')
      .bindTable(this.props.voice, 'get', 'change');
  }

  private recordTasks(): void {
    this.consume(
      'task-records',
      'Tasks',
      "Records of agents' tasks stand still: timelines miss who took a call.",
    )
      .worker.bindTable(this.props.inbox, 'get')
      .bindTable(this.props.voice, 'get', 'change');
  }

  private consume(name: 'call-records' | 'task-records', id: string, failureImpact: string): ChannelWorker {
    const { deployment, eventBus, key, logKey } = this.props;
    return new ChannelWorker(this, id, {
      deployment,
      name,
      entry: CONSUMERS[name].worker,
      failureImpact,
      severity: 'ticket',
      timeoutSeconds: 30,
      batchSize: 10,
      maximumConcurrency: deployment.environment.configuration.consumers.maximumConcurrency,
      key,
      logKey,
      subscription: { eventBus, consumer: CONSUMERS[name] },
    });
  }
}
