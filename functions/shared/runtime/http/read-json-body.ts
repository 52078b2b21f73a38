import type * as z from 'zod';
import type { HttpRequest } from './http-request.ts';
import type { HttpResponse } from './http-response.ts';
import { fieldErrors, type Problem, problem } from './problem.ts';

/** Bytes of a JSON body at most: EventBridge, SQS and Lambda take more, a request of ours never needs it. */
export const LARGEST_BODY_BYTES = 256 * 1024;

export type ReadBody<Body> =
  | { readonly kind: 'read'; readonly body: Body }
  | { readonly kind: 'refused'; readonly response: HttpResponse };

/** Size, media type, encoding, JSON, shape: in this order. */
export const readJsonBody = <Body>(
  request: HttpRequest,
  schema: z.ZodType<Body>,
  largestBytes = LARGEST_BODY_BYTES,
): ReadBody<Body> => {
  const text = bodyText(request, largestBytes);
  if (typeof text !== 'string') return refused(request, text);
  const value = parse(text);
  if (value === undefined) return refused(request, MALFORMED);
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: 'read', body: parsed.data };
  return refused(request, { ...INVALID, errors: fieldErrors(parsed.error) });
};

const bodyText = (request: HttpRequest, largestBytes: number): string | Problem => {
  if (request.body.byteLength > largestBytes) return TOO_LARGE;
  if (!JSON_MEDIA_TYPE.test(request.headers.get('content-type') ?? '')) return UNSUPPORTED;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(request.body);
  } catch {
    return MALFORMED;
  }
};

/** JSON has no `undefined`, so it can stand for text that is not JSON. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const refused = (request: HttpRequest, reason: Problem): { kind: 'refused'; response: HttpResponse } => ({
  kind: 'refused',
  response: problem(request, reason),
});

const JSON_MEDIA_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

const TOO_LARGE: Problem = {
  status: 413,
  slug: 'body-too-large',
  title: 'The body is too large',
  detail: `At most ${LARGEST_BODY_BYTES} bytes are accepted.`,
};
const UNSUPPORTED: Problem = {
  status: 415,
  slug: 'unsupported-media-type',
  title: 'The body has to be application/json',
};
const MALFORMED: Problem = { status: 400, slug: 'malformed-json', title: 'The body is not JSON in UTF-8' };
const INVALID: Problem = { status: 400, slug: 'invalid-request', title: 'The request is not as described' };
