import type { ConnectionOverrides } from '../domain/connection-overrides.ts';
import type { WebhookParameters } from '../domain/webhook-parameters.ts';
import { signTwilioRequest } from './sign-twilio-request.ts';
import type { TransportFailure, TransportOutcome, WebhookTransport } from './webhook-transport.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly params: WebhookParameters;
  readonly authToken: string;
  readonly idempotencyToken: string;
  /** Voice signs an https URL without its port. @default messaging */
  readonly product?: 'messaging' | 'voice' | undefined;
}

export interface WebhookPorts {
  readonly transport: WebhookTransport;
  readonly now: () => number;
}

export interface WebhookAttempt {
  readonly at: number;
  readonly durationMs: number;
  readonly url: string;
  readonly statusCode?: number | undefined;
  readonly failure?: TransportFailure | undefined;
}

/** One webhook on its way, with the attempts made so far. */
export interface Delivery {
  readonly request: WebhookRequest;
  readonly ports: WebhookPorts;
  readonly overrides: ConnectionOverrides;
  readonly startedAt: number;
  readonly attempts: WebhookAttempt[];
}

export interface Target {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly params: WebhookParameters;
}

/** One attempt; HTTP Basic credentials of the URL are sent only after a 401 asked for them. */
export async function sendAttempt(delivery: Delivery, target: Target): Promise<TransportOutcome> {
  const outcome = await send(delivery, target, undefined);
  const credentials = /^[a-z]+:\/\/([^/?@]*)@/i.exec(delivery.request.url)?.[1];
  const challenged =
    outcome.kind === 'answered' &&
    outcome.statusCode === 401 &&
    /^basic/i.test(outcome.headers['www-authenticate'] ?? '');
  return challenged && credentials !== undefined ? send(delivery, target, credentials) : outcome;
}

async function send(
  delivery: Delivery,
  target: Target,
  credentials: string | undefined,
): Promise<TransportOutcome> {
  const { request, ports, overrides } = delivery;
  const form = new URLSearchParams(
    target.params.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const asQuery = target.method === 'GET' && form !== '';
  const url = asQuery ? `${target.url}${target.url.includes('?') ? '&' : '?'}${form}` : target.url;
  const at = ports.now();
  const outcome = await ports.transport({
    method: target.method,
    url,
    headers: {
      ...signedHeaders(request, { ...target, url }),
      ...(credentials === undefined
        ? {}
        : { Authorization: `Basic ${Buffer.from(decodeURIComponent(credentials)).toString('base64')}` }),
    },
    body: target.method === 'POST' ? form : undefined,
    connectTimeoutMs: overrides.connectTimeoutMs,
    readTimeoutMs: overrides.readTimeoutMs,
    totalTimeoutMs: Math.max(1, overrides.totalTimeoutMs - (at - delivery.startedAt)),
  });
  delivery.attempts.push({
    at,
    durationMs: ports.now() - at,
    url: target.url,
    ...(outcome.kind === 'answered' ? { statusCode: outcome.statusCode } : { failure: outcome.failure }),
  });
  return outcome;
}

function signedHeaders(request: WebhookRequest, target: Target): Record<string, string> {
  const params = target.method === 'POST' ? grouped(target.params) : {};
  const { authToken, product } = request;
  const { signature } = signTwilioRequest({ authToken, url: target.url, params, product });
  return {
    'User-Agent': 'TwilioProxy/1.1',
    Accept: '*/*',
    'X-Home-Region': 'us1',
    'X-Twilio-Signature': signature,
    'I-Twilio-Idempotency-Token': request.idempotencyToken,
    ...(target.method === 'POST'
      ? { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }
      : {}),
  };
}

function grouped(params: WebhookParameters): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of params) values[name] = [...(values[name] ?? []), value];
  return values;
}
