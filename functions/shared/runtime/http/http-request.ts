import * as z from 'zod';
import { type Caller, callerOf } from './caller.ts';

/** A request of API Gateway's HTTP API, payload format 2.0, as route functions see it. */
export interface HttpRequest {
  /** `METHOD /path/{parameter}` as the route is declared. */
  readonly routeKey: string;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Decoded; of a repeated parameter the first. */
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** The bytes as they came. */
  readonly body: Buffer;
  /** Of API Gateway: stands in our logs, in its access log and in every problem. */
  readonly requestId: string;
  /** Absent where the route has no authorizer. */
  readonly caller?: Caller;
}

const optionalStrings = z.record(z.string(), z.string().optional()).nullish();

const gatewayEvent = z.object({
  routeKey: z.string(),
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  headers: optionalStrings,
  pathParameters: optionalStrings,
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    requestId: z.string(),
    authorizer: z.object({ jwt: z.unknown().optional() }).nullish(),
  }),
});

/** @throws ZodError when the event is not one of an HTTP API: a wiring fault, no client's */
export const readHttpRequest = (event: unknown): HttpRequest => {
  const parsed = gatewayEvent.parse(event);
  const caller = callerOf(parsed.requestContext.authorizer?.jwt);
  return {
    routeKey: parsed.routeKey,
    path: parsed.rawPath,
    pathParameters: Object.fromEntries(present(parsed.pathParameters)),
    query: firstOfEach(new URLSearchParams(parsed.rawQueryString)),
    headers: new Map(present(parsed.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(parsed.body ?? '', parsed.isBase64Encoded ? 'base64' : 'utf8'),
    requestId: parsed.requestContext.requestId,
    ...(caller === undefined ? {} : { caller }),
  };
};

const present = (
  values: Readonly<Record<string, string | undefined>> | null | undefined,
): [string, string][] =>
  Object.entries(values ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));

const firstOfEach = (parameters: URLSearchParams): ReadonlyMap<string, string> =>
  new Map([...parameters].reverse());
