import type * as z from 'zod';
import type { HttpResponse } from './http-response.ts';

/** One fault of a request: where it is (JSON pointer into the body, RFC 6901) and what is wrong. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

export interface Problem {
  readonly status: number;
  /** Last part of the problem's type, `urn:trunkline:problem:<slug>`; words that clients may rely on. */
  readonly slug: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An RFC 9457 answer; `instance` names the request as our logs do. */
export const problem = (
  request: { readonly requestId: string },
  { status, slug, title, detail, errors, headers = {} }: Problem,
): HttpResponse => ({
  statusCode: status,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify({
    type: `urn:trunkline:problem:${slug}`,
    title,
    status,
    detail,
    instance: `urn:trunkline:request:${request.requestId}`,
    errors,
  }),
});

/** Issues as field errors; an unknown key is named at its own place. Values of the request are never repeated. */
export const fieldErrors = (error: z.core.$ZodError): readonly FieldError[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointer([...issue.path, key]), detail: 'is not a known field' }))
      : [{ pointer: pointer(issue.path), detail: issue.message }],
  );

const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
