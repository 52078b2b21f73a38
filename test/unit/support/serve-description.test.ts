import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { openApiDescription } from '../../../functions/shared/contract/open-api.ts';
import { APPLICATION_ROUTES, type ApplicationRoute } from '../../../functions/shared/contract/routes.ts';
import { createHandler } from '../../../functions/support/serve-description/handler.ts';
import { RecordingObserver } from '../../fakes/ingress/recording-observer.ts';
import { httpEvent, lambdaContext } from '../../fakes/messaging/lambda-events.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document whose shape is what is tested here
type Json = any;

const DOCUMENT: Json = JSON.parse(JSON.stringify(openApiDescription('1')));
const ROUTES = Object.entries<ApplicationRoute>(APPLICATION_ROUTES);
const operationOf = ({ method, path }: ApplicationRoute): Json => DOCUMENT.paths[path][method.toLowerCase()];

const schemas = ROUTES.flatMap(([name, route]) => {
  const { requestBody, responses } = operationOf(route);
  const contents: [string, Json][] = Object.entries<Json>({
    ...responses,
    ...(requestBody && { request: requestBody }),
  }).map(([status, body]) => [`${name} ${status}`, Object.values<Json>(body.content)[0].schema]);
  return contents;
});

const validatorOf = (schema: Json) => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  // @ts-expect-error -- the package's types give a module where node gives the function
  ajvFormats(ajv);
  return ajv.compile(schema);
};

const valuesOf = (node: Json, key: string): Json[] =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries<Json>(node).flatMap(([name, value]) => [
        ...(name === key ? [value] : []),
        ...valuesOf(value, key),
      ]);

describe('the description of the API', () => {
  test('is an OpenAPI 3.1 document', () => {
    expect(DOCUMENT).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: expect.any(String), version: '1' },
    });
    expect(Object.keys(DOCUMENT).sort()).toEqual(['components', 'info', 'openapi', 'paths']);
  });

  test('has every route of the API, and no other', () => {
    const described = Object.entries<Json>(DOCUMENT.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(ROUTES.map(([, { method, path }]) => `${method} ${path}`).sort());
  });

  test('names each operation once', () => {
    expect(ROUTES.map(([, route]) => operationOf(route).operationId)).toEqual(ROUTES.map(([name]) => name));
  });

  test('has no reference that leads nowhere', () => {
    for (const reference of valuesOf(DOCUMENT, '$ref')) {
      const found = String(reference)
        .replace(/^#\//, '')
        .split('/')
        .reduce((node: Json, part) => node?.[part], DOCUMENT);
      expect(found).toBeDefined();
    }
  });

  test.each(schemas)('the schema of %s is one of JSON Schema 2020-12', (_name, schema) => {
    expect(() => validatorOf(schema)).not.toThrow();
  });

  test.each(ROUTES)('%s says who may call, what stands in its path, and what it answers', (_name, route) => {
    const operation = operationOf(route);
    expect(operation.security).toEqual(route.scope === 'open' ? [] : [{ token: [route.scope] }]);
    expect(DOCUMENT.components.securitySchemes).toHaveProperty('token');
    const inPath = operation.parameters.filter((parameter: Json) => parameter.in === 'path');
    expect(inPath.map((parameter: Json) => `{${parameter.name}}`)).toEqual(
      route.path.match(/\{\w+\}/g) ?? [],
    );
    expect(inPath.every((parameter: Json) => parameter.required === true)).toBe(true);
    const statuses = Object.keys(operation.responses).map(Number);
    const isDryRunnable = route === APPLICATION_ROUTES.sendMessage;
    expect(statuses.filter((status) => status < 300)).toHaveLength(isDryRunnable ? 2 : 1);
    for (const [status, answer] of Object.entries<Json>(operation.responses)) {
      expect(answer.description).not.toBe('');
      expect(Object.keys(answer.content)).toEqual([
        Number(status) < 300 ? 'application/json' : 'application/problem+json',
      ]);
    }
  });

  /** A question that names an address is a POST: addresses stand in no URL. */
  const isQuestion = (name: string): boolean => name === 'lookupContact';

  test.each(ROUTES.filter(([name, { method }]) => method !== 'GET' && !isQuestion(name)))(
    '%s changes something and needs an Idempotency-Key',
    (_name, route) => {
      expect(operationOf(route).parameters).toContainEqual(
        expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true }),
      );
    },
  );

  test('describes the request as the handler parses it', () => {
    const validate = validatorOf(
      operationOf(APPLICATION_ROUTES.sendMessage).requestBody.content['application/json'].schema,
    );
    expect(validate({ to: '+14155550123', body: 'hello', trafficClass: 'otp' })).toBe(true);
    expect(
      validate({
        to: '+14155550123',
        body: 'hello',
        trafficClass: 'otp',
        sendAt: '2026-03-01T12:00:00+01:00',
      }),
    ).toBe(true);
    expect(validate({ to: '+14155550123', body: 'hello' })).toBe(false);
    expect(validate({ to: '+14155550123', body: 'hello', trafficClass: 'bulk' })).toBe(false);
    expect(validate({ to: '+14155550123', body: 'hello', trafficClass: 'otp', From: 'x' })).toBe(false);
    expect(validate({ to: '+14155550123', body: 'x'.repeat(1_601), trafficClass: 'otp' })).toBe(false);
  });
});

describe('serve-description', () => {
  const observer = new RecordingObserver();
  const handler = createHandler({ environment: 'test' }, observer);
  const get = (routeKey: string) => handler(httpEvent({ routeKey }), lambdaContext());

  test('serves the description to everybody', async () => {
    const response = await get('GET /v1/openapi.json');
    expect(response).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(response.body)).toEqual(DOCUMENT);
  });

  test('says that the API answers, and in which environment', async () => {
    const response = await get('GET /v1/health');
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(response.body)).toEqual({ status: 'ok', environment: 'test' });
  });

  test('knows no other route', async () => {
    expect((await get('GET /v1/messages/{id}')).statusCode).toBe(404);
  });
});
