import type { AttributeValue as StoredValue } from '@aws-sdk/client-dynamodb';
import type { TableName } from '../../contract/tables.ts';
import {
  type Expression,
  type Item,
  type Put,
  type PutClient,
  StoreUnavailableError,
} from '../../ports/table-client.ts';
import { marshallItem, marshallValue, unmarshallItem } from '../table-client-marshalling.ts';
import { AwsRequestError } from './aws-request-error.ts';
import { callWithRetries } from './call-with-retries.ts';
import type { LightAws } from './light-aws.ts';

const TARGET = 'DynamoDB_20120810.PutItem';

/** PutItem, with the item that stood in the way on a conflict. */
export const createLightPutClient = (
  aws: LightAws,
  tableNames: Readonly<Partial<Record<TableName, string>>>,
): PutClient => ({
  put: async (write) => {
    const body = JSON.stringify(putItem(write, tableNames));
    const answer = await callWithRetries(aws, { service: 'dynamodb', target: TARGET, protocol: '1.0', body });
    if (answer.kind === 'no-answer')
      throw new StoreUnavailableError(`No definite answer to PutItem: ${answer.lastFailure}`);
    switch (answer.error) {
      case '':
        return { kind: 'written' };
      case 'ConditionalCheckFailedException':
        return { kind: 'conflict', existing: existingItem(answer.content.Item) };
      default:
        throw new AwsRequestError(TARGET, answer.error);
    }
  },
});

export const putItem = (
  { table, item, condition }: Omit<Put, 'kind'>,
  tableNames: Readonly<Partial<Record<TableName, string>>>,
) => ({
  TableName: tableNames[table],
  Item: marshallItem(item),
  ...(condition !== undefined && conditionOf(condition)),
});

export const conditionOf = ({ expression, names, values }: Expression) => ({
  ConditionExpression: expression,
  ExpressionAttributeNames: names,
  ...(values !== undefined && {
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, marshallValue(value)]),
    ),
  }),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
});

/** The item as DynamoDB keeps it: the answer's form is DynamoDB's promise, not checked here. */
export const existingItem = (stored: unknown): Item | undefined =>
  typeof stored === 'object' && stored !== null && Object.keys(stored).length > 0
    ? unmarshallItem(stored as Record<string, StoredValue>)
    : undefined;
