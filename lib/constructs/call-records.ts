import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { CONSUMERS } from '../../functions/shared/contract/consumers.ts';
import type { Deployment } from '../deployment.ts';
import { ChannelWorker } from './channel-worker.ts';
import type { RecordingsBucket } from './recordings-bucket.ts';
import { RepairFunction } from './repair-function.ts';
import type { SubjectTable } from './subject-table.ts';
import type { TrunklineFunction } from './trunkline-function.ts';

export interface CallRecordsProps {
  readonly deployment: Deployment;
  readonly inbox: SubjectTable;
  readonly voice: SubjectTable;
  readonly recordings: RecordingsBucket;
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
    this.recordRecordings();
    this.settleCalls();
    this.keepRecordings();
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

  private recordRecordings(): void {
    const impact = 'Recordings are not taken into the books: they stay at Twilio, unjudged and uncopied.';
    this.consume('recording-records', 'Recordings', impact).worker.bindTable(
      this.props.voice,
      'get',
      'change',
    );
  }

  private settleCalls(): void {
    this.repair('settle-calls', 'SettleCalls', {
      description: 'Calls whose record at Twilio is to be read: lost callbacks, legs, prices',
      failureImpact: 'Calls whose last callback was lost look open, and prices are missing.',
    });
  }

  private keepRecordings(): void {
    this.repair('keep-recordings', 'KeepRecordings', {
      description: 'Recordings whose next step is due: judged, copied, deleted at Twilio and here',
      failureImpact: 'Recordings are neither copied nor deleted in time, unproved ones among them.',
    }).bindRecordings(this.props.recordings);
  }

  /** Every minute, within the minute. */
  private repair(
    entry: 'settle-calls' | 'keep-recordings',
    id: string,
    about: { readonly description: string; readonly failureImpact: string },
  ): TrunklineFunction {
    const { deployment, voice, key, logKey } = this.props;
    const { worker } = new RepairFunction(this, id, {
      deployment,
      entry,
      schedule: 'rate(1 minute)',
      ...about,
      timeoutSeconds: 55,
      key,
      logKey,
    });
    return worker.bindTable(voice, 'get', 'change').bindIndex(voice, 'due');
  }

  private consume(
    name: 'call-records' | 'recording-records' | 'task-records',
    id: string,
    failureImpact: string,
  ): ChannelWorker {
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
