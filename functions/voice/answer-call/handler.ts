import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { FLOWS } from '../../../config/flows/index.ts';
import { createLightAccountSecrets } from '../../shared/aws/light/account-secrets.ts';
import { createHttpTransport } from '../../shared/aws/light/http-transport.ts';
import { createLightAws } from '../../shared/aws/light/light-aws.ts';
import { createLightTables } from '../../shared/aws/light/light-tables.ts';
import { ENVIRONMENT, tableEnvironmentName } from '../../shared/contract/environment.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { systemWithin } from '../../shared/runtime/deadline.ts';
import { requireEnvironment } from '../../shared/runtime/environment.ts';
import { createIngressObserver, writeLine } from '../../shared/runtime/ingress-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { nodeCrypto } from '../../shared/runtime/webhooks/node-crypto.ts';
import { toWebhookRequest } from '../../shared/runtime/webhooks/webhook-request.ts';
import { answerCall } from '../answer-call.ts';
import { answerRequest, observeAnswer } from '../answer-request.ts';
import { createFlowShelf } from '../flow-shelf.ts';
import type { AnswerPorts, AnswerSettings } from '../ports.ts';
import { readAnswerSettings } from '../settings.ts';

type CallHandler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'awsRequestId'>,
) => Promise<APIGatewayProxyStructuredResultV2>;

export const createHandler =
  (ports: AnswerPorts, settings: AnswerSettings): CallHandler =>
  async (event, { awsRequestId }) => {
    const startedAt = ports.clock();
    try {
      const owner = `${awsRequestId}#${ports.randomness.token()}`;
      const outcome = await answerCall(toWebhookRequest(event, owner), ports, settings);
      observeAnswer(outcome, ports.clock() - startedAt, ports.observer);
      return answerRequest(outcome);
    } finally {
      ports.observer.flush();
    }
  };

const onFirstRequest = onColdStart(() => {
  const parts = { clock: systemClock, randomness: systemRandomness, sleep: systemSleep };
  const aws = createLightAws(process.env, { ...parts, transport: createHttpTransport() });
  const tables = createLightTables(aws, { voice: requireEnvironment(tableEnvironmentName('voice')) });
  const ports = {
    ...parts,
    tables,
    within: systemWithin,
    secrets: createLightAccountSecrets(aws, requireEnvironment(ENVIRONMENT.accountSecretPrefix)),
    crypto: nodeCrypto,
    observer: createIngressObserver('answer-call', { clock: systemClock, write: writeLine }),
    flows: createFlowShelf(FLOWS, { tables, crypto: nodeCrypto, clock: systemClock }),
  };
  return createHandler(ports, readAnswerSettings(process.env));
});

export const handler: CallHandler = async (event, context) => (await onFirstRequest())(event, context);
