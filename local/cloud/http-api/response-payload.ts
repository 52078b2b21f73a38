import * as z from 'zod';

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const fullResponse = z.looseObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * What API Gateway makes of a function's return value in payload format 2.0: with a `statusCode` the response it
 * describes, without one a 200 whose JSON body is the value itself; a malformed response is a 500.
 */
export function responsePayload(json: string): HttpAnswer {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) return simpleResponse(value);
  const parsed = fullResponse.safeParse(value);
  if (!parsed.success) return errorAnswer(500, 'Internal Server Error');
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const own = Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, each]) => [name.toLowerCase(), each]),
  );
  return {
    statusCode,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...own,
      ...(cookies == null || cookies.length === 0 ? {} : { 'set-cookie': cookies }),
    },
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

export function errorAnswer(
  statusCode: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

function simpleResponse(value: unknown): HttpAnswer {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
}
