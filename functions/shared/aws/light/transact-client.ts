import type { TableName } from '../../contract/tables.ts';
import {
  type CancellationReason,
  type ClaimClient,
  StoreUnavailableError,
  type TransactionResult,
  type WriteAction,
} from '../../ports/table-client.ts';
import { marshallItem } from '../table-client-marshalling.ts';
import { AwsRequestError } from './aws-request-error.ts';
import { type Answer, callWithRetries } from './call-with-retries.ts';
import type { LightAws } from './light-aws.ts';
import { conditionOf, existingItem, putItem } from './put-client.ts';

const TARGET = 'DynamoDB_20120810.TransactWriteItems';

type TableNames = Readonly<Partial<Record<TableName, string>>>;

/** TransactWriteItems, with a reason for each action of a canceled transaction. */
export const createLightTransactClient = (
  aws: LightAws,
  tableNames: TableNames,
): Pick<ClaimClient, 'transact'> => ({
  transact: async (actions, { withinMilliseconds } = {}) => {
    const body = JSON.stringify({
      TransactItems: actions.map((action) => transactItem(action, tableNames)),
      // Fresh for each call, so never a key of deduplication; the tries of this call share it.
      ClientRequestToken: aws.randomness.token(),
    });
    const call = { service: 'dynamodb', target: TARGET, protocol: '1.0', body } as const;
    const answer = await callWithRetries(aws, call, withinMilliseconds);
    if (answer.kind === 'no-answer')
      throw new StoreUnavailableError(`No definite answer to TransactWriteItems: ${answer.lastFailure}`);
    return resultOf(answer, actions.length);
  },
});

const transactItem = (action: WriteAction, tableNames: TableNames): object => {
  switch (action.kind) {
    case 'put':
      return { Put: putItem(action, tableNames) };
    case 'delete':
    case 'check': {
      const named = { TableName: tableNames[action.table], Key: marshallItem(action.key) };
      const write = { ...named, ...(action.condition === undefined ? {} : conditionOf(action.condition)) };
      return action.kind === 'delete' ? { Delete: write } : { ConditionCheck: write };
    }
    default:
      return action satisfies never;
  }
};

const resultOf = ({ error, content }: Answer, actions: number): TransactionResult => {
  if (error === '') return { kind: 'committed' };
  if (error !== 'TransactionCanceledException') throw new AwsRequestError(TARGET, error);
  const reasons: readonly unknown[] = Array.isArray(content.CancellationReasons)
    ? content.CancellationReasons
    : [];
  if (reasons.length !== actions)
    throw new StoreUnavailableError('DynamoDB canceled a transaction without a reason for each action');
  return { kind: 'canceled', reasons: reasons.map(reasonOf) };
};

const reasonOf = (reason: unknown): CancellationReason => {
  const { Code: code = 'None', Item: item } = isRecord(reason) ? reason : {};
  switch (code) {
    case 'None':
      return { code: 'none' };
    case 'ConditionalCheckFailed':
      return { code: 'condition-failed', existing: existingItem(item) };
    case 'TransactionConflict':
      return { code: 'transaction-conflict' };
    case 'ProvisionedThroughputExceeded':
    case 'ThrottlingError':
    case 'RequestLimitExceeded':
    case 'InternalServerError':
      return { code: 'unavailable' };
    default:
      throw new AwsRequestError(TARGET, String(code));
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
