import * as z from 'zod';
import { problem, type Reply } from './reply.ts';
import type { HttpRequest } from './router.ts';

export type Parsed<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly reply: Reply };

/** The JSON body of a request to the simulator's own routes; an empty one counts as `{}`. */
export function readJson<Schema extends z.ZodType>(
  schema: Schema,
  request: HttpRequest,
): Parsed<z.output<Schema>> {
  const text = request.body.toString('utf8');
  let input: unknown;
  try {
    input = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    return { kind: 'invalid', reply: problem(400, 'The body is not JSON', String(error)) };
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return { kind: 'valid', value: parsed.data };
  return { kind: 'invalid', reply: problem(400, 'The body is not valid', z.prettifyError(parsed.error)) };
}
