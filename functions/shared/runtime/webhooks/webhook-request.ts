import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** One POST as API Gateway hands it on (HTTP API, payload 2.0); everything but the path parameters is raw. */
export interface WebhookRequest {
  /** `POST /twilio/{accountSid}/...` */
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  readonly rawQuery: string;
  readonly contentType: string;
  readonly signature: string;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  /** Fixed per invocation. */
  readonly owner: string;
}

/** Takes from an event what may be believed or is going to be checked; host and forwarding headers are neither. */
export const toWebhookRequest = (event: APIGatewayProxyEventV2, owner: string): WebhookRequest => ({
  routeKey: event.routeKey,
  pathParameters: event.pathParameters ?? {},
  rawQuery: event.rawQueryString,
  contentType: event.headers['content-type'] ?? '',
  signature: event.headers['x-twilio-signature'] ?? '',
  body: event.body ?? '',
  isBase64Encoded: event.isBase64Encoded,
  owner,
});
