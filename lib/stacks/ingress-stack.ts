import { CfnOutput } from 'aws-cdk-lib';
import { HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/shared/contract/environment.ts';
import { HOOK_ROUTES, VOICE_ROUTES } from '../../functions/shared/contract/routes.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import { messagingSettings } from '../config/messaging-settings.ts';
import { taskInstructions } from '../config/task-instructions.ts';
import { voiceSettings } from '../config/voice-settings.ts';
import { type ApplicationApi, createAuthorizer, serveRoutes } from '../constructs/application-routes.ts';
import { Clients, existingIssuer, type TokenIssuer } from '../constructs/clients.ts';
import { PublicApi } from '../constructs/public-api.ts';
import { RepairFunction } from '../constructs/repair-function.ts';
import { TrunklineFunction } from '../constructs/trunkline-function.ts';
import type { Deployment } from '../deployment.ts';
import type { FallbackStack } from './fallback-stack.ts';
import type { StateStack } from './state-stack.ts';
import { TrunklineStack } from './trunkline-stack.ts';

interface IngressNeeds {
  readonly state: StateStack;
  readonly fallback: FallbackStack;
}

/** Both doors: the hooks API that Twilio calls and the application API that our clients call. */
export class IngressStack extends TrunklineStack {
  readonly hooks: PublicApi;
  readonly application: ApplicationApi;
  /** What Twilio fetches where the hooks API does not answer a call; outside of it. */
  readonly voiceFallbackUrl: string;
  private readonly deployment: Deployment;
  private readonly state: StateStack;

  constructor(scope: Construct, deployment: Deployment, { state, fallback }: IngressNeeds) {
    super(scope, { subject: 'ingress', deployment });
    this.deployment = deployment;
    this.state = state;
    this.hooks = this.createHooksApi();
    this.receiveWebhooks();
    this.voiceFallbackUrl = fallback.voiceFallbackUrl;
    this.answerCalls();
    this.pollInboundMessages();
    this.application = this.createApplicationApi();
    this.serveMessages();
    this.serveDescription();
    new CfnOutput(this, 'HooksUrl', { value: this.hooks.origin });
    new CfnOutput(this, 'ApplicationUrl', { value: this.application.publicApi.origin });
  }

  private createHooksApi(): PublicApi {
    const { hooks } = this.deployment.environment.configuration;
    return new PublicApi(this, 'Hooks', {
      deployment: this.deployment,
      name: 'hooks',
      description: 'Webhooks of Twilio; every request is authenticated by its signature',
      failureImpact:
        'Twilio gets errors for its webhooks: inbound messages and statuses arrive late or not at all.',
      throttle: hooks.throttle,
      domain: hooks.domain,
      origin: hooks.origin,
      logKey: this.state.logKey,
    });
  }

  private receiveWebhooks(): void {
    const { configuration } = this.deployment.environment;
    const receiver = new TrunklineFunction(this, 'ReceiveWebhook', {
      deployment: this.deployment,
      entry: 'receive-webhook',
      failureImpact:
        'Webhooks are not acknowledged; Twilio retries once and then drops an inbound message or a status.',
      // Within Twilio's 15 s for a webhook, with room for its one retry of the connection.
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      reservedConcurrency: configuration.ingress.reservedConcurrency,
      logKey: this.state.logKey,
      environment: {
        [ENVIRONMENT.hooksOrigin]: this.hooks.origin,
        [ENVIRONMENT.inboxRetentionDays]: String(configuration.retention.inboxDays),
        [ENVIRONMENT.taskInstructions]: taskInstructions(configuration.taskRouter),
        [ENVIRONMENT.consentSettings]: JSON.stringify(configuration.consent),
      },
    });
    receiver
      .bindTable(this.state.tables.inbox, 'put')
      .bindTable(this.state.tables.consent, 'put')
      .bindContactKey(this.state.contactKey)
      .bindAccountSecrets(this.deployment, this.state.dataKey);
    this.routeHooks('receive-webhook', HOOK_ROUTES, receiver);
  }

  /** The synchronous half of voice: a caller hears nothing until this has answered. */
  private answerCalls(): void {
    const { environment } = this.deployment;
    const answerer = new TrunklineFunction(this, 'AnswerCall', {
      deployment: this.deployment,
      entry: 'answer-call',
      failureImpact: 'Callers hear the static apology and are handed to the fallback number.',
      // Its own deadline is 2.5 s; the rest is room for the start of a sandbox.
      timeoutSeconds: 10,
      memoryMegabytes: 1024,
      reservedConcurrency: environment.configuration.voice.reservedConcurrency,
      logKey: this.state.logKey,
      environment: {
        [ENVIRONMENT.hooksOrigin]: this.hooks.origin,
        [ENVIRONMENT.voiceSettings]: voiceSettings(environment),
        [ENVIRONMENT.voiceFallbackUrl]: this.voiceFallbackUrl,
      },
    });
    answerer
      .bindTable(this.state.tables.voice, 'get', 'put')
      .bindAccountSecrets(this.deployment, this.state.dataKey);
    this.routeHooks('answer-call', VOICE_ROUTES, answerer);
  }

  private routeHooks(
    name: string,
    routes: Readonly<Record<string, string>>,
    { function: handler }: TrunklineFunction,
  ): void {
    const integration = new HttpLambdaIntegration(`${name}-integration`, handler);
    for (const [route, path] of Object.entries(routes)) {
      const routeKey = HttpRouteKey.with(path, HttpMethod.POST);
      const hook = new HttpRoute(this, `Hook-${route}`, { httpApi: this.hooks.api, integration, routeKey });
      acknowledge(hook, 'signatureInstead');
    }
  }

  /** Webhooks that never came are made up for within 15 minutes: every five minutes, a minute after the message. */
  private pollInboundMessages(): void {
    const { retention, consent } = this.deployment.environment.configuration;
    const { worker } = new RepairFunction(this, 'PollInboundMessages', {
      deployment: this.deployment,
      entry: 'poll-inbound-messages',
      schedule: 'rate(5 minutes)',
      description: 'Inbound messages whose webhook never came',
      failureImpact: 'Inbound messages whose webhook was lost stay unknown, a STOP among them.',
      timeoutSeconds: 240,
      key: this.state.dataKey,
      logKey: this.state.logKey,
      environment: {
        [ENVIRONMENT.inboxRetentionDays]: String(retention.inboxDays),
        [ENVIRONMENT.consentSettings]: JSON.stringify(consent),
      },
    });
    worker
      .bindTable(this.state.tables.inbox, 'get', 'put')
      .bindTable(this.state.tables.consent, 'put')
      .bindContactKey(this.state.contactKey);
  }

  private createApplicationApi(): ApplicationApi {
    const { application } = this.deployment.environment.configuration;
    const publicApi = new PublicApi(this, 'Application', {
      deployment: this.deployment,
      name: 'application',
      description: 'The application API; JWTs with a scope per route',
      failureImpact: 'Applications cannot hand over messages or read their state.',
      throttle: application.throttle,
      domain: application.domain,
      logKey: this.state.logKey,
    });
    const issuer = this.createIssuer();
    return { publicApi, issuer, authorizer: createAuthorizer(this, publicApi, issuer) };
  }

  private createIssuer(): TokenIssuer {
    const { auth } = this.deployment.environment.configuration;
    return auth.kind === 'cognito'
      ? new Clients(this, 'Clients', { deployment: this.deployment, cognito: auth })
      : existingIssuer(auth);
  }

  private serveMessages(): void {
    const server = new TrunklineFunction(this, 'ServeMessages', {
      deployment: this.deployment,
      entry: 'serve-messages',
      failureImpact: 'Applications cannot send, read or cancel messages.',
      timeoutSeconds: 15,
      logKey: this.state.logKey,
      environment: {
        [ENVIRONMENT.messagingSettings]: messagingSettings(this.deployment.environment),
        [ENVIRONMENT.consentSettings]: JSON.stringify(this.deployment.environment.configuration.consent),
      },
    });
    server.bindTable(this.state.tables.messaging, 'get', 'change', 'query');
    server.bindTable(this.state.tables.consent, 'query').bindContactKey(this.state.contactKey);
    serveRoutes(this, this.application, 'serve-messages', server);
  }

  private serveDescription(): void {
    const server = new TrunklineFunction(this, 'ServeDescription', {
      deployment: this.deployment,
      entry: 'serve-description',
      failureImpact: 'The API description and the health check are not answered; messages are not affected.',
      severity: 'ticket',
      timeoutSeconds: 5,
      logKey: this.state.logKey,
    });
    const routes = serveRoutes(this, this.application, 'serve-description', server);
    const { openRouteThrottle } = this.deployment.environment.configuration.application;
    this.application.publicApi.throttleRoutes(routes, openRouteThrottle);
  }
}
