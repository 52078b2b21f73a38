import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { WebhookRequest } from './receive-webhook.ts';

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
