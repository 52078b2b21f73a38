import type { Context } from 'aws-lambda';
import type { Observer } from '../../ports/observer.ts';
import { StoreUnavailableError } from '../../ports/table-client.ts';
import type { FunctionObserver } from '../powertools-observer.ts';
import { type HttpRequest, readHttpRequest } from './http-request.ts';
import type { HttpResponse } from './http-response.ts';
import { problem } from './problem.ts';

export type RouteFunction = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpHandlerOptions {
  /** By route key, `POST /v1/messages`. */
  readonly routes: Readonly<Record<string, RouteFunction>>;
  readonly observer: Observer & Partial<Pick<FunctionObserver, 'addContext' | 'flush'>>;
}

export type HttpHandler = (event: unknown, context: Context) => Promise<HttpResponse>;

/** Seconds after which a client may try again when the store did not answer. */
const RETRY_AFTER_SECONDS = 2;

/**
 * The handler of a function behind the application API. No middleware engine: there is one order of steps, it is
 * short, and reading it here is the point.
 */
export const createHttpHandler = ({ routes, observer }: HttpHandlerOptions): HttpHandler => {
  const table = new Map(Object.entries(routes));
  return async (event, context) => {
    observer.addContext?.(context);
    try {
      const request = readHttpRequest(event);
      const route = table.get(request.routeKey);
      if (route === undefined) return problem(request, NOT_FOUND);
      return await answer(request, route, observer);
    } finally {
      observer.flush?.();
    }
  };
};

const answer = async (
  request: HttpRequest,
  route: RouteFunction,
  observer: Observer,
): Promise<HttpResponse> => {
  try {
    return await route(request);
  } catch (error) {
    observer.error('request failed', error, { routeKey: request.routeKey, correlationId: request.requestId });
    return problem(request, error instanceof StoreUnavailableError ? UNAVAILABLE : UNEXPECTED);
  }
};

const NOT_FOUND = { status: 404, slug: 'not-found', title: 'There is no such resource' };
const UNAVAILABLE = {
  status: 503,
  slug: 'unavailable',
  title: 'The request could not be completed now',
  detail: 'Whether it took effect is not known; repeat it with the same Idempotency-Key.',
  headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
};
const UNEXPECTED = {
  status: 500,
  slug: 'internal-error',
  title: 'Something went wrong on our side',
  detail: 'Quote the instance when you report it.',
};
