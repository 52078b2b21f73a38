import { awsJsonClient } from '../../../local/cloud/engines/aws-json.ts';
import type { LocalCloud } from '../../../local/cloud/local-cloud.ts';

export type Item = Readonly<Record<string, Readonly<Record<string, string>>>>;

const dynamodb = (endpoint: string) => awsJsonClient(endpoint, 'dynamodb', 'us-east-1');

export async function scan(cloud: LocalCloud, TableName: string): Promise<readonly Item[]> {
  const answer = await dynamodb(cloud.endpoints.dynamodb).call('DynamoDB_20120810.Scan', { TableName });
  return (answer as { Items: Item[] }).Items;
}

export async function putItem(endpoint: string, TableName: string, Item: Item): Promise<void> {
  await dynamodb(endpoint).call('DynamoDB_20120810.PutItem', { TableName, Item });
}

/** The bodies of what waits in a queue; they stay hidden for a while. */
export async function receiveBodies(cloud: LocalCloud, queueName: string): Promise<readonly string[]> {
  const sqs = awsJsonClient(cloud.endpoints.sqs, 'sqs', 'us-east-1');
  const QueueUrl = `${cloud.endpoints.sqs}/000000000000/${queueName}`;
  const answer = await sqs.call('AmazonSQS.ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 1,
  });
  return ((answer as { Messages?: { Body: string }[] }).Messages ?? []).map((message) => message.Body);
}

/** Looks again until there is something. @throws after ten seconds */
export async function eventually<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come in ten seconds');
}
