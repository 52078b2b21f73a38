import type { Construct } from 'constructs';
import { CONSUMERS } from '../../functions/shared/contract/consumers.ts';
import { ENVIRONMENT } from '../../functions/shared/contract/environment.ts';
import { messagingSettings } from '../config/messaging-settings.ts';
import { serveRoutes } from '../constructs/application-routes.ts';
import { ChannelWorker } from '../constructs/channel-worker.ts';
import { TrunklineFunction } from '../constructs/trunkline-function.ts';
import type { Deployment } from '../deployment.ts';
import type { IngressStack } from './ingress-stack.ts';
import type { StateStack } from './state-stack.ts';
import { TrunklineStack } from './trunkline-stack.ts';

/**
 * What people look into and steer with: the timeline's consumer and its route, pauses and parked messages. Nothing that
 * sends or receives waits for this stack.
 */
export class SupportStack extends TrunklineStack {
  constructor(scope: Construct, deployment: Deployment, state: StateStack, ingress: IngressStack) {
    super(scope, { subject: 'support', deployment });
    this.recordTimelines(deployment, state);
    this.serveTimelines(deployment, state, ingress);
    this.serveOperations(deployment, state, ingress);
  }

  private recordTimelines(deployment: Deployment, state: StateStack): void {
    const { retention, consumers } = deployment.environment.configuration;
    const { worker } = new ChannelWorker(this, 'Timeline', {
      deployment,
      name: 'timeline',
      entry: CONSUMERS.timeline.worker,
      failureImpact:
        'Timelines miss their latest entries: support sees an old state; sending and receiving go on.',
      severity: 'ticket',
      timeoutSeconds: 30,
      batchSize: 10,
      maximumConcurrency: consumers.maximumConcurrency,
      key: state.dataKey,
      logKey: state.logKey,
      subscription: { eventBus: state.eventBus, consumer: CONSUMERS.timeline },
      environment: { [ENVIRONMENT.timelineRetentionDays]: String(retention.timelineDays) },
    });
    worker.bindTable(state.tables.timeline, 'put');
  }

  private serveTimelines(deployment: Deployment, state: StateStack, ingress: IngressStack): void {
    const server = new TrunklineFunction(this, 'ServeTimeline', {
      deployment,
      entry: 'serve-timeline',
      failureImpact: 'Support cannot look up what happened to a message.',
      severity: 'ticket',
      timeoutSeconds: 15,
      logKey: state.logKey,
    });
    server.bindTable(state.tables.timeline, 'query');
    serveRoutes(this, ingress.application, 'serve-timeline', server);
  }

  private serveOperations(deployment: Deployment, state: StateStack, ingress: IngressStack): void {
    const server = new TrunklineFunction(this, 'ServeOperations', {
      deployment,
      entry: 'serve-operations',
      failureImpact: 'Operators can neither pause nor resume sending, nor decide on parked messages.',
      timeoutSeconds: 15,
      logKey: state.logKey,
      environment: { [ENVIRONMENT.messagingSettings]: messagingSettings(deployment.environment) },
    });
    server.bindTable(state.tables.messaging, 'get', 'change').bindIndex(state.tables.messaging, 'due');
    serveRoutes(this, ingress.application, 'serve-operations', server);
  }
}
