import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createOptOutBarrier } from '../../../functions/consent/opt-out-barrier.ts';
import { createHandler } from '../../../functions/ingress/receive-webhook/handler.ts';
import { HOOK_ROUTES, type HookRoute } from '../../../functions/shared/contract/routes.ts';
import type { AccountSecrets } from '../../../functions/shared/ports/account-secrets.ts';
import { nodeCrypto } from '../../../functions/shared/runtime/webhooks/node-crypto.ts';
import { CONTACT_KEY } from '../consent/consent-of.ts';
import { MemoryInbox } from './memory-inbox.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { RecordingObserver } from './recording-observer.ts';
import { bodySha256, encodeForm, type Parameter, signForm, signUrl } from './twilio-signer.ts';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const OTHER_ACCOUNT = `AC${'f'.repeat(32)}`;
export const TOKEN = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
export const ATTEMPT = 'AbCdEfGhIjKlMnOpQrStUv';
export const ORIGIN = 'https://hooks.example.com';
export const MESSAGE_SID = `SM${'a1'.repeat(16)}`;

export const INBOUND: readonly Parameter[] = [
  ['ToCountry', 'US'],
  ['SmsMessageSid', MESSAGE_SID],
  ['NumMedia', '0'],
  ['ToCity', ''],
  ['FromZip', '01022'],
  ['SmsSid', MESSAGE_SID],
  ['FromState', 'MA'],
  ['SmsStatus', 'received'],
  ['FromCity', 'CHICOPEE'],
  ['Body', 'Hello there, is it 10+ or 20%?'],
  ['FromCountry', 'US'],
  ['To', '+15550100001'],
  ['NumSegments', '1'],
  ['MessageSid', MESSAGE_SID],
  ['AccountSid', ACCOUNT],
  ['From', '+15550100002'],
  ['ApiVersion', '2010-04-01'],
];

export const STATUS: readonly Parameter[] = [
  ['MessageSid', MESSAGE_SID],
  ['MessageStatus', 'delivered'],
  ['AccountSid', ACCOUNT],
  ['From', '+15550100001'],
  ['To', '+15550100002'],
  ['ApiVersion', '2010-04-01'],
];

const TASK_INSTRUCTIONS = new Map([
  [`WW${'d'.repeat(32)}`, { instruction: 'dequeue', from: '+15550100001' }],
  ['*', {}],
]);

export const replace = (
  parameters: readonly Parameter[],
  name: string,
  value: string | undefined,
): Parameter[] => [
  ...parameters.filter(([other]) => other !== name),
  ...(value === undefined ? [] : [[name, value] as const]),
];

export interface Delivery {
  readonly route?: HookRoute;
  readonly accountSid?: string;
  readonly token?: string;
  readonly query?: string;
  readonly body?: string;
  readonly signature?: string | undefined;
  readonly contentType?: string;
  readonly isBase64Encoded?: boolean;
}

export const pathOf = ({
  route = 'inboundMessage',
  accountSid = ACCOUNT,
  token = ATTEMPT,
}: Delivery): string => HOOK_ROUTES[route].replace('{accountSid}', accountSid).replace('{token}', token);

/** A handler with ports in memory, and Twilio at the other end. */
export class HooksHarness {
  readonly inbox = new MemoryInbox();
  readonly secrets = new MemorySecrets();
  readonly observer = new RecordingObserver();
  now = Date.parse('2026-03-01T12:00:00.000Z');
  #invocations = 0;
  readonly #handler: ReturnType<typeof createHandler>;

  constructor(origin = ORIGIN, accountSecrets?: AccountSecrets) {
    this.secrets.set(ACCOUNT, TOKEN);
    const randomness = { token: () => `nonce-${this.#invocations}`, fraction: () => 0 };
    const { inbox, observer } = this;
    const secrets = accountSecrets ?? this.secrets;
    const ports = {
      inbox,
      barrier: createOptOutBarrier({ keywordScope: 'everything' }, async () => CONTACT_KEY),
      secrets,
      observer,
      crypto: nodeCrypto,
      clock: () => this.now,
      randomness,
      sleep: async () => undefined,
    };
    this.#handler = createHandler(ports, {
      hooksOrigin: origin,
      accountSids: new Set([ACCOUNT]),
      retentionDays: 35,
      taskInstructions: TASK_INSTRUCTIONS,
    });
  }

  /** Posts a request as it stands; unsigned unless a signature is given. */
  async post(delivery: Delivery): Promise<APIGatewayProxyStructuredResultV2> {
    this.#invocations += 1;
    return await this.#handler(eventOf(delivery), { awsRequestId: `request-${this.#invocations}` });
  }

  async postForm(parameters: readonly Parameter[], delivery: Delivery = {}, token = TOKEN) {
    const query = delivery.query ? `?${delivery.query}` : '';
    const signature = signForm(token, `${ORIGIN}${pathOf(delivery)}${query}`, parameters);
    return await this.post({ body: encodeForm(parameters), signature, ...delivery });
  }

  async postJson(body: string, delivery: Delivery = {}) {
    const query = `bodySHA256=${bodySha256(body)}`;
    const route = delivery.route ?? 'eventStreams';
    const signature = signUrl(TOKEN, `${ORIGIN}${pathOf({ ...delivery, route })}?${delivery.query ?? query}`);
    return await this.post({ route, body, query, signature, contentType: 'application/json', ...delivery });
  }

  get onlyItem() {
    if (this.inbox.items.size !== 1) throw new Error(`${this.inbox.items.size} items`);
    return [...this.inbox.items.values()][0]!;
  }

  outcomes(): readonly string[] {
    return [...this.observer.counts.keys()].flatMap((name) =>
      name.startsWith('Webhook:') ? [name.slice(8)] : [],
    );
  }
}

const eventOf = (delivery: Delivery): APIGatewayProxyEventV2 => {
  const { route = 'inboundMessage', accountSid = ACCOUNT, token = ATTEMPT, signature } = delivery;
  const routeKey = `POST ${HOOK_ROUTES[route]}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: '/not/to/be/used',
    rawQueryString: delivery.query ?? '',
    headers: {
      'content-type': delivery.contentType ?? 'application/x-www-form-urlencoded; charset=UTF-8',
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      ...(signature !== undefined && { 'x-twilio-signature': signature }),
    },
    pathParameters: { accountSid, ...(HOOK_ROUTES[route].includes('{token}') && { token }) },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'evil.example',
      domainPrefix: 'evil',
      http: {
        method: 'POST',
        path: '/',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'TwilioProxy/1.1',
      },
      requestId: 'request',
      routeKey,
      stage: '$default',
      time: '01/Mar/2026:12:00:00 +0000',
      timeEpoch: 0,
    },
    ...(delivery.body !== undefined && { body: delivery.body }),
    isBase64Encoded: delivery.isBase64Encoded ?? false,
  };
};
