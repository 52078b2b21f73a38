import { describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { callerOf } from '../../../functions/shared/runtime/http/caller.ts';
import {
  createHttpHandler,
  type RouteFunction,
} from '../../../functions/shared/runtime/http/http-handler.ts';
import { readHttpRequest } from '../../../functions/shared/runtime/http/http-request.ts';
import { json } from '../../../functions/shared/runtime/http/http-response.ts';
import { readIdempotencyKey } from '../../../functions/shared/runtime/http/idempotency-key.ts';
import { readJsonBody } from '../../../functions/shared/runtime/http/read-json-body.ts';
import { createRecordingObserver } from '../../fakes/recording-observer.ts';

const eventWith = (fields: Record<string, unknown> = {}) => ({
  version: '2.0',
  routeKey: 'POST /v1/messages/{id}',
  rawPath: '/v1/messages/i1',
  rawQueryString: 'a=1&a=2&b=%2B1',
  headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'key-1' },
  pathParameters: { id: 'i1' },
  requestContext: {
    requestId: 'request-1',
    authorizer: { jwt: { claims: { client_id: 'client-1', scope: 'messages:send support' }, scopes: null } },
  },
  body: '{"n":1}',
  isBase64Encoded: false,
  ...fields,
});

const requestWith = (fields: Record<string, unknown> = {}) => readHttpRequest(eventWith(fields));

describe('a request', () => {
  test('is read from the payload of API Gateway', () => {
    const request = requestWith();
    expect(request).toMatchObject({
      routeKey: 'POST /v1/messages/{id}',
      path: '/v1/messages/i1',
      requestId: 'request-1',
    });
    expect(request.pathParameters).toEqual({ id: 'i1' });
    expect([...request.query]).toEqual(
      expect.arrayContaining([
        ['a', '1'],
        ['b', '+1'],
      ]),
    );
    expect(request.headers.get('content-type')).toBe('application/json');
    expect(request.body.toString()).toBe('{"n":1}');
    expect(request.caller).toEqual({ clientId: 'client-1', scopes: new Set(['messages:send', 'support']) });
  });

  test('has bytes, whether they came as base64 or not', () => {
    expect(requestWith({ body: '4oKs', isBase64Encoded: true }).body.toString()).toBe('€');
    expect(requestWith({ body: undefined }).body.byteLength).toBe(0);
  });
});

describe('the caller', () => {
  test.each([
    [{ client_id: 'c', sub: 's', azp: 'a' }, 'c'],
    [{ sub: 's', azp: 'a' }, 's'],
    [{ azp: 'a' }, 'a'],
  ])('of %p is %s', (claims, clientId) => {
    expect(callerOf({ claims })?.clientId).toBe(clientId);
  });

  test.each([
    [{ sub: 's', scope: 'a b' }, null, ['a', 'b']],
    [{ sub: 's', scp: '[a b]' }, null, ['a', 'b']],
    [{ sub: 's' }, ['a'], ['a']],
    [{ sub: 's' }, undefined, []],
  ])('with %p and %p has the scopes %p', (claims, scopes, expected) => {
    expect([...(callerOf({ claims, scopes })?.scopes ?? [])]).toEqual(expected);
  });

  test.each([[undefined], [{}], [{ claims: {} }], [{ claims: { sub: '' } }], ['text']])(
    'is nobody for %p',
    (jwt) => {
      expect(callerOf(jwt)).toBeUndefined();
    },
  );
});

describe('a JSON body', () => {
  const schema = z.strictObject({
    n: z.int(),
    'a/b~c': z.array(z.strictObject({ to: z.string() })).default([]),
  });
  const read = (fields: Record<string, unknown>) => readJsonBody(requestWith(fields), schema);
  const refusal = (fields: Record<string, unknown>) => {
    const result = read(fields);
    if (result.kind === 'read') throw new Error('was read');
    expect(result.response.headers['content-type']).toBe('application/problem+json');
    return { status: result.response.statusCode, problem: JSON.parse(result.response.body) };
  };

  test('is read by its schema', () => {
    expect(read({ body: '{"n":1}' })).toEqual({ kind: 'read', body: { n: 1, 'a/b~c': [] } });
    expect(read({ headers: { 'content-type': 'application/json; charset=utf-8' } }).kind).toBe('read');
    expect(read({ headers: { 'content-type': 'application/vnd.x+json' } }).kind).toBe('read');
  });

  test('of 256 KB is read, a byte more is not', () => {
    const padded = (bytes: number) => `{"n":1}${' '.repeat(bytes - 7)}`;
    expect(read({ body: padded(256 * 1024) }).kind).toBe('read');
    expect(refusal({ body: padded(256 * 1024 + 1) }).status).toBe(413);
  });

  test.each([
    ['another media type', { headers: { 'content-type': 'text/plain' } }, 415],
    ['no media type', { headers: {} }, 415],
    ['text that is not JSON', { body: '{"n":' }, 400],
    ['nothing', { body: '' }, 400],
    [
      'bytes that are not UTF-8',
      { body: Buffer.from([0x22, 0xff, 0x22]).toString('base64'), isBase64Encoded: true },
      400,
    ],
  ])('with %s is refused', (_, fields, status) => {
    expect(refusal(fields).status).toBe(status);
  });

  test('of another shape is refused with a pointer to each fault, and no value of it', () => {
    const { status, problem } = refusal({ body: '{"n":"+14155550123","x":1,"a/b~c":[{"to":5}]}' });
    expect(status).toBe(400);
    expect(problem).toMatchObject({
      type: 'urn:trunkline:problem:invalid-request',
      status: 400,
      instance: 'urn:trunkline:request:request-1',
    });
    expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      '/a~1b~0c/0/to',
      '/n',
      '/x',
    ]);
    expect(JSON.stringify(problem)).not.toContain('415');
  });

  test('cannot reach a prototype', () => {
    expect(refusal({ body: '{"n":1,"__proto__":{"x":1}}' }).status).toBe(400);
  });
});

describe('an idempotency key', () => {
  const withKey = (key: string | undefined) =>
    readIdempotencyKey(requestWith({ headers: { 'idempotency-key': key } }));

  test.each(['a', '!~', 'x'.repeat(255)])('may be %p', (key) => {
    expect(withKey(key)).toEqual({ kind: 'read', key });
  });

  test.each([undefined, '', 'x'.repeat(256), 'with space', 'tab\t', 'é'])('may not be %p', (key) => {
    expect(withKey(key).kind).toBe('refused');
  });
});

describe('a handler', () => {
  const call = async (route: RouteFunction, event: unknown = eventWith()) => {
    const observer = createRecordingObserver();
    const handler = createHttpHandler({ routes: { 'POST /v1/messages/{id}': route }, observer });
    const response = await handler(event, {} as Context);
    return { response, problem: JSON.parse(response.body), observer };
  };

  test('gives the request to its route', async () => {
    const { response } = await call(async ({ pathParameters }) => json(202, { id: pathParameters.id }));
    expect(response).toEqual({
      statusCode: 202,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"id":"i1"}',
    });
  });

  test.each(['$default', 'constructor', 'GET /v1/messages/{id}'])('has no route for %s', async (routeKey) => {
    const { response } = await call(async () => json(200, {}), eventWith({ routeKey }));
    expect(response.statusCode).toBe(404);
  });

  test('answers 503 with Retry-After while the store is not to be had', async () => {
    const { response } = await call(() => Promise.reject(new StoreUnavailableError('busy')));
    expect(response).toMatchObject({ statusCode: 503, headers: { 'retry-after': '2' } });
  });

  test('answers 500 without a word of the error, and logs it under the id that the answer names', async () => {
    const error = new Error('secret detail');
    const { response, problem, observer } = await call(() => Promise.reject(error));
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(problem.instance).toBe('urn:trunkline:request:request-1');
    expect(observer.lines).toEqual([
      expect.objectContaining({
        level: 'error',
        error,
        fields: expect.objectContaining({ correlationId: 'request-1' }),
      }),
    ]);
  });
});
