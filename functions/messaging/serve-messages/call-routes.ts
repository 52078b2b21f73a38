import { type AcceptedCall, PlaceCallRequest } from '../../shared/contract/api/calls.ts';
import { APPLICATION_ROUTES } from '../../shared/contract/routes.ts';
import type { Caller } from '../../shared/runtime/http/caller.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { readIdempotencyKey } from '../../shared/runtime/http/idempotency-key.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import { readJsonBody } from '../../shared/runtime/http/read-json-body.ts';
import { cancelMessage } from '../cancel-message.ts';
import { type CallIntent, isCall } from '../domain/intent.ts';
import { isIntentId } from '../draft-intent.ts';
import { readIntent } from '../intent-store.ts';
import { intentView } from '../intent-view.ts';
import { type CallSettings, requestCall } from '../request-call.ts';
import type { RequestMessageOutcome } from '../request-message.ts';
import { callView } from './call-view.ts';
import { type MessageRoutePorts, routeKey } from './message-routes.ts';

/** The routes of /v1/calls. */
export function callRoutes(
  settings: CallSettings,
  ports: MessageRoutePorts,
): Readonly<Record<string, RouteFunction>> {
  return {
    [routeKey(APPLICATION_ROUTES.placeCall)]: (request) => place(request, settings, ports),
    [routeKey(APPLICATION_ROUTES.readCall)]: (request) => read(request, ports),
    [routeKey(APPLICATION_ROUTES.cancelCall)]: (request) => cancel(request, ports),
  };
}

async function place(
  request: HttpRequest,
  settings: CallSettings,
  ports: MessageRoutePorts,
): Promise<HttpResponse> {
  const { caller } = request;
  if (caller === undefined) return unauthorized(request);
  const key = readIdempotencyKey(request);
  if (key.kind === 'refused') return key.response;
  const body = readJsonBody(request, PlaceCallRequest);
  if (body.kind === 'refused') return body.response;
  const { sendAt, deadline, ...call } = body.body;
  const command = {
    ...call,
    clientId: caller.clientId,
    idempotencyKey: key.key,
    ...(sendAt === undefined ? {} : { sendAt: Date.parse(sendAt) }),
    ...(deadline === undefined ? {} : { deadline: Date.parse(deadline) }),
  };
  return answerPlace(request, await requestCall(command, ports.clock(), settings, ports));
}

function answerPlace(request: HttpRequest, outcome: RequestMessageOutcome): HttpResponse {
  switch (outcome.kind) {
    case 'requested':
    case 'repeated': {
      const accepted: AcceptedCall = { id: outcome.intent.id, state: outcome.intent.state };
      return json(202, accepted, { location: `/v1/calls/${outcome.intent.id}` });
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
        slug: 'call-refused',
        title: 'The call cannot be placed as asked',
        errors: outcome.problems,
      });
    default:
      return outcome satisfies never;
  }
}

async function read(request: HttpRequest, ports: MessageRoutePorts): Promise<HttpResponse> {
  if (request.caller === undefined) return unauthorized(request);
  const intent = await ownCall(request, request.caller, ports);
  return intent === undefined ? notFound(request) : json(200, callView(intent));
}

async function cancel(request: HttpRequest, ports: MessageRoutePorts): Promise<HttpResponse> {
  if (request.caller === undefined) return unauthorized(request);
  const key = readIdempotencyKey(request);
  if (key.kind === 'refused') return key.response;
  const intent = await ownCall(request, request.caller, ports);
  if (intent === undefined) return notFound(request);
  const outcome = await cancelMessage(intent, ports);
  if (outcome.kind !== 'too-late')
    return json(outcome.kind === 'canceled' ? 200 : 202, intentView(outcome.intent));
  return problem(request, {
    status: 409,
    slug: 'too-late-to-cancel',
    title: 'The call can no longer be canceled',
    detail: `It is ${outcome.state}.`,
  });
}

/** A client sees its own calls; support sees all. Others' are answered as if they did not exist. */
async function ownCall(
  request: HttpRequest,
  caller: Caller,
  ports: MessageRoutePorts,
): Promise<CallIntent | undefined> {
  const id = request.pathParameters.id ?? '';
  const intent = isIntentId(id) ? await readIntent(ports.tables, id) : undefined;
  if (intent === undefined || !isCall(intent)) return undefined;
  return intent.clientId === caller.clientId || caller.scopes.has('support') ? intent : undefined;
}

const unauthorized = (request: HttpRequest): HttpResponse =>
  problem(request, { status: 401, slug: 'unauthorized', title: 'The token names no client' });

const notFound = (request: HttpRequest): HttpResponse =>
  problem(request, { status: 404, slug: 'not-found', title: 'There is no such call' });
