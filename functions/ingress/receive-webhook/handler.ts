import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { createOptOutBarrier } from '../../consent/opt-out-barrier.ts';
import { createLightAccountSecrets } from '../../shared/aws/light/account-secrets.ts';
import { createLightContactKey } from '../../shared/aws/light/contact-key.ts';
import { createHttpTransport } from '../../shared/aws/light/http-transport.ts';
import { createLightAws } from '../../shared/aws/light/light-aws.ts';
import { createLightPutClient } from '../../shared/aws/light/put-client.ts';
import { createLightTransactClient } from '../../shared/aws/light/transact-client.ts';
import { ENVIRONMENT, tableEnvironmentName } from '../../shared/contract/environment.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironment } from '../../shared/runtime/environment.ts';
import { createIngressObserver, writeLine } from '../../shared/runtime/ingress-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { nodeCrypto } from '../../shared/runtime/webhooks/node-crypto.ts';
import { toWebhookRequest } from '../../shared/runtime/webhooks/webhook-request.ts';
import { answerWebhook } from '../answer-webhook.ts';
import { observeWebhook } from '../observe-webhook.ts';
import type { IngressPorts, IngressSettings } from '../ports.ts';
import { receiveWebhook } from '../receive-webhook.ts';
import { readIngressSettings, readKeywordScope } from '../settings.ts';

type WebhookHandler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'awsRequestId'>,
) => Promise<APIGatewayProxyStructuredResultV2>;

export const createHandler =
  (ports: IngressPorts, settings: IngressSettings): WebhookHandler =>
  async (event, { awsRequestId }) => {
    const startedAt = ports.clock();
    try {
      const owner = `${awsRequestId}#${ports.randomness.token()}`;
      const outcome = await receiveWebhook(toWebhookRequest(event, owner), ports, settings);
      observeWebhook(outcome, ports.clock() - startedAt, ports.observer);
      return answerWebhook(outcome);
    } finally {
      ports.observer.flush();
    }
  };

const onFirstRequest = onColdStart(() => {
  const parts = { clock: systemClock, randomness: systemRandomness, sleep: systemSleep };
  const aws = createLightAws(process.env, { ...parts, transport: createHttpTransport() });
  const tableNames = {
    inbox: requireEnvironment(tableEnvironmentName('inbox')),
    consent: requireEnvironment(tableEnvironmentName('consent')),
  };
  const key = createLightContactKey(aws, requireEnvironment(ENVIRONMENT.contactKeySecret));
  const ports = {
    ...parts,
    inbox: { ...createLightPutClient(aws, tableNames), ...createLightTransactClient(aws, tableNames) },
    barrier: createOptOutBarrier({ keywordScope: readKeywordScope(process.env) }, key),
    secrets: createLightAccountSecrets(aws, requireEnvironment(ENVIRONMENT.accountSecretPrefix)),
    crypto: nodeCrypto,
    observer: createIngressObserver('receive-webhook', { clock: systemClock, write: writeLine }),
  };
  return createHandler(ports, readIngressSettings(process.env));
});

export const handler: WebhookHandler = async (event, context) => (await onFirstRequest())(event, context);
