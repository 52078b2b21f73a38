/** A route key, taken apart: `POST /a/{b}/{rest+}`, `ANY /a`, `$default`. */
export interface Route {
  readonly routeKey: string;
}

export interface RouteMatch<Matched extends Route> {
  readonly route: Matched;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The route that API Gateway would choose: the most specific path first (a literal segment before a variable, any
 * segment before a greedy one), then the named method before ANY, `$default` last.
 * @param path decoded, as HTTP APIs see it
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute<Matched extends Route>(
  routes: readonly Matched[],
  method: string,
  path: string,
): RouteMatch<Matched> | undefined {
  const matches = routes.flatMap((route) => {
    const found = match(route.routeKey, method, path);
    return found === undefined ? [] : [{ route, ...found }];
  });
  const best = matches.reduce<(typeof matches)[number] | undefined>(
    (leader, next) => (leader === undefined || next.rank < leader.rank ? next : leader),
    undefined,
  );
  return best === undefined ? undefined : { route: best.route, pathParameters: best.pathParameters };
}

interface Match {
  readonly pathParameters: Readonly<Record<string, string>>;
  /** One letter a segment, then one for the method; the smaller text is the more specific route. */
  readonly rank: string;
}

function match(routeKey: string, method: string, path: string): Match | undefined {
  if (routeKey === '$default') return { pathParameters: {}, rank: '~' };
  const [wantedMethod = '', pattern = ''] = routeKey.split(' ');
  if (wantedMethod !== 'ANY' && wantedMethod !== method) return undefined;
  const matched = matchPath(pattern, path);
  if (matched === undefined) return undefined;
  return { ...matched, rank: `${matched.rank}${wantedMethod === 'ANY' ? '2' : '1'}` };
}

function matchPath(pattern: string, path: string): Match | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const parameters: Record<string, string> = {};
  let rank = '';
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    const [, name, plus] = /^\{([^+}]+)(\+?)\}$/.exec(segment) ?? [];
    if (value === undefined) return undefined;
    if (name !== undefined && value === '') return undefined;
    if (name !== undefined) parameters[name] = plus === '+' ? given.slice(index).join('/') : value;
    if (name !== undefined && plus === '+') return { pathParameters: parameters, rank: `${rank}c` };
    if (name === undefined && segment !== value) return undefined;
    rank += name === undefined ? 'a' : 'b';
  }
  return wanted.length === given.length ? { pathParameters: parameters, rank } : undefined;
}
