import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '../domain/random.ts';
import { notFound, renderError, twilioError } from '../domain/twilio-error.ts';
import { nextOrdinal, type World } from '../engine/world.ts';
import { apiRoutes } from './api-routes.ts';
import { authTokenRoutes } from './auth-token-routes.ts';
import { storageRoutes } from './media-routes.ts';
import { json, type Reply } from './reply.ts';
import { type HttpRequest, matchRoute, type Route } from './router.ts';
import { simulatorRoutes } from './simulator-routes.ts';
import { taskRouterRoutes } from './task-router/task-router-routes.ts';
import { phoneRoutes } from './voice/phone-routes.ts';

export interface SimulatorServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  /** Called after a request that may have changed something, before it is answered. */
  readonly persist: () => Promise<void>;
}

const largestBodyBytes = 16 * 1024 * 1024;

export async function startServer(world: World, options: ServerOptions): Promise<SimulatorServer> {
  const routes = [
    ...apiRoutes(world),
    ...authTokenRoutes(world),
    ...taskRouterRoutes(world),
    ...simulatorRoutes(world),
    ...phoneRoutes(world),
    ...storageRoutes(world),
  ];
  let concurrent = 0;
  const server = createServer((request, response) => {
    concurrent += 1;
    response.on('close', () => {
      concurrent -= 1;
    });
    void serve({ world, routes, options, concurrent }, request, response).catch((error: unknown) => {
      world.log(`ERROR ${request.method} ${request.url}: ${error}`);
      send(response, json(500, renderError(twilioError(20500, 'Internal Server Error', 500))), {});
    });
  });
  // A client that keeps connections must not find one closed just as it uses it again.
  server.keepAliveTimeout = 65_000;
  await listen(server, options);
  return { url: urlOf(server, options.host), close: () => close(server) };
}

interface Serving {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly options: ServerOptions;
  readonly concurrent: number;
}

async function serve(serving: Serving, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, options, concurrent } = serving;
  const startedAt = world.clock.now();
  const request = await readRequest(incoming);
  const reply =
    request === 'too-large'
      ? json(413, renderError(twilioError(20413, 'Request entity too large', 413)))
      : await answer(serving, request);
  if (incoming.method !== 'GET') await options.persist();
  send(response, reply, twilioHeaders(world, { concurrent, startedAt }));
  if (reply.kind === 'hang') hangUpLater(world, response);
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest | 'too-large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size <= largestBodyBytes) chunks.push(chunk);
  }
  if (size > largestBodyBytes) return 'too-large';
  const url = incoming.url ?? '/';
  const cut = url.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: cut < 0 ? url : url.slice(0, cut),
    query: new URLSearchParams(cut < 0 ? '' : url.slice(cut + 1)),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

async function answer({ routes }: Serving, request: HttpRequest): Promise<Reply> {
  const match = matchRoute(routes, request.method, request.path);
  switch (match.kind) {
    case 'found':
      return match.route.handle(request, match.params);
    case 'wrong-method':
      return json(405, renderError(twilioError(20004, 'Method not allowed', 405)));
    case 'not-found':
      return json(404, renderError(notFound(request.path)));
  }
}

function twilioHeaders(
  world: World,
  { concurrent, startedAt }: { concurrent: number; startedAt: number },
): Record<string, string> {
  const requestId = createRandom(world.state.seed, 'request', nextOrdinal(world, 'request')).hex(32);
  return {
    'Twilio-Concurrent-Requests': `${concurrent}`,
    'Twilio-Request-Id': `RQ${requestId}`,
    'Twilio-Request-Duration': `${(world.clock.now() - startedAt) / 1000}`,
  };
}

function send(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
  switch (reply.kind) {
    case 'hang':
      return;
    case 'reset':
      response.socket?.destroy();
      return;
    case 'answer':
      if (response.destroyed) reply.onUnheard?.();
      response.writeHead(reply.status, { ...headers, ...reply.headers });
      response.end(reply.body);
  }
}

function hangUpLater(world: World, response: ServerResponse): void {
  const cancel = world.clock.schedule(world.clock.now() + world.timing.hangMs, async () => {
    response.socket?.destroy();
  });
  response.on('close', cancel);
}

async function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
