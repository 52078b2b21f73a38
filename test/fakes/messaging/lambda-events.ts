import type { Context, SQSEvent } from 'aws-lambda';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';

export const lambdaContext = (remainingMilliseconds = 20_000): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'function-under-test',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:function-under-test',
  memoryLimitInMB: '256',
  awsRequestId: '5f0c1d2e-0000-4000-8000-000000000001',
  logGroupName: '/aws/lambda/function-under-test',
  logStreamName: '2026/03/01/[$LATEST]0',
  getRemainingTimeInMillis: () => remainingMilliseconds,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});

/** A batch of an SQS event source; message ids are `message-0`, `message-1` ... */
export const sqsEvent = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    receiptHandle: `receipt-${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1772366400000',
      SenderId: 'AROAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1772366400100',
    },
    messageAttributes: {},
    md5OfBody: '00000000000000000000000000000000',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
    awsRegion: 'us-east-1',
  })),
});

/** The queue message that a rule of the bus makes of an event. */
export const busMessage = (event: TrunklineEvent): string =>
  JSON.stringify({
    version: '0',
    id: '11111111-2222-4333-8444-555555555555',
    'detail-type': event.type,
    source: 'trunkline',
    account: '000000000000',
    time: '2026-03-01T12:00:01Z',
    region: 'us-east-1',
    resources: [],
    detail: event,
  });

interface HttpCall {
  /** `POST /v1/messages` */
  readonly routeKey: string;
  readonly path?: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Absent: no authorizer. */
  readonly client?: { readonly id: string; readonly scope?: string };
}

/** An event of an HTTP API, payload format 2.0, with the JWT authorizer's context. */
export const httpEvent = (call: HttpCall): unknown => ({
  version: '2.0',
  routeKey: call.routeKey,
  rawPath: call.path ?? call.routeKey.split(' ')[1],
  rawQueryString: call.query ?? '',
  headers: { host: 'api.example.com', ...call.headers },
  pathParameters: call.pathParameters,
  requestContext: {
    requestId: 'request-1',
    ...(call.client === undefined
      ? {}
      : {
          authorizer: {
            jwt: {
              claims: {
                client_id: call.client.id,
                scope: call.client.scope ?? 'messages:send messages:read',
              },
              scopes: null,
            },
          },
        }),
  },
  body: call.body,
  isBase64Encoded: false,
});
