import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InvocationResult } from '../functions/function-definition.ts';
import { type LoopbackServer, readBody, startLoopbackServer } from '../loopback-server.ts';
import { type CorsSettings, corsHeaders } from './cors.ts';
import type { JwtAuthorizer } from './jwt-authorizer.ts';
import { joinedHeaders, type RawRequest, requestPath, requestPayload } from './request-payload.ts';
import { errorAnswer, type HttpAnswer, responsePayload } from './response-payload.ts';
import { matchRoute, type Route, type RouteMatch } from './route-matching.ts';

export interface ApiRoute extends Route {
  readonly functionName: string;
  readonly timeoutMilliseconds: number;
  readonly authorizer: JwtAuthorizer | undefined;
  readonly requiredScopes: readonly string[];
}

export interface HttpApi {
  readonly apiId: string;
  readonly name: string;
  readonly port: number;
  readonly accountId: string;
  readonly routes: readonly ApiRoute[];
  readonly cors: CorsSettings | undefined;
  readonly stageVariables: Readonly<Record<string, string>>;
}

export interface ApiPorts {
  invoke(functionName: string, payload: string): Promise<InvocationResult>;
  report(error: unknown): void;
}

const LARGEST_PAYLOAD_BYTES = 10 * 1024 * 1024; // HTTP API quota

/** Serves one HTTP API as API Gateway would, on a loopback port. */
export function startHttpApi(api: HttpApi, ports: ApiPorts): Promise<LoopbackServer> {
  return startLoopbackServer(
    api.port,
    async (incoming, response) => {
      const body = await readBody(incoming, LARGEST_PAYLOAD_BYTES);
      const request = body === undefined ? undefined : rawRequest(incoming, body);
      const answer =
        request === undefined
          ? errorAnswer(413, 'Request Entity Too Large')
          : await serve(api, request, ports);
      send(response, answer, corsHeaders(api.cors, incoming.headers.origin, isPreflight(api, incoming)));
    },
    ports.report,
  );
}

async function serve(api: HttpApi, request: RawRequest, ports: ApiPorts): Promise<HttpAnswer> {
  const { path } = requestPath(request.url);
  if (isPreflight(api, { method: request.method }))
    return { statusCode: 204, headers: {}, body: Buffer.alloc(0) };
  const match = matchRoute(api.routes, request.method, path);
  if (match === undefined) return errorAnswer(404, 'Not Found');
  const { authorizer, requiredScopes } = match.route;
  const authorization = await authorizer?.authorize(bearer(request, authorizer), requiredScopes);
  switch (authorization?.kind) {
    case 'unauthorized':
      return errorAnswer(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
    case 'forbidden':
      return errorAnswer(403, 'Forbidden', {
        'www-authenticate': `Bearer scope="${requiredScopes.join(' ')}" error="insufficient_scope"`,
      });
    case 'allowed':
      return integrate(api, request, { match, authorizer: authorization.context, ports });
    case undefined:
      return integrate(api, request, { match, ports });
  }
}

interface Integration {
  readonly match: RouteMatch<ApiRoute>;
  readonly authorizer?: unknown;
  readonly ports: ApiPorts;
}

async function integrate(
  api: HttpApi,
  request: RawRequest,
  { match, authorizer, ports }: Integration,
): Promise<HttpAnswer> {
  const { route, pathParameters } = match;
  const event = requestPayload(request, {
    routeKey: route.routeKey,
    pathParameters,
    requestId: randomUUID(),
    apiId: api.apiId,
    accountId: api.accountId,
    domainName: '127.0.0.1',
    port: api.port,
    receivedAt: new Date(),
    stageVariables: api.stageVariables,
    authorizer,
  });
  const result = await inTime(
    ports.invoke(route.functionName, JSON.stringify(event)),
    route.timeoutMilliseconds,
  );
  if (result === 'too-late') return errorAnswer(503, 'Service Unavailable');
  switch (result.kind) {
    case 'ok':
      return responsePayload(result.payload);
    case 'function-error':
      return errorAnswer(500, 'Internal Server Error');
    case 'throttled':
      return errorAnswer(503, 'Service Unavailable');
  }
}

/** An API with CORS settings answers preflights itself, whatever its routes. */
const isPreflight = (api: HttpApi, { method }: { readonly method?: string | undefined }): boolean =>
  api.cors !== undefined && method === 'OPTIONS';

function bearer(request: RawRequest, { identitySources }: JwtAuthorizer): string | undefined {
  const headers = joinedHeaders(request.rawHeaders);
  const query = new URLSearchParams(requestPath(request.url).query);
  const [value] = identitySources
    .map((source) => {
      const [, kind, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
      return kind === 'header' ? headers.get(name.toLowerCase()) : (query.get(name) ?? undefined);
    })
    .filter((found) => found !== undefined);
  return value?.replace(/^Bearer /i, '');
}

async function inTime<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | 'too-late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'too-late'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'too-late');
  });
  const first = await Promise.race([promise, late]);
  clearTimeout(timer);
  return first;
}

function rawRequest(incoming: IncomingMessage, body: Buffer): RawRequest {
  return {
    method: incoming.method ?? 'GET',
    url: incoming.url ?? '/',
    rawHeaders: incoming.rawHeaders,
    body,
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
    httpVersion: incoming.httpVersion,
  };
}

function send(response: ServerResponse, answer: HttpAnswer, cors: Readonly<Record<string, string>>): void {
  const { 'content-length': _computed, 'transfer-encoding': _ours, ...headers } = answer.headers;
  response.writeHead(answer.statusCode, {
    ...Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
    ),
    ...cors,
    'apigw-requestid': randomUUID(),
    'content-length': answer.body.length,
  });
  response.end(answer.body);
}
