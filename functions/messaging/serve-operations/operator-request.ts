import type * as z from 'zod';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import type { HttpResponse } from '../../shared/runtime/http/http-response.ts';
import { readIdempotencyKey } from '../../shared/runtime/http/idempotency-key.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import { readJsonBody } from '../../shared/runtime/http/read-json-body.ts';

export type OperatorRequest<Body> =
  | {
      readonly kind: 'read';
      readonly clientId: string;
      readonly idempotencyKey: string;
      readonly body: Body;
    }
  | { readonly kind: 'refused'; readonly response: HttpResponse };

/** Caller, key, body: what every change by an operator needs, in this order. */
export function readOperatorRequest<Body>(
  request: HttpRequest,
  schema: z.ZodType<Body>,
): OperatorRequest<Body> {
  if (request.caller === undefined) return { kind: 'refused', response: unauthorized(request) };
  const key = readIdempotencyKey(request);
  if (key.kind === 'refused') return key;
  const body = readJsonBody(request, schema);
  if (body.kind === 'refused') return body;
  const { clientId } = request.caller;
  return { kind: 'read', clientId, idempotencyKey: key.key, body: body.body };
}

const unauthorized = (request: HttpRequest): HttpResponse =>
  problem(request, { status: 401, slug: 'unauthorized', title: 'The token names no client' });

export const keyReused = (request: HttpRequest): HttpResponse =>
  problem(request, {
    status: 409,
    slug: 'idempotency-key-reused',
    title: 'This Idempotency-Key was used for another request',
    detail: 'The first request stands unchanged.',
  });
