import { type SampleStack, sampleFunction } from './sample-assembly.ts';

const getAtt = (logicalId: string, attribute: string): unknown => ({ 'Fn::GetAtt': [logicalId, attribute] });
const ref = (logicalId: string): unknown => ({ Ref: logicalId });

const PUT_ITEM = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async (event) => {
  const text = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8').toString();
  await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: event.pathParameters.id }, text: { S: text } } }));
  console.log('stored ' + event.pathParameters.id);
  return { statusCode: 202, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: event.pathParameters.id }) };
};`;

const PUBLISH = `
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
const client = new EventBridgeClient({});
exports.handler = async (event) => {
  for (const record of event.Records) {
    const { pk, text } = record.dynamodb.NewImage;
    const Detail = JSON.stringify({ id: pk.S, text: text.S, arn: record.eventSourceARN, region: record.awsRegion });
    const answer = await client.send(new PutEventsCommand({ Entries: [{ Source: 'sample', DetailType: 'stored.v1', Detail, EventBusName: process.env.BUS }] }));
    if (answer.FailedEntryCount) throw new Error(JSON.stringify(answer.Entries));
  }
  return { batchItemFailures: [] };
};`;

const CONSUME = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async (event) => {
  const batchItemFailures = [];
  for (const record of event.Records) {
    const { detail } = JSON.parse(record.body);
    if (detail.text === 'poison') { batchItemFailures.push({ itemIdentifier: record.messageId }); continue; }
    await client.send(new PutItemCommand({ TableName: process.env.SEEN, Item: { pk: { S: detail.id }, detail: { S: JSON.stringify(detail) }, receiveCount: { N: record.attributes.ApproximateReceiveCount } } }));
  }
  return { batchItemFailures };
};`;

/** API route -> function -> table -> stream -> function -> bus -> rule -> queue -> function -> table. */
export const chainStack: SampleStack = {
  stackName: 'Sample',
  code: { 'put.zip': PUT_ITEM, 'publish.zip': PUBLISH, 'consume.zip': CONSUME },
  template: {
    Resources: {
      Items: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'items',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        },
      },
      Seen: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'seen',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        },
      },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'sample-bus' } },
      DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead-letters' } },
      Work: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'work',
          VisibilityTimeout: 1,
          RedrivePolicy: { deadLetterTargetArn: getAtt('DeadLetters', 'Arn'), maxReceiveCount: 2 },
        },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: ref('Bus'),
          EventPattern: { source: ['sample'], 'detail-type': [{ prefix: 'stored.' }] },
          Targets: [{ Id: 'Target0', Arn: getAtt('Work', 'Arn') }],
        },
      },
      Put: sampleFunction('put.zip', { TABLE: ref('Items') }, { FunctionName: 'put', Timeout: 10 }),
      Publish: sampleFunction('publish.zip', { BUS: ref('Bus') }, { FunctionName: 'publish', Timeout: 10 }),
      Consume: sampleFunction('consume.zip', { SEEN: ref('Seen') }, { FunctionName: 'consume', Timeout: 10 }),
      StreamMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: getAtt('Items', 'StreamArn'),
          FunctionName: ref('Publish'),
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      QueueMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: getAtt('Work', 'Arn'),
          FunctionName: getAtt('Consume', 'Arn'),
          BatchSize: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'sample-api', ProtocolType: 'HTTP' } },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: ref('Api'),
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: getAtt('Put', 'Arn'),
          PayloadFormatVersion: '2.0',
        },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: ref('Api'),
          RouteKey: 'POST /items/{id}',
          Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
        },
      },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true },
      },
    },
    Outputs: {
      ApiUrl: { Value: getAtt('Api', 'ApiEndpoint') },
      DefaultUrl: {
        Value: {
          'Fn::Join': [
            '',
            ['https://', ref('Api'), '.execute-api.', ref('AWS::Region'), '.', ref('AWS::URLSuffix'), '/'],
          ],
        },
      },
      QueueUrl: { Value: ref('Work') },
    },
  },
};
