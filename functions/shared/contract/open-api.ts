import * as z from 'zod';
import { ProblemDocument } from './api/service.ts';
import { BATCH_OPERATIONS } from './operations/batch-operations.ts';
import { CALL_OPERATIONS } from './operations/call-operations.ts';
import { CONSENT_OPERATIONS } from './operations/consent-operations.ts';
import { MESSAGE_OPERATIONS } from './operations/message-operations.ts';
import type { Operation } from './operations/operation.ts';
import { OPERATOR_OPERATIONS } from './operations/operator-operations.ts';
import { SERVICE_OPERATIONS } from './operations/service-operations.ts';
import { TIMELINE_OPERATIONS } from './operations/timeline-operations.ts';
import { APPLICATION_ROUTES, type ApplicationRoute } from './routes.ts';

const OPERATIONS: Readonly<Record<keyof typeof APPLICATION_ROUTES, Operation>> = {
  ...MESSAGE_OPERATIONS,
  ...CALL_OPERATIONS,
  ...BATCH_OPERATIONS,
  ...TIMELINE_OPERATIONS,
  ...OPERATOR_OPERATIONS,
  ...CONSENT_OPERATIONS,
  ...SERVICE_OPERATIONS,
};

const TITLES: Readonly<Record<number, string>> = {
  200: 'Done',
  202: 'Accepted; it is written and will be carried out',
  400: 'The request is not as described',
  401: 'No valid token',
  403: "The token's scopes do not allow it",
  404: 'There is no such thing for this caller',
  409: 'It contradicts what stands',
  413: 'The body is too large',
  415: 'The body is not application/json',
  422: 'It cannot be done as asked',
  503: 'Not durable now; repeat it with the same key',
};

/** OpenAPI 3.1, from the schemas that the handlers parse with. */
export function openApiDescription(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries<ApplicationRoute>(APPLICATION_ROUTES)) {
    const operation = operationOf(name);
    if (operation === undefined) continue;
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: describe(name, route, operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Trunkline application API', version },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'OIDC access token' },
      },
    },
  };
}

const operationOf = (name: string): Operation | undefined => new Map(Object.entries(OPERATIONS)).get(name);

function describe(name: string, route: ApplicationRoute, operation: Operation): Record<string, unknown> {
  return {
    operationId: name,
    summary: operation.summary,
    security: route.scope === 'open' ? [] : [{ token: [route.scope] }],
    parameters: parameters(route, operation),
    ...(operation.request === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(operation.request, 'input') } },
          },
        }),
    responses: {
      [operation.success]: answer(operation.success, 'application/json', operation.response),
      ...(operation.other === undefined
        ? {}
        : {
            [operation.other.status]: {
              ...answer(operation.other.status, 'application/json', operation.other.response),
              description: operation.other.description,
            },
          }),
      ...Object.fromEntries(
        operation.problems.map((status) => [
          status,
          answer(status, 'application/problem+json', ProblemDocument),
        ]),
      ),
    },
  };
}

function parameters(route: ApplicationRoute, operation: Operation): readonly Record<string, unknown>[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'The same key with the same request gives the first answer; with another one 409.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  };
  const inQuery = (operation.query ?? []).map(({ name, description }) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...(operation.isMutation === true ? [key] : []), ...inQuery];
}

const answer = (status: number, mediaType: string, schema: z.ZodType) => ({
  description: TITLES[status] ?? 'Answer',
  content: { [mediaType]: { schema: schemaOf(schema, 'output') } },
});

/** Inlined, and no schema has an id, which would make references out of it: the document stays valid wherever a tool cuts it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, reused: 'inline' });
  return json;
}
