import {
  ParkedDecisionRequest,
  type ParkedMessage,
  type ParkedView,
} from '../../shared/contract/api/operations.ts';
import { APPLICATION_ROUTES } from '../../shared/contract/routes.ts';
import type { SenderPool } from '../../shared/contract/settings.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { type Problem, problem } from '../../shared/runtime/http/problem.ts';
import type { Intent } from '../domain/intent.ts';
import { isIntentId } from '../draft-intent.ts';
import { intentView } from '../intent-view.ts';
import { type ParkedPlace, queryParked, readParked } from '../parked-intents.ts';
import type { OperationPorts } from './change-pause.ts';
import { type DecideParkedOutcome, decideParkedMessage } from './decide-parked-message.ts';
import { keyReused, readOperatorRequest } from './operator-request.ts';

const LIST = `${APPLICATION_ROUTES.listParked.method} ${APPLICATION_ROUTES.listParked.path}`;
const DECIDE = `${APPLICATION_ROUTES.decideParked.method} ${APPLICATION_ROUTES.decideParked.path}`;

/** The routes of /v1/parked. */
export const parkedRoutes = (
  pools: readonly SenderPool[],
  ports: OperationPorts,
): Readonly<Record<string, RouteFunction>> => ({
  [LIST]: (request) => list(request, ports),
  [DECIDE]: (request) => decide(request, pools, ports),
});

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 100;

async function list(request: HttpRequest, ports: OperationPorts): Promise<HttpResponse> {
  const limit = readLimit(request.query.get('limit'));
  if (limit === undefined) return invalid(request, `limit is a whole number from 1 to ${LARGEST_LIMIT}`);
  const cursor = request.query.get('after');
  const after = cursor === undefined ? undefined : placeOfCursor(cursor);
  if (cursor !== undefined && after === undefined) {
    return invalid(request, 'after is the `next` of a page before');
  }
  const page = await queryParked({ limit, ...(after === undefined ? {} : { after }) }, ports.tables);
  const parked = await readParked(page.places, ports.tables);
  const view: ParkedView = {
    messages: parked.map(parkedMessage),
    ...(page.next === undefined ? {} : { next: cursorOf(page.next) }),
  };
  return json(200, view);
}

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= LARGEST_LIMIT ? limit : undefined;
}

const CURSOR = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)_(int_[0-9a-f]{32})$/;

const cursorOf = ({ dueAt, intentId }: ParkedPlace): string => `${dueAt}_${intentId}`;

function placeOfCursor(cursor: string): ParkedPlace | undefined {
  const [, dueAt, intentId] = CURSOR.exec(cursor) ?? [];
  return dueAt === undefined || intentId === undefined ? undefined : { dueAt, intentId };
}

const parkedMessage = (intent: Intent): ParkedMessage => ({
  id: intent.id,
  pool: intent.pool,
  trafficClass: intent.trafficClass,
  parkedAt: new Date(intent.updatedAt).toISOString(),
  attempts: intent.attempt?.number ?? 0,
  reason: intent.reason ?? '',
  correlationId: intent.correlationId,
  deadline: new Date(intent.deadline).toISOString(),
});

async function decide(
  request: HttpRequest,
  pools: readonly SenderPool[],
  ports: OperationPorts,
): Promise<HttpResponse> {
  const asked = readOperatorRequest(request, ParkedDecisionRequest);
  if (asked.kind === 'refused') return asked.response;
  const intentId = request.pathParameters.id ?? '';
  if (!isIntentId(intentId)) return problem(request, NOT_FOUND);
  const { body, clientId, idempotencyKey } = asked;
  const outcome = await decideParkedMessage({ ...body, intentId, clientId, idempotencyKey }, pools, ports);
  return answerDecision(request, outcome);
}

function answerDecision(request: HttpRequest, outcome: DecideParkedOutcome): HttpResponse {
  switch (outcome.kind) {
    case 'done':
      return json(200, intentView(outcome.intent));
    case 'key-reused':
      return keyReused(request);
    case 'missing':
      return problem(request, NOT_FOUND);
    case 'not-parked':
      return problem(request, { ...NOT_PARKED, detail: `It is ${outcome.state}.` });
    case 'no-pool':
      return problem(request, { ...NO_POOL, detail: `Its pool was ${outcome.pool}.` });
    default:
      return outcome satisfies never;
  }
}

const invalid = (request: HttpRequest, detail: string): HttpResponse =>
  problem(request, {
    status: 400,
    slug: 'invalid-request',
    title: 'The request is not as described',
    detail,
  });

const NOT_FOUND: Problem = { status: 404, slug: 'not-found', title: 'There is no such message or call' };
const NOT_PARKED: Problem = {
  status: 409,
  slug: 'not-parked',
  title: 'The message does not wait for a decision',
};
const NO_POOL: Problem = { status: 422, slug: 'unknown-pool', title: 'Nothing sends this message any more' };
