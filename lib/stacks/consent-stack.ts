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
 * What follows a word about consent: its record, the ledger's chain, what it takes back. The opt-out itself holds before
 * anything of this runs: ingress commits it with the message.
 */
export class ConsentStack extends TrunklineStack {
  private readonly deployment: Deployment;
  private readonly state: StateStack;

  constructor(
    scope: ConstructorParameters<typeof TrunklineStack>[0],
    deployment: Deployment,
    state: StateStack,
    ingress: IngressStack,
  ) {
    super(scope, { subject: 'consent', deployment });
    this.deployment = deployment;
    this.state = state;
    this.handleKeywords();
    this.keepLedger();
    this.stopRecipients();
    this.serveConsents(ingress);
  }

  private handleKeywords(): void {
    const { twilio } = this.deployment.environment.configuration;
    const { worker } = new ChannelWorker(this, 'Keywords', {
      ...this.common(),
      name: 'keywords',
      entry: CONSUMERS.keywords.worker,
      failureImpact:
        'Opt-outs hold, but are not confirmed, and START lifts nothing; possible revocations are not held.',
      timeoutSeconds: 30,
      batchSize: 10,
      subscription: { eventBus: this.state.eventBus, consumer: CONSUMERS.keywords },
      environment: { ...this.settings(), [ENVIRONMENT.twilioBaseUrl]: twilio.baseUrl },
    });
    worker
      .bindTable(this.state.tables.inbox, 'get')
      .bindTable(this.state.tables.consent, 'query', 'change')
      .bindContactKey(this.state.contactKey)
      .bindAccountSecrets(this.deployment, this.state.dataKey);
  }

  private keepLedger(): void {
    const { worker } = new ChannelWorker(this, 'Ledger', {
      ...this.common(),
      name: 'consent-ledger',
      entry: CONSUMERS['consent-ledger'].worker,
      failureImpact: 'Consent is honoured, but new records do not enter the chain that proves it.',
      severity: 'ticket',
      timeoutSeconds: 60,
      batchSize: 10,
      subscription: { eventBus: this.state.eventBus, consumer: CONSUMERS['consent-ledger'] },
      environment: this.settings(),
    });
    worker.bindTable(this.state.tables.consent, 'get', 'query', 'change');
  }

  private stopRecipients(): void {
    const { environment } = this.deployment;
    const { worker } = new ChannelWorker(this, 'OptOuts', {
      ...this.common(),
      name: 'opt-outs',
      entry: CONSUMERS['opt-outs'].worker,
      failureImpact:
        'Nothing is sent to who opted out, but messages that Twilio has scheduled are not called off, and nobody gets a confirmation.',
      timeoutSeconds: 120,
      batchSize: 1,
      subscription: { eventBus: this.state.eventBus, consumer: CONSUMERS['opt-outs'] },
      environment: { ...this.settings(), [ENVIRONMENT.messagingSettings]: messagingSettings(environment) },
    });
    worker
      .bindTable(this.state.tables.messaging, 'get', 'query', 'change')
      .bindIndex(this.state.tables.messaging, 'recipient')
      .bindTable(this.state.tables.consent, 'query');
  }

  private serveConsents(ingress: IngressStack): void {
    const { deployment, state } = this;
    const server = new TrunklineFunction(this, 'ServeConsents', {
      deployment,
      entry: 'serve-consents',
      failureImpact: 'Consents cannot be recorded or exported by API; what is in force stays in force.',
      timeoutSeconds: 29,
      logKey: state.logKey,
      environment: {
        [ENVIRONMENT.accountSids]: deployment.environment.configuration.twilio.accounts.join(','),
      },
    });
    server.bindTable(state.tables.consent, 'get', 'query', 'change').bindContactKey(state.contactKey);
    serveRoutes(this, ingress.application, 'serve-consents', server);
  }

  private settings() {
    return {
      [ENVIRONMENT.consentSettings]: JSON.stringify(this.deployment.environment.configuration.consent),
    };
  }

  private common() {
    const { deployment, state } = this;
    return {
      deployment,
      maximumConcurrency: deployment.environment.configuration.consumers.maximumConcurrency,
      key: state.dataKey,
      logKey: state.logKey,
    };
  }
}
