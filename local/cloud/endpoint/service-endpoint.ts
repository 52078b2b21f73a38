import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { functionNameOf } from '../arn.ts';
import type { AsyncInvocations } from '../functions/async-invocations.ts';
import type { FunctionRegistry } from '../functions/function-registry.ts';
import { type LoopbackServer, readBody, startLoopbackServer } from '../loopback-server.ts';
import { type ServiceApi, ServiceError } from './service-api.ts';

export interface EndpointPorts {
  readonly apis: readonly ServiceApi[];
  readonly functions: FunctionRegistry;
  readonly asyncInvocations: AsyncInvocations;
  readonly report: (error: unknown) => void;
}

const LARGEST_REQUEST_BYTES = 8 * 1024 * 1024;
const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** One address for EventBridge, Secrets Manager, SSM and Lambda's Invoke; every other AWS service is refused by name. */
export function startServiceEndpoint(port: number, ports: EndpointPorts): Promise<LoopbackServer> {
  const operations: ServiceApi = Object.assign({}, ...ports.apis);
  return startLoopbackServer(
    port,
    async (request, response) => {
      try {
        await answer(request, response, { operations, ports });
      } catch (error) {
        sendError(response, error, ports.report);
      }
    },
    ports.report,
  );
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { operations, ports }: { readonly operations: ServiceApi; readonly ports: EndpointPorts },
): Promise<void> {
  const body = (await readBody(request, LARGEST_REQUEST_BYTES))?.toString('utf8');
  if (body === undefined)
    throw new ServiceError('RequestEntityTooLargeException', 'The request is too large.', 413);
  const functionReference = INVOKE_PATH.exec(request.url?.split('?')[0] ?? '')?.[1];
  if (functionReference !== undefined) {
    const name = functionNameOf(decodeURIComponent(functionReference));
    return invoke({ request, response, name, payload: body === '' ? '{}' : body }, ports);
  }
  const target = request.headers['x-amz-target'];
  const operation = typeof target === 'string' ? operations[target] : undefined;
  if (operation === undefined) {
    const wanted = target ?? `${request.method} ${request.url}`;
    throw new ServiceError('UnknownOperationException', `The local platform does not offer ${wanted}.`, 404);
  }
  send(response, 200, JSON.stringify((await operation(JSON.parse(body || '{}'))) ?? {}));
}

interface InvokeRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly name: string;
  /** JSON text. */
  readonly payload: string;
}

async function invoke(
  { request, response, name, payload }: InvokeRequest,
  ports: EndpointPorts,
): Promise<void> {
  if (!ports.functions.has(name))
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${name}`, 404);
  if (request.headers['x-amz-invocation-type'] === 'Event') {
    ports.asyncInvocations.enqueue(name, payload);
    return send(response, 202, '');
  }
  const result = await ports.functions.invoke(name, payload);
  switch (result.kind) {
    case 'ok':
      return send(response, 200, result.payload, { 'x-amz-executed-version': '$LATEST' });
    case 'function-error':
      return send(response, 200, JSON.stringify(result.error), { 'x-amz-function-error': 'Unhandled' });
    case 'throttled':
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
  }
}

function sendError(response: ServerResponse, error: unknown, report: (error: unknown) => void): void {
  const known = asServiceError(error);
  if (known === undefined) report(error);
  const { code, message, status } = known ?? new ServiceError('InternalFailure', String(error), 500);
  send(response, status, JSON.stringify({ __type: code, message, Message: message }), {
    'x-amzn-errortype': code,
  });
}

function asServiceError(error: unknown): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  return error instanceof z.ZodError
    ? new ServiceError('ValidationException', z.prettifyError(error))
    : undefined;
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
  response.end(body);
}
