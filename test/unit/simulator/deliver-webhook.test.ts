import { describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { deliverWebhook } from '../../../local/twilio/webhooks/deliver-webhook.ts';
import type {
  TransportFailure,
  TransportOutcome,
  TransportRequest,
} from '../../../local/twilio/webhooks/webhook-transport.ts';

const answered = (statusCode: number, headers: Record<string, string> = {}, body = ''): TransportOutcome => ({
  kind: 'answered',
  statusCode,
  headers: { 'content-type': 'text/xml', ...headers },
  body,
});
const failed = (failure: TransportFailure): TransportOutcome => ({
  kind: 'failed',
  failure,
  detail: failure,
});

/** A transport that gives these outcomes in turn, each after so many milliseconds. */
function scripted(outcomes: readonly TransportOutcome[], durationMs = 10) {
  const requests: TransportRequest[] = [];
  let now = 1000;
  const transport = async (request: TransportRequest): Promise<TransportOutcome> => {
    requests.push(request);
    now += durationMs;
    return outcomes[requests.length - 1] ?? answered(200);
  };
  return { requests, ports: { transport, now: () => now } };
}

const request = (url: string, more: Partial<Parameters<typeof deliverWebhook>[0]> = {}) => ({
  url,
  method: 'POST' as const,
  params: [
    ['B', '2'],
    ['A', '1 é'],
  ] as const,
  authToken: 'token',
  idempotencyToken: 'once',
  ...more,
});

describe('what is sent', () => {
  test('a signed form, in its own order, with the headers of Twilio', async () => {
    const { requests, ports } = scripted([]);
    await deliverWebhook(request('https://user:secret@example.com:8443/hook?x=1#rc=2'), ports);
    const [sent] = requests;
    expect(sent).toMatchObject({
      method: 'POST',
      url: 'https://example.com:8443/hook?x=1',
      body: 'B=2&A=1+%C3%A9',
      connectTimeoutMs: 5000,
      readTimeoutMs: 15000,
    });
    expect(sent?.headers).toMatchObject({
      'User-Agent': 'TwilioProxy/1.1',
      'I-Twilio-Idempotency-Token': 'once',
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    });
    expect(sent?.headers).not.toHaveProperty('Authorization');
    const signature = sent?.headers['X-Twilio-Signature'] ?? '';
    expect(twilio.validateRequest('token', signature, sent!.url, { A: '1 é', B: '2' })).toBe(true);
  });

  test('with GET the parameters are in the signed URL', async () => {
    const { requests, ports } = scripted([]);
    await deliverWebhook(request('https://example.com/hook?x=1', { method: 'GET' }), ports);
    expect(requests[0]).toMatchObject({ method: 'GET', url: 'https://example.com/hook?x=1&B=2&A=1+%C3%A9' });
    const signature = requests[0]?.headers['X-Twilio-Signature'] ?? '';
    expect(twilio.validateRequest('token', signature, requests[0]!.url, {})).toBe(true);
  });

  test('credentials of the URL are sent once a 401 asks for them', async () => {
    const { requests, ports } = scripted([answered(401, { 'www-authenticate': 'Basic realm="x"' })]);
    const { result } = await deliverWebhook(request('https://user:secret@example.com/'), ports);
    expect(requests.map(({ headers }) => headers.Authorization)).toEqual([
      undefined,
      'Basic dXNlcjpzZWNyZXQ=',
    ]);
    expect(result.kind).toBe('answered');
  });
});

describe('retries', () => {
  const tries = async (url: string, outcomes: readonly TransportOutcome[], durationMs?: number) => {
    const { requests, ports } = scripted(outcomes, durationMs);
    const { result } = await deliverWebhook(request(url), ports);
    return [requests.length, result.kind === 'failed' ? result.errorCode : result.statusCode];
  };

  test.each([
    ['a refused connection is tried once more', '', [failed('connect')], [2, 200]],
    ['a connection that stays refused is given up', '', [failed('connect'), failed('connect')], [2, 11205]],
    ['a TLS failure counts as a connection failure', '', [failed('tls'), failed('tls')], [2, 11220]],
    ['an unknown host too', '', [failed('dns'), failed('dns')], [2, 11210]],
    ['a 5xx is not tried again by default', '', [answered(503)], [1, 11200]],
    ['a read timeout is not tried again by default', '', [failed('read-timeout')], [1, 11200]],
    ['rp=5xx tries a 5xx again', '#rp=5xx', [answered(503)], [2, 200]],
    ['rp=5xx no longer tries a connection', '#rp=5xx', [failed('connect')], [1, 11205]],
    ['rp=4xx tries a 404 again', '#rp=4xx', [answered(404)], [2, 200]],
    ['rp=rt tries a read timeout again', '#rp=rt', [failed('read-timeout')], [2, 200]],
    ['rc=0 tries nothing again', '#rc=0', [failed('connect')], [1, 11205]],
    ['rc=3&rp=all tries three times more', '#rc=3&rp=all', Array(4).fill(answered(500)), [4, 11200]],
    ['a partial answer is never tried again', '#rc=3&rp=all', [failed('partial')], [1, 11206]],
    ['a wrong policy calls nothing', '#rp=never', [], [0, 11243]],
  ] as const)('%s', async (_, fragment, outcomes, expected) => {
    expect(await tries(`https://example.com/${fragment}`, outcomes)).toEqual(expected);
  });

  test('retries end with the total time', async () => {
    const outcomes = Array(6).fill(failed('read-timeout'));
    expect(await tries('https://example.com/#rc=5&rp=all&rt=4000', outcomes, 4000)).toEqual([4, 11200]);
  });

  test('an attempt gets no more than what is left of the total time', async () => {
    const { requests, ports } = scripted([answered(500), answered(500)], 2000);
    await deliverWebhook(request('https://example.com/#rc=2&rp=5xx&tt=5000'), ports);
    expect(requests.map(({ totalTimeoutMs }) => totalTimeoutMs)).toEqual([5000, 3000, 1000]);
  });

  test('the idempotency token and the signature are the same in every attempt', async () => {
    const { requests, ports } = scripted([failed('connect')]);
    await deliverWebhook(request('https://example.com/'), ports);
    expect(requests[0]?.headers).toEqual(requests[1]?.headers);
  });
});

describe('redirects', () => {
  test('are followed with GET and without parameters', async () => {
    const { requests, ports } = scripted([answered(302, { location: '/next?y=2' })]);
    await deliverWebhook(request('https://example.com/hook'), ports);
    expect(requests.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', 'https://example.com/hook', 'B=2&A=1+%C3%A9'],
      ['GET', 'https://example.com/next?y=2', undefined],
    ]);
  });

  test('an endless chain ends with 11215', async () => {
    const { requests, ports } = scripted(Array(20).fill(answered(301, { location: '/again' })));
    const { result } = await deliverWebhook(request('https://example.com/hook'), ports);
    expect([requests.length, result]).toEqual([11, expect.objectContaining({ errorCode: 11215 })]);
  });
});
