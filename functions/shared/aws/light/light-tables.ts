import type { TableName } from '../../contract/tables.ts';
import {
  type CancellationReason,
  StoreUnavailableError,
  type TableClient,
  type TransactionResult,
} from '../../ports/table-client.ts';
import { marshallItem } from '../table-client-marshalling.ts';
import { AwsRequestError } from './aws-request-error.ts';
import { type Answer, callWithRetries } from './call-with-retries.ts';
import type { LightAws } from './light-aws.ts';
import { createLightPutClient, existingItem, putItem } from './put-client.ts';

const GET = 'DynamoDB_20120810.GetItem';
const TRANSACT = 'DynamoDB_20120810.TransactWriteItems';

/** The calls that a function with a cold start to answer for makes of DynamoDB: reads, writes, transactions of puts. */
export type LightTables = Pick<TableClient, 'get' | 'put' | 'transact'>;

export const createLightTables = (
  aws: LightAws,
  tableNames: Readonly<Partial<Record<TableName, string>>>,
): LightTables => {
  const call = async (target: string, content: object): Promise<Answer> => {
    const body = JSON.stringify(content);
    const answer = await callWithRetries(aws, { service: 'dynamodb', target, protocol: '1.0', body });
    if (answer.kind === 'answered') return answer;
    throw new StoreUnavailableError(`No definite answer to ${target}: ${answer.lastFailure}`);
  };
  return {
    ...createLightPutClient(aws, tableNames),
    get: async (table, key, { consistent = false } = {}) => {
      const { error, content } = await call(GET, {
        TableName: tableNames[table],
        Key: marshallItem(key),
        ConsistentRead: consistent,
      });
      if (error !== '') throw new AwsRequestError(GET, error);
      return existingItem(content.Item);
    },
    transact: async (actions) => {
      const TransactItems = actions.map((action) => {
        if (action.kind !== 'put') throw new AwsRequestError(TRANSACT, `${action.kind} is not offered here`);
        return { Put: putItem(action, tableNames) };
      });
      // The token makes tries of one invocation one transaction; it deduplicates nothing else.
      const ClientRequestToken = aws.randomness.token();
      const { error, content } = await call(TRANSACT, { TransactItems, ClientRequestToken });
      return transactionResult(error, content, actions.length);
    },
  };
};

const transactionResult = (error: string, content: Answer['content'], actions: number): TransactionResult => {
  if (error === '') return { kind: 'committed' };
  if (error === 'TransactionInProgressException')
    throw new StoreUnavailableError('An earlier try is still being carried out');
  if (error !== 'TransactionCanceledException') throw new AwsRequestError(TRANSACT, error);
  const reasons = Array.isArray(content.CancellationReasons) ? content.CancellationReasons : [];
  return {
    kind: 'canceled',
    reasons: Array.from({ length: actions }, (_, at) => reasonOf(reasons[at])),
  };
};

const reasonOf = (reason: unknown): CancellationReason => {
  if (typeof reason !== 'object' || reason === null || !('Code' in reason)) return { code: 'unavailable' };
  switch (reason.Code) {
    case 'None':
      return { code: 'none' };
    case 'ConditionalCheckFailed':
      return { code: 'condition-failed', existing: existingItem('Item' in reason ? reason.Item : undefined) };
    case 'TransactionConflict':
      return { code: 'transaction-conflict' };
    default:
      return { code: 'unavailable' };
  }
};
