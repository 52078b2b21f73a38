import { type AcceptedMessage, SendMessageRequest } from '../../shared/contract/api/messages.ts';
import { APPLICATION_ROUTES, type ApplicationRoute } from '../../shared/contract/routes.ts';
import type { MessagingSettings } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Caller } from '../../shared/runtime/http/caller.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { readIdempotencyKey } from '../../shared/runtime/http/idempotency-key.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import { readJsonBody } from '../../shared/runtime/http/read-json-body.ts';
import { cancelMessage } from '../cancel-message.ts';
import { isCall, type MessageIntent } from '../domain/intent.ts';
import { isIntentId } from '../draft-intent.ts';
import { readIntent } from '../intent-store.ts';
import { intentView } from '../intent-view.ts';
import { commandOf } from '../message-command.ts';
import {
  type RequestMessage,
  type RequestMessageOutcome,
  type RequestPorts,
  requestMessage,
} from '../request-message.ts';
import { explainMessage } from './explain-message.ts';
import { messageView } from './message-view.ts';
import { answerReschedule } from './reschedule-route.ts';

export interface MessageRoutePorts extends RequestPorts {
  readonly clock: Clock;
}

export const routeKey = ({ method, path }: ApplicationRoute): string => `${method} ${path}`;

/** The routes of /v1/messages. */
export function messageRoutes(
  settings: MessagingSettings,
  ports: MessageRoutePorts,
): Readonly<Record<string, RouteFunction>> {
  return {
    [routeKey(APPLICATION_ROUTES.sendMessage)]: (request) => send(request, settings, ports),
    [routeKey(APPLICATION_ROUTES.readMessage)]: (request) => read(request, ports),
    [routeKey(APPLICATION_ROUTES.cancelMessage)]: (request) => cancel(request, ports),
    [routeKey(APPLICATION_ROUTES.rescheduleMessage)]: (request) => reschedule(request, settings, ports),
  };
}

async function send(
  request: HttpRequest,
  settings: MessagingSettings,
  ports: MessageRoutePorts,
): Promise<HttpResponse> {
  const caller = request.caller;
  if (caller === undefined) return unauthorized(request);
  const mode = request.query.get('dryRun') ?? 'false';
  if (mode === 'true') return explain(request, caller, settings, ports);
  if (mode !== 'false') return unknownMode(request);
  const key = readIdempotencyKey(request);
  if (key.kind === 'refused') return key.response;
  const read = readCommand(request, caller, key.key);
  if ('response' in read) return read.response;
  return answerSend(request, await requestMessage(read.command, ports.clock(), settings, ports));
}

/** Neither reads nor keeps an Idempotency-Key: nothing is written. */
async function explain(
  request: HttpRequest,
  caller: Caller,
  settings: MessagingSettings,
  ports: MessageRoutePorts,
): Promise<HttpResponse> {
  const read = readCommand(request, caller, 'dry run');
  if ('response' in read) return read.response;
  const outcome = await explainMessage(read.command, ports.clock(), settings, ports.gate);
  return outcome.kind === 'explained' ? json(200, outcome.decision) : answerSend(request, outcome);
}

function readCommand(
  request: HttpRequest,
  { clientId }: Caller,
  idempotencyKey: string,
): { readonly command: RequestMessage } | { readonly response: HttpResponse } {
  const body = readJsonBody(request, SendMessageRequest);
  if (body.kind === 'refused') return { response: body.response };
  const read = commandOf(body.body);
  if (read.kind === 'refused') return { response: answerSend(request, read) };
  return { command: { ...read.command, clientId, idempotencyKey } };
}

function answerSend(request: HttpRequest, outcome: RequestMessageOutcome): HttpResponse {
  switch (outcome.kind) {
    case 'requested':
    case 'repeated': {
      const accepted: AcceptedMessage = { id: outcome.intent.id, state: outcome.intent.state };
      return json(202, accepted, { location: `/v1/messages/${outcome.intent.id}` });
    }
    case 'key-reused':
      return problem(request, {
        status: 409,
        slug: 'idempotency-key-reused',
        title: 'This Idempotency-Key was used for another request',
        detail: 'The first request stands unchanged.',
      });
    case 'refused':
      return problem(request, {
        status: 422,
        slug: 'message-refused',
        title: 'The message cannot be sent as asked',
        errors: outcome.problems,
      });
    default:
      return outcome satisfies never;
  }
}

async function read(request: HttpRequest, ports: MessageRoutePorts): Promise<HttpResponse> {
  if (request.caller === undefined) return unauthorized(request);
  const intent = await ownIntent(request, request.caller, ports);
  return intent === undefined ? notFound(request) : json(200, messageView(intent));
}

async function cancel(request: HttpRequest, ports: MessageRoutePorts): Promise<HttpResponse> {
  if (request.caller === undefined) return unauthorized(request);
  const key = readIdempotencyKey(request);
  if (key.kind === 'refused') return key.response;
  const intent = await ownIntent(request, request.caller, ports);
  if (intent === undefined) return notFound(request);
  const outcome = await cancelMessage(intent, ports);
  if (outcome.kind !== 'too-late') {
    return json(outcome.kind === 'canceled' ? 200 : 202, intentView(outcome.intent));
  }
  return problem(request, {
    status: 409,
    slug: 'too-late-to-cancel',
    title: 'The message can no longer be canceled',
    detail: `It is ${outcome.state}.`,
  });
}

async function reschedule(
  request: HttpRequest,
  { pools }: MessagingSettings,
  ports: MessageRoutePorts,
): Promise<HttpResponse> {
  if (request.caller === undefined) return unauthorized(request);
  const key = readIdempotencyKey(request);
  if (key.kind === 'refused') return key.response;
  const intent = await ownIntent(request, request.caller, ports);
  return intent === undefined ? notFound(request) : answerReschedule(request, intent, pools, ports);
}

/** A client sees its own messages; support sees all. Others' are answered as if they did not exist. */
async function ownIntent(
  request: HttpRequest,
  caller: Caller,
  ports: MessageRoutePorts,
): Promise<MessageIntent | undefined> {
  const id = request.pathParameters.id ?? '';
  const intent = isIntentId(id) ? await readIntent(ports.tables, id) : undefined;
  if (intent === undefined || isCall(intent)) return undefined;
  return intent.clientId === caller.clientId || caller.scopes.has('support') ? intent : undefined;
}

const unauthorized = (request: HttpRequest): HttpResponse =>
  problem(request, { status: 401, slug: 'unauthorized', title: 'The token names no client' });

const notFound = (request: HttpRequest): HttpResponse =>
  problem(request, { status: 404, slug: 'not-found', title: 'There is no such message' });

const unknownMode = (request: HttpRequest): HttpResponse =>
  problem(request, {
    status: 400,
    slug: 'malformed-query',
    title: 'dryRun is true or false',
  });
