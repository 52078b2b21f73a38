import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HookRoute } from '../shared/contract/routes.ts';
import type { WebhookOutcome } from './receive-webhook.ts';

/** Twilio raises 12300 for an answer without a Content-Type, and reads TwiML from an inbound message's. */
const TWIML = { 'content-type': 'text/xml; charset=utf-8' };
const JSON_TEXT = { 'content-type': 'application/json; charset=utf-8' };
const PLAIN = { 'content-type': 'text/plain; charset=utf-8' };
const EMPTY_RESPONSE = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** Never a detail of why: the caller who should know is Twilio, which keeps the status only. */
export const answerWebhook = (outcome: WebhookOutcome): APIGatewayProxyStructuredResultV2 => {
  if ('instruction' in outcome && outcome.instruction !== undefined)
    return { statusCode: 200, headers: JSON_TEXT, body: outcome.instruction };
  switch (outcome.kind) {
    case 'accepted':
    case 'duplicate':
    case 'mismatch':
      return acknowledge(outcome.path.route);
    case 'not-found':
      return refuse(404, 'Not found');
    case 'oversized':
      return refuse(413, 'Too large');
    case 'unsupported-media-type':
      return refuse(415, 'Unsupported media type');
    case 'malformed':
      return refuse(400, 'Malformed');
    case 'forged':
    case 'reshaped':
      return refuse(403, 'Forbidden');
    case 'unavailable':
      return refuse(503, 'Try again');
  }
};

/** Every reply is an intent of its own, so an inbound message is answered by nothing to say; TaskRouter wants a 204. */
const acknowledge = (route: HookRoute): APIGatewayProxyStructuredResultV2 => {
  switch (route) {
    case 'inboundMessage':
    case 'inboundMessageFallback':
      return { statusCode: 200, headers: TWIML, body: EMPTY_RESPONSE };
    case 'taskRouterEvents':
      return { statusCode: 204, headers: JSON_TEXT, body: '' };
    default:
      return { statusCode: 200, headers: PLAIN, body: '' };
  }
};

const refuse = (statusCode: number, body: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: PLAIN,
  body,
});
