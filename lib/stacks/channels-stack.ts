import type { Construct } from 'constructs';
import { CONSUMERS } from '../../functions/shared/contract/consumers.ts';
import { ENVIRONMENT } from '../../functions/shared/contract/environment.ts';
import { SETTLEMENT_QUEUE } from '../../functions/shared/contract/outbox.ts';
import { TABLES } from '../../functions/shared/contract/tables.ts';
import { messagingSettings } from '../config/messaging-settings.ts';
import { CallRecords } from '../constructs/call-records.ts';
import { ChannelWorker } from '../constructs/channel-worker.ts';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { EventPublisher } from '../constructs/event-publisher.ts';
import { MinuteTick } from '../constructs/minute-tick.ts';
import { RepairFunction } from '../constructs/repair-function.ts';
import { SendPool } from '../constructs/send-pool.ts';
import { TrunklineFunction } from '../constructs/trunkline-function.ts';
import type { Deployment } from '../deployment.ts';
import type { IngressStack } from './ingress-stack.ts';
import type { StateStack } from './state-stack.ts';
import { TrunklineStack } from './trunkline-stack.ts';

/** Everything between a committed change and its effect: the publisher, the consumers, a sender per pool, the minute tick. */
export class ChannelsStack extends TrunklineStack {
  private readonly deployment: Deployment;
  private readonly state: StateStack;

  constructor(scope: Construct, deployment: Deployment, state: StateStack, ingress: IngressStack) {
    super(scope, { subject: 'channels', deployment });
    this.deployment = deployment;
    this.state = state;
    const pools = this.createSendPools(ingress);
    const settlement = this.settleIntents();
    this.publishEvents(pools, settlement);
    this.handleInboundMessages();
    this.recordStatuses();
    this.recordCallStatuses();
    this.handleFailures();
    this.fanOutBatches();
    this.dispatchDueIntents();
    this.auditLedger();
    this.keepCallRecords();
  }

  private createSendPools({ hooks, voiceFallbackUrl }: IngressStack): readonly SendPool[] {
    return this.deployment.environment.configuration.pools.map(
      (pool) =>
        new SendPool(this, `Pool-${pool.name}`, {
          deployment: this.deployment,
          pool,
          messaging: this.state.tables.messaging,
          consent: this.state.tables.consent,
          voice: this.state.tables.voice,
          contactKey: this.state.contactKey,
          hooksOrigin: hooks.origin,
          voiceFallbackUrl,
          key: this.state.dataKey,
          logKey: this.state.logKey,
        }),
    );
  }

  private publishEvents(pools: readonly SendPool[], settlement: ChannelWorker): void {
    new EventPublisher(this, 'PublishEvents', {
      deployment: this.deployment,
      eventBus: this.state.eventBus,
      tables: Object.values(this.state.tables).filter((table) => TABLES[table.name].outbox),
      sendQueues: {
        ...Object.fromEntries(pools.map((pool) => [pool.poolName, pool.channelWorker.queue])),
        [SETTLEMENT_QUEUE]: settlement.queue,
      },
      key: this.state.dataKey,
      logKey: this.state.logKey,
    });
  }

  /** Asks Twilio what became of open outcomes and missing statuses; few at a time, sends come first at Twilio. */
  private settleIntents(): ChannelWorker {
    const { environment } = this.deployment;
    const settlement = new ChannelWorker(this, 'Settlement', {
      deployment: this.deployment,
      name: SETTLEMENT_QUEUE,
      entry: 'settle-intent',
      failureImpact: 'Unknown outcomes stay open and missed status callbacks are not repaired.',
      severity: 'ticket',
      timeoutSeconds: 30,
      batchSize: 1,
      maximumConcurrency: 5,
      maximumAgeSeconds: 900,
      key: this.state.dataKey,
      logKey: this.state.logKey,
      environment: {
        [ENVIRONMENT.twilioBaseUrl]: environment.configuration.twilio.baseUrl,
        [ENVIRONMENT.messagingSettings]: messagingSettings(environment),
      },
    });
    settlement.worker
      .bindTable(this.state.tables.messaging, 'get', 'change', 'query')
      .bindAccountSecrets(this.deployment, this.state.dataKey);
    return settlement;
  }

  private handleInboundMessages(): void {
    const { worker } = new ChannelWorker(this, 'Sms', {
      ...this.consumerProps('sms'),
      entry: CONSUMERS.sms.worker,
      failureImpact:
        'Inbound texts are acknowledged and kept, but nobody answers them and no reply is created.',
      environment: { [ENVIRONMENT.messagingSettings]: messagingSettings(this.deployment.environment) },
    });
    worker.bindTable(this.state.tables.inbox, 'get').bindTable(this.state.tables.messaging, 'get', 'change');
  }

  private recordStatuses(): void {
    const { worker } = new ChannelWorker(this, 'MessageStatus', {
      ...this.consumerProps('message-status'),
      entry: CONSUMERS['message-status'].worker,
      failureImpact:
        'Delivery states stand still: messages look undelivered and unknown outcomes are not resolved.',
    });
    worker.bindTable(this.state.tables.inbox, 'get').bindTable(this.state.tables.messaging, 'get', 'change');
  }

  private recordCallStatuses(): void {
    const { worker } = new ChannelWorker(this, 'CallStatus', {
      ...this.consumerProps('call-status'),
      entry: CONSUMERS['call-status'].worker,
      failureImpact:
        'Placed calls look as if they still rang: nobody is called again, and unknown outcomes are not resolved.',
    });
    worker.bindTable(this.state.tables.inbox, 'get').bindTable(this.state.tables.messaging, 'get', 'change');
  }

  private handleFailures(): void {
    const { worker } = new ChannelWorker(this, 'Failures', {
      ...this.consumerProps('failures'),
      entry: CONSUMERS.failures.worker,
      failureImpact: 'Failed messages are not sent again, and a pool that carriers filter goes on sending.',
    });
    worker.bindTable(this.state.tables.messaging, 'get', 'change', 'query');
  }

  /** One chunk an invocation: a hundred intents, each a conditional write. */
  private fanOutBatches(): void {
    const { worker } = new ChannelWorker(this, 'Batches', {
      ...this.consumerProps('batches'),
      entry: CONSUMERS.batches.worker,
      failureImpact: 'Recipients of batches wait: their messages are kept, and not requested yet.',
      timeoutSeconds: 60,
      batchSize: 1,
      environment: {
        [ENVIRONMENT.messagingSettings]: messagingSettings(this.deployment.environment),
        [ENVIRONMENT.consentSettings]: JSON.stringify(this.deployment.environment.configuration.consent),
      },
    });
    worker
      .bindTable(this.state.tables.messaging, 'get', 'change')
      .bindTable(this.state.tables.consent, 'query')
      .bindContactKey(this.state.contactKey);
  }

  private consumerProps(name: 'sms' | 'message-status' | 'call-status' | 'failures' | 'batches') {
    return {
      deployment: this.deployment,
      name,
      timeoutSeconds: 30,
      batchSize: 10,
      maximumConcurrency: this.deployment.environment.configuration.consumers.maximumConcurrency,
      key: this.state.dataKey,
      logKey: this.state.logKey,
      subscription: { eventBus: this.state.eventBus, consumer: CONSUMERS[name] },
    } as const;
  }

  private dispatchDueIntents(): void {
    const failureImpact =
      'Scheduled and deferred messages are not sent when they fall due, and crashed sends are not resolved.';
    const deadLetterQueue = new DeadLetterQueue(this, 'DispatchDueDeadLetterQueue', {
      deployment: this.deployment,
      name: 'dispatch-due-dlq',
      key: this.state.dataKey,
      failureImpact: 'A minute tick failed; the next one does its work, several in a row mean late messages.',
      severity: 'ticket',
    });
    const target = new TrunklineFunction(this, 'DispatchDue', {
      deployment: this.deployment,
      entry: 'dispatch-due',
      failureImpact,
      // Below the tick, so that two ticks do not pile up.
      timeoutSeconds: 50,
      deadLetterQueue,
      logKey: this.state.logKey,
    });
    target.bindQueue(deadLetterQueue, this.state.dataKey);
    target
      .bindTable(this.state.tables.messaging, 'get', 'change')
      .bindIndex(this.state.tables.messaging, 'due');
    new MinuteTick(this, 'MinuteTick', {
      deployment: this.deployment,
      target,
      deadLetterQueue,
      key: this.state.dataKey,
      failureImpact,
    });
  }

  /** At 03:00 UTC for the day before; the later invocations go on with what is left, and find nothing to do mostly. */
  private auditLedger(): void {
    const { worker } = new RepairFunction(this, 'AuditLedger', {
      deployment: this.deployment,
      entry: 'audit-ledger',
      schedule: 'cron(0/15 3-5 * * ? *)',
      description: "A day's messages against Twilio's list",
      failureImpact: 'Messages that only Twilio or only we know of are not noticed.',
      timeoutSeconds: 840,
      key: this.state.dataKey,
      logKey: this.state.logKey,
    });
    worker.bindTable(this.state.tables.messaging, 'get', 'query', 'scan', 'change');
  }

  private keepCallRecords(): void {
    const { tables, eventBus, recordings, dataKey, logKey } = this.state;
    new CallRecords(this, 'CallRecords', {
      deployment: this.deployment,
      inbox: tables.inbox,
      voice: tables.voice,
      recordings,
      eventBus,
      key: dataKey,
      logKey,
    });
  }
}
