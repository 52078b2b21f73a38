import type { HttpRequest } from './http-request.ts';
import type { HttpResponse } from './http-response.ts';
import { problem } from './problem.ts';

export type ReadIdempotencyKey =
  | { readonly kind: 'read'; readonly key: string }
  | { readonly kind: 'refused'; readonly response: HttpResponse };

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` that every mutation needs: 1 to 255 visible ASCII characters. */
export const readIdempotencyKey = (request: HttpRequest): ReadIdempotencyKey => {
  const key = request.headers.get('idempotency-key');
  if (key !== undefined && VISIBLE_ASCII.test(key)) return { kind: 'read', key };
  return {
    kind: 'refused',
    response: problem(request, {
      status: 400,
      slug: key === undefined ? 'idempotency-key-missing' : 'idempotency-key-malformed',
      title: 'The request needs an Idempotency-Key header of 1 to 255 visible ASCII characters',
    }),
  };
};
