import type { TableClient } from '../../shared/ports/table-client.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import { isCursor } from '../timeline-rows.ts';
import { readTimeline } from './read-timeline.ts';

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 500;
/** Ids of intents, SIDs and correlation ids; whatever else is asked for, there is no such story. */
const SUBJECT = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/** `GET /v1/timeline/{id}?limit=&after=` */
export const timelineRoute =
  (tables: Pick<TableClient, 'query'>): RouteFunction =>
  async (request) => {
    const id = request.pathParameters.id ?? '';
    const limit = readLimit(request.query.get('limit'));
    if (limit === undefined) return invalid(request, `limit is a whole number from 1 to ${LARGEST_LIMIT}`);
    const after = request.query.get('after') || undefined;
    if (after !== undefined && !isCursor(after))
      return invalid(request, 'after is the `next` of a page before');
    const timeline = SUBJECT.test(id)
      ? await readTimeline({ id, limit, ...(after === undefined ? {} : { after }) }, tables)
      : undefined;
    return timeline === undefined ? notFound(request) : json(200, timeline);
  };

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= LARGEST_LIMIT ? limit : undefined;
}

const invalid = (request: HttpRequest, detail: string): HttpResponse =>
  problem(request, {
    status: 400,
    slug: 'invalid-request',
    title: 'The request is not as described',
    detail,
  });

const notFound = (request: HttpRequest): HttpResponse =>
  problem(request, {
    status: 404,
    slug: 'not-found',
    title: 'Nothing is known under this id',
    detail: 'A story can be asked for by intent id, MessageSid or correlation id, as long as it is kept.',
  });
