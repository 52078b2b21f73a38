import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/shared/contract/environment.ts';
import type { SenderPool } from '../../functions/shared/contract/settings.ts';
import { messagingSettings } from '../config/messaging-settings.ts';
import type { Deployment } from '../deployment.ts';
import { ChannelWorker } from './channel-worker.ts';
import type { ContactKeySecret } from './contact-key-secret.ts';
import type { SubjectTable } from './subject-table.ts';

export interface SendPoolProps {
  readonly deployment: Deployment;
  readonly pool: SenderPool;
  readonly messaging: SubjectTable;
  readonly consent: SubjectTable;
  /** Takes the step with which a call begins. */
  readonly voice: SubjectTable;
  readonly contactKey: ContactKeySecret;
  /** Origin that Twilio calls with status reports. */
  readonly hooksOrigin: string;
  /** What Twilio fetches where that origin does not answer a call. */
  readonly voiceFallbackUrl: string;
  readonly key: IKey;
  readonly logKey: IKey;
}

/** Sends to Twilio take at most 8 s (protocols, 4); the rest is arming and recording. */
const TIMEOUT_SECONDS = 20;

/**
 * The queue and the sender of one pool. A function per pool and one record a batch: a pool whose sends hang, fail or
 * are throttled by Twilio takes neither concurrency nor attempts from another.
 */
export class SendPool extends Construct {
  readonly poolName: string;
  readonly channelWorker: ChannelWorker;

  constructor(scope: Construct, id: string, props: SendPoolProps) {
    super(scope, id);
    const { deployment, pool } = props;
    this.poolName = pool.name;
    this.channelWorker = new ChannelWorker(this, 'Channel', {
      deployment,
      name: `send-${pool.name}`,
      entry: 'send-message',
      functionName: `send-${pool.name}`,
      failureImpact: `Messages or calls of the pool ${pool.name} (${pool.channel}, ${pool.trafficClass}) are not sent; recipients wait or get nothing.`,
      severity: pool.trafficClass === 'marketing' ? 'ticket' : 'page',
      timeoutSeconds: TIMEOUT_SECONDS,
      batchSize: 1,
      maximumConcurrency: pool.concurrency,
      maximumAgeSeconds: pool.trafficClass === 'marketing' ? 900 : 60,
      key: props.key,
      logKey: props.logKey,
      environment: {
        [ENVIRONMENT.hooksOrigin]: props.hooksOrigin,
        [ENVIRONMENT.voiceFallbackUrl]: props.voiceFallbackUrl,
        [ENVIRONMENT.twilioBaseUrl]: deployment.environment.configuration.twilio.baseUrl,
        [ENVIRONMENT.messagingSettings]: messagingSettings(deployment.environment),
        [ENVIRONMENT.consentSettings]: JSON.stringify(deployment.environment.configuration.consent),
      },
    });
    this.channelWorker.worker
      .bindTable(props.messaging, 'get', 'change')
      .bindTable(props.consent, 'query', 'change')
      .bindTable(props.voice, 'put')
      .bindContactKey(props.contactKey)
      .bindAccountSecrets(deployment, props.key);
  }
}
