import {
  type AcceptedBatch,
  type BatchAnswer,
  type BatchView,
  CreateBatchRequest,
  LARGEST_BATCH_BYTES,
} from '../../shared/contract/api/batches.ts';
import { APPLICATION_ROUTES } from '../../shared/contract/routes.ts';
import type { MessagingSettings } from '../../shared/contract/settings.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { readIdempotencyKey } from '../../shared/runtime/http/idempotency-key.ts';
import { type Problem, problem } from '../../shared/runtime/http/problem.ts';
import { readJsonBody } from '../../shared/runtime/http/read-json-body.ts';
import { type Batch, isBatchId, readAnswers, readBatch, readCounts } from '../batch-store.ts';
import { requestBatch } from '../request-batch.ts';
import type { MessageRoutePorts } from './message-routes.ts';

const CREATE = `${APPLICATION_ROUTES.createBatch.method} ${APPLICATION_ROUTES.createBatch.path}`;
const READ = `${APPLICATION_ROUTES.readBatch.method} ${APPLICATION_ROUTES.readBatch.path}`;

/** The routes of /v1/batches. */
export const batchRoutes = (
  settings: MessagingSettings,
  ports: MessageRoutePorts,
): Readonly<Record<string, RouteFunction>> => ({
  [CREATE]: (request) => create(request, settings, ports),
  [READ]: (request) => read(request, ports),
});

async function create(
  request: HttpRequest,
  { pools }: MessagingSettings,
  ports: MessageRoutePorts,
): Promise<HttpResponse> {
  if (request.caller === undefined) return problem(request, UNAUTHORIZED);
  const key = readIdempotencyKey(request);
  if (key.kind === 'refused') return key.response;
  const read = readJsonBody(request, CreateBatchRequest, LARGEST_BATCH_BYTES);
  if (read.kind === 'refused') return read.response;
  const { clientId } = request.caller;
  const accountSid = pools[0]?.accountSid ?? '';
  const command = { ...read.body, clientId, idempotencyKey: key.key, accountSid };
  const outcome = await requestBatch(command, ports.clock(), ports);
  switch (outcome.kind) {
    case 'requested':
    case 'repeated': {
      const { id, recipients } = outcome.batch;
      const accepted: AcceptedBatch = { id, state: 'RUNNING', recipients };
      return json(202, accepted, { location: `/v1/batches/${id}` });
    }
    case 'key-reused':
      return problem(request, KEY_REUSED);
    case 'too-large':
      return problem(request, TOO_LARGE);
    default:
      return outcome satisfies never;
  }
}

/** A page is a chunk, as it was answered. */
async function read(request: HttpRequest, ports: MessageRoutePorts): Promise<HttpResponse> {
  const { caller } = request;
  if (caller === undefined) return problem(request, UNAUTHORIZED);
  const id = request.pathParameters.id ?? '';
  const batch = isBatchId(id) ? await readBatch(ports.tables, id) : undefined;
  const isVisible = batch?.clientId === caller.clientId || caller.scopes.has('support');
  if (batch === undefined || !isVisible) return problem(request, NOT_FOUND);
  const chunk = chunkOf(request.query.get('after'), batch);
  if (chunk === undefined) return problem(request, BAD_CURSOR);
  const [counts, answers] = await Promise.all([
    readCounts(ports.tables, id),
    readAnswers(ports.tables, id, chunk),
  ]);
  return json(200, viewOf(batch, counts, chunk, answers ?? pendingAnswers(batch, chunk)));
}

function chunkOf(after: string | undefined, { starts }: Batch): number | undefined {
  if (after === undefined) return 0;
  const chunk = /^\d{1,5}$/.test(after) ? Number(after) : Number.NaN;
  return chunk >= 1 && chunk < starts.length ? chunk : undefined;
}

function viewOf(
  batch: Batch,
  counts: Awaited<ReturnType<typeof readCounts>>,
  chunk: number,
  answers: readonly BatchAnswer[],
): BatchView {
  const sum = (of: 'accepted' | 'suppressed' | 'refused') =>
    counts.reduce((total, count) => total + count[of], 0);
  const [accepted, suppressed, refused] = [sum('accepted'), sum('suppressed'), sum('refused')];
  return {
    id: batch.id,
    state: counts.length === batch.starts.length ? 'DONE' : 'RUNNING',
    createdAt: new Date(batch.createdAt).toISOString(),
    recipients: batch.recipients,
    accepted,
    suppressed,
    refused,
    pending: batch.recipients - accepted - suppressed - refused,
    answers: [...answers],
    ...(chunk + 1 < batch.starts.length ? { next: String(chunk + 1) } : {}),
  };
}

function pendingAnswers({ starts, recipients }: Batch, chunk: number): readonly BatchAnswer[] {
  const first = starts[chunk] ?? 0;
  const end = starts[chunk + 1] ?? recipients;
  return Array.from({ length: end - first }, (_, at) => ({ row: first + at, outcome: 'pending' }));
}

const UNAUTHORIZED: Problem = { status: 401, slug: 'unauthorized', title: 'The token names no client' };
const NOT_FOUND: Problem = { status: 404, slug: 'not-found', title: 'There is no such batch' };
const BAD_CURSOR: Problem = {
  status: 400,
  slug: 'invalid-request',
  title: 'The request is not as described',
  detail: 'after is the `next` of a page before',
};
const KEY_REUSED: Problem = {
  status: 409,
  slug: 'idempotency-key-reused',
  title: 'This Idempotency-Key was used for another request',
  detail: 'The first request stands unchanged.',
};
const TOO_LARGE: Problem = {
  status: 422,
  slug: 'recipient-too-large',
  title: 'A single recipient has more fields than can be kept',
};
