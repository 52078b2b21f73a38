import { parseConnectionOverrides, type RetryCause } from '../domain/connection-overrides.ts';
import {
  type Delivery,
  sendAttempt,
  type WebhookAttempt,
  type WebhookPorts,
  type WebhookRequest,
} from './send-attempt.ts';
import { withoutFragmentAndUserInfo } from './sign-twilio-request.ts';
import type { TransportFailure, TransportOutcome } from './webhook-transport.ts';

export type WebhookResult =
  | {
      readonly kind: 'answered';
      readonly url: string;
      readonly statusCode: number;
      readonly contentType: string | undefined;
      readonly body: string;
    }
  | { readonly kind: 'failed'; readonly errorCode: number; readonly detail: string };

export interface WebhookReport {
  readonly attempts: readonly WebhookAttempt[];
  readonly result: WebhookResult;
}

const mostRedirects = 10;

/**
 * Delivers one webhook under the connection overrides in its URL's fragment: retries only for the causes that
 * `rp` names, everything together within the total time, redirects followed with GET and without parameters.
 */
export async function deliverWebhook(request: WebhookRequest, ports: WebhookPorts): Promise<WebhookReport> {
  const parsed = parseConnectionOverrides(request.url);
  if (parsed.kind === 'invalid') {
    return {
      attempts: [],
      result: { kind: 'failed', errorCode: parsed.errorCode, detail: parsed.detail },
    };
  }
  const target = withoutFragmentAndUserInfo(request.url);
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) {
    return { attempts: [], result: { kind: 'failed', errorCode: 11100, detail: 'the URL is not valid' } };
  }
  const delivery = { request, ports, overrides: parsed.overrides, startedAt: ports.now(), attempts: [] };
  return tryUntilDone(delivery);
}

async function tryUntilDone(delivery: Delivery): Promise<WebhookReport> {
  const { overrides, attempts, ports } = delivery;
  for (let tries = 0; ; tries += 1) {
    const { outcome, url } = await followRedirects(delivery);
    const cause = retryCause(outcome);
    const timeIsLeft = ports.now() - delivery.startedAt < overrides.totalTimeoutMs;
    const again = cause !== undefined && overrides.retryOn.includes(cause);
    if (!again || tries >= overrides.retryCount || !timeIsLeft) {
      return { attempts, result: resultOf(outcome, url) };
    }
  }
}

interface Answer {
  readonly outcome: TransportOutcome | 'too-many-redirects';
  readonly url: string;
}

async function followRedirects(delivery: Delivery): Promise<Answer> {
  let url = withoutFragmentAndUserInfo(delivery.request.url);
  let method = delivery.request.method;
  let params = delivery.request.params;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const outcome = await sendAttempt(delivery, { url, method, params });
    const location = redirectOf(outcome, url);
    if (location === undefined) return { outcome, url };
    url = location;
    method = 'GET';
    params = [];
  }
  return { outcome: 'too-many-redirects', url };
}

function redirectOf(outcome: TransportOutcome, base: string): string | undefined {
  if (outcome.kind !== 'answered' || ![301, 302, 303, 307, 308].includes(outcome.statusCode))
    return undefined;
  const location = outcome.headers.location;
  return location && URL.canParse(location, base) ? new URL(location, base).href : undefined;
}

/** A connection that breaks before the first byte counts as a read failure (assumption); a partial answer is never retried. */
function retryCause(outcome: TransportOutcome | 'too-many-redirects'): RetryCause | undefined {
  if (outcome === 'too-many-redirects') return undefined;
  if (outcome.kind === 'answered') {
    if (outcome.statusCode >= 500) return '5xx';
    return outcome.statusCode >= 400 ? '4xx' : undefined;
  }
  switch (outcome.failure) {
    case 'dns':
    case 'connect':
    case 'connect-timeout':
    case 'tls':
      return 'ct';
    case 'read-timeout':
    case 'reset':
      return 'rt';
    case 'total-timeout':
    case 'partial':
    case 'protocol':
      return undefined;
  }
}

/** https://www.twilio.com/docs/api/errors: 11200 retrieval, 11203 total time, 11205 connection, 11210 host … */
const errorCodes: Readonly<Record<TransportFailure, number>> = {
  dns: 11210,
  connect: 11205,
  'connect-timeout': 11205,
  tls: 11220,
  'read-timeout': 11200,
  'total-timeout': 11203,
  reset: 11206,
  partial: 11206,
  protocol: 11206,
};

function resultOf(outcome: TransportOutcome | 'too-many-redirects', url: string): WebhookResult {
  if (outcome === 'too-many-redirects') {
    return { kind: 'failed', errorCode: 11215, detail: 'too many redirects' };
  }
  if (outcome.kind === 'failed') {
    return { kind: 'failed', errorCode: errorCodes[outcome.failure], detail: outcome.detail };
  }
  if (outcome.statusCode < 200 || outcome.statusCode >= 300) {
    return {
      kind: 'failed',
      errorCode: 11200,
      detail: `Got HTTP ${outcome.statusCode} response to ${url}`,
    };
  }
  return {
    kind: 'answered',
    url,
    statusCode: outcome.statusCode,
    contentType: outcome.headers['content-type'],
    body: outcome.body,
  };
}
