import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import twilio from 'twilio';

/**
 * The handler that most projects write, as their guides and samples have it: the whole twilio library, its own
 * signature check, Powertools for logs, metrics and idempotency, and an event put on the bus before the answer.
 */
const logger = new Logger();
const metrics = new Metrics();
const eventBridge = new EventBridgeClient({});
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.IDEMPOTENCY_TABLE ?? '' });
const config = new IdempotencyConfig({ eventKeyJmesPath: 'MessageSid', throwOnNoIdempotencyKey: true });

const publish = makeIdempotent(
  async (message: Record<string, string>) => {
    const entry = {
      EventBusName: process.env.EVENT_BUS_NAME,
      Source: 'twilio.webhooks',
      DetailType: 'message.received',
      Detail: JSON.stringify(message),
    };
    const { FailedEntryCount } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
    if (FailedEntryCount !== 0) throw new Error('The bus refused the event');
    return new twilio.twiml.MessagingResponse().toString();
  },
  { persistenceStore, config },
);

export const handler = async (event: APIGatewayProxyEventV2, context: Context) => {
  logger.addContext(context);
  config.registerLambdaContext(context);
  const text = event.isBase64Encoded
    ? Buffer.from(event.body ?? '', 'base64').toString('utf8')
    : (event.body ?? '');
  const parameters = Object.fromEntries(new URLSearchParams(text));
  const isValid = twilio.validateRequest(
    process.env.TWILIO_AUTH_TOKEN ?? '',
    event.headers['x-twilio-signature'] ?? '',
    `${process.env.WEBHOOK_BASE_URL}${event.rawPath}`,
    parameters,
  );
  if (!isValid) return { statusCode: 403, body: 'Invalid signature' };
  const body = await publish(parameters);
  logger.info('Message received', { messageSid: parameters.MessageSid });
  metrics.addMetric('messageReceived', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return { statusCode: 200, headers: { 'content-type': 'text/xml' }, body };
};
