/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  /** Name, value, name, value … as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly httpVersion: string;
}

export interface PayloadContext {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly apiId: string;
  readonly accountId: string;
  readonly domainName: string;
  readonly port: number;
  readonly receivedAt: Date;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** What an authorizer found out. */
  readonly authorizer?: unknown;
}

export interface RequestPath {
  /** Percent-decoded: HTTP APIs decode the path and leave the query as it is. */
  readonly path: string;
  /** Verbatim, without the question mark. */
  readonly query: string;
}

export function requestPath(url: string): RequestPath {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return { path: decoded(path), query: mark < 0 ? '' : url.slice(mark + 1) };
}

const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'te', 'trailer'];

/**
 * The event of payload format 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestPayload(request: RawRequest, context: PayloadContext): unknown {
  const { path, query } = requestPath(request.url);
  const headers = joinedHeaders(request.rawHeaders);
  const cookies = headers.get('cookie')?.split(/;\s*/);
  for (const name of ['cookie', ...HOP_BY_HOP]) headers.delete(name);
  const forwarded = [headers.get('x-forwarded-for'), request.sourceIp].filter((each) => each !== undefined);
  const shownHeaders = {
    ...Object.fromEntries(headers),
    'content-length': String(request.body.length),
    'x-amzn-trace-id': `Root=1-${Math.floor(context.receivedAt.getTime() / 1000).toString(16)}-${context.requestId.replaceAll('-', '').slice(0, 24)}`,
    'x-forwarded-for': forwarded.join(', '),
    'x-forwarded-port': String(context.port),
    'x-forwarded-proto': 'http',
  };
  const isBase64Encoded = !isText(headers.get('content-type'));
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies === undefined ? {} : { cookies }),
    headers: shownHeaders,
    ...(query === '' ? {} : { queryStringParameters: queryParameters(query) }),
    requestContext: requestContext(request, context, path),
    ...(Object.keys(context.pathParameters).length === 0 ? {} : { pathParameters: context.pathParameters }),
    ...(Object.keys(context.stageVariables).length === 0 ? {} : { stageVariables: context.stageVariables }),
    ...(request.body.length === 0
      ? {}
      : { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded: request.body.length > 0 && isBase64Encoded,
  };
}

/**
 * HTTP APIs hand over text only for these types; forms and everything else, also no type at all, come as base64.
 * (Measured against AWS by others; AWS's documents only say "binary".)
 */
export function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('text/') || /^application\/(json|javascript|xml)$/.test(type);
}

/** Lower-case names; values of a repeated name joined with a comma, as HTTP APIs do. */
export function joinedHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}${name === 'cookie' ? '; ' : ','}${value}`);
  }
  return headers;
}

function queryParameters(query: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = parameters.get(name);
    parameters.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(parameters);
}

function requestContext(request: RawRequest, context: PayloadContext, path: string): unknown {
  const headers = joinedHeaders(request.rawHeaders);
  return {
    accountId: context.accountId,
    apiId: context.apiId,
    ...(context.authorizer === undefined ? {} : { authorizer: context.authorizer }),
    domainName: context.domainName,
    domainPrefix: context.domainName.split('.')[0],
    http: {
      method: request.method,
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.sourceIp,
      userAgent: headers.get('user-agent') ?? '',
    },
    requestId: context.requestId,
    routeKey: context.routeKey,
    stage: '$default',
    time: commonLogTime(context.receivedAt),
    timeEpoch: context.receivedAt.getTime(),
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2027:19:03:58 +0000` */
function commonLogTime(instant: Date): string {
  const day = String(instant.getUTCDate()).padStart(2, '0');
  return `${day}/${MONTHS[instant.getUTCMonth()]}/${instant.getUTCFullYear()}:${instant.toISOString().slice(11, 19)} +0000`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
