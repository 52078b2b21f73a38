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
  if (error !== 'TransactionCanceledException') throw new AwsRequestError(TRANSACT, error);
  const reasons = Array.isArray(content.CancellationReasons) ? content.CancellationReasons : [];
  if (reasons.length !== actions)
    throw new StoreUnavailableError('A transaction was canceled without a reason for each action');
  return { kind: 'canceled', reasons: reasons.map(reasonOf) };
};

const reasonOf = (reason: unknown): CancellationReason => {
  const { Code, Item } = isRecord(reason) ? reason : {};
  switch (Code) {
    case undefined:
    case 'None':
      return { code: 'none' };
    case 'ConditionalCheckFailed':
      return { code: 'condition-failed', existing: existingItem(Item) };
    case 'TransactionConflict':
      return { code: 'transaction-conflict' };
    case 'ProvisionedThroughputExceeded':
    case 'ThrottlingError':
    case 'RequestLimitExceeded':
    case 'InternalServerError':
      return { code: 'unavailable' };
    default:
      // ValidationError and what is not known yet: a bug, never an outcome.
      throw new AwsRequestError(TRANSACT, String(Code));
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
