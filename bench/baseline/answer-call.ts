import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import twilio from 'twilio';

/**
 * The IVR that most projects write, as samples have it: the whole twilio library, its own signature check, the document
 * client for the state of the call, Powertools, and an event put on the bus before the answer.
 */
const logger = new Logger();
const metrics = new Metrics();
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const eventBridge = new EventBridgeClient({});
const TableName = process.env.TABLE_VOICE ?? '';

export const handler = async (event: APIGatewayProxyEventV2, context: Context) => {
  logger.addContext(context);
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
  const { Item } = await table.send(new GetCommand({ TableName, Key: { pk: parameters.CallSid } }));
  const state = Item?.state ?? 'menu';
  await table.send(new PutCommand({ TableName, Item: { pk: parameters.CallSid, state } }));
  const Detail = JSON.stringify({ callSid: parameters.CallSid, state });
  await eventBridge.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: process.env.EVENT_BUS_NAME, Source: 'ivr', DetailType: 'call.step', Detail }],
    }),
  );
  const response = new twilio.twiml.VoiceResponse();
  response.gather({ numDigits: 1, action: '/voice/menu' }).say('For support, press 1.');
  logger.info('Call answered', { callSid: parameters.CallSid });
  metrics.addMetric('callAnswered', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: response.toString() };
};
