import type { Reply } from './reply.ts';

export interface HttpRequest {
  readonly method: string;
  /** As it stands in the request line, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

type Handler = (request: HttpRequest, params: Readonly<Record<string, string>>) => Reply | Promise<Reply>;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/a/{name}/b`; a name matches one segment. */
  readonly pattern: string;
  readonly handle: Handler;
}

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Record<string, string> }
  | { readonly kind: 'wrong-method' }
  | { readonly kind: 'not-found' };

export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  let known = false;
  for (const route of routes) {
    const params = matchPattern(route.pattern, path);
    if (params && route.method === method) return { kind: 'found', route, params };
    known ||= params !== undefined;
  }
  return { kind: known ? 'wrong-method' : 'not-found' };
}

function matchPattern(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    if (!matchSegment(segment, given[index] ?? '', params)) return undefined;
  }
  return params;
}

/** `{sid}.json` takes what stands before the suffix; anything else must be the same text. */
function matchSegment(wanted: string, given: string, params: Record<string, string>): boolean {
  const [, name, suffix = ''] = /^\{(\w+)\}(.*)$/.exec(wanted) ?? [];
  if (name === undefined) return wanted === given;
  const value = decode(given.slice(0, given.length - suffix.length));
  if (!given.endsWith(suffix) || !value) return false;
  params[name] = value;
  return true;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // A malformed percent escape names nothing.
  }
}
