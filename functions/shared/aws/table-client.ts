import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type CancellationReason as StoredReason,
  type AttributeValue as StoredValue,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableName } from '../contract/tables.ts';
import type { Observer } from '../ports/observer.ts';
import type { Randomness, Sleep } from '../ports/randomness.ts';
import {
  type CancellationReason,
  type Expression,
  type Item,
  type Page,
  type Put,
  type Query,
  type Scan,
  StoreUnavailableError,
  type TableClient,
  type TransactionResult,
  type WriteAction,
  type WriteResult,
} from '../ports/table-client.ts';
import { isContention, isInProgress, translateFailure } from './table-client-failures.ts';
import { marshallItem, marshallValue, unmarshallItem } from './table-client-marshalling.ts';

export interface TableClientOptions {
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Physical names. */
  readonly tableNames: Readonly<Record<TableName, string>>;
  readonly random: Randomness;
  readonly sleep: Sleep;
  readonly observer?: Observer;
}

/** Tries of our own, over the SDK's, of what another writer only delays. */
const CONTENTION_TRIES = 4;
const CONTENTION_BASE_MILLISECONDS = 25;

/** TableClient on DynamoDB. Failures that are bugs (validation, missing table or permission) are thrown as they are. */
export const createTableClient = (options: TableClientOptions): TableClient => ({
  get: (table, key, { consistent = false } = {}) => definite(() => get(options, { table, key, consistent })),
  put: (write) => definite(() => put(options, write)),
  transact: (actions) => definite(() => transact(options, actions)),
  query: (request) => definite(() => query(options, request)),
  scan: (request) => definite(() => scan(options, request)),
});

const definite = async <Result>(call: () => Promise<Result>): Promise<Result> => {
  try {
    return await call();
  } catch (error) {
    throw translateFailure(error);
  }
};

const get = async (
  { client, tableNames }: TableClientOptions,
  { table, key, consistent }: { table: TableName; key: Item; consistent: boolean },
): Promise<Item | undefined> => {
  const { Item: found } = await client.send(
    new GetItemCommand({ TableName: tableNames[table], Key: marshallItem(key), ConsistentRead: consistent }),
  );
  return found === undefined ? undefined : unmarshallItem(found);
};

const put = async (
  options: TableClientOptions,
  { table, item, condition }: Omit<Put, 'kind'>,
): Promise<WriteResult> => {
  const command = new PutItemCommand({
    TableName: options.tableNames[table],
    Item: marshallItem(item),
    ...conditionOf(condition),
  });
  try {
    await patiently(options, isContention, () => options.client.send(command));
    return { kind: 'written' };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException)
      return { kind: 'conflict', existing: existing(error.Item) };
    throw error;
  }
};

const transact = async (
  options: TableClientOptions,
  actions: readonly WriteAction[],
): Promise<TransactionResult> => {
  const command = new TransactWriteItemsCommand({
    TransactItems: actions.map((action) => transactItem(action, options.tableNames)),
    // Fresh for each call, so never a key of deduplication; the tries of this call share it.
    ClientRequestToken: options.random.token(),
  });
  try {
    await patiently(options, isInProgress, () => options.client.send(command));
    return { kind: 'committed' };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return { kind: 'canceled', reasons: cancellationReasons(error, actions.length) };
  }
};

const query = async ({ client, tableNames }: TableClientOptions, request: Query): Promise<Page> => {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableNames[request.table],
      IndexName: request.index,
      KeyConditionExpression: request.keyCondition.expression,
      ...placeholders(request.keyCondition),
      ScanIndexForward: request.forward ?? true,
      Limit: request.limit,
      ConsistentRead: request.consistent ?? false,
      ...startKey(request.after),
    }),
  );
  return pageOf(Items, LastEvaluatedKey);
};

const scan = async ({ client, tableNames }: TableClientOptions, request: Scan): Promise<Page> => {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: tableNames[request.table],
      Segment: request.segment,
      TotalSegments: request.totalSegments,
      ...(request.filter === undefined
        ? {}
        : { FilterExpression: request.filter.expression, ...placeholders(request.filter) }),
      ...startKey(request.after),
    }),
  );
  return pageOf(Items, LastEvaluatedKey);
};

/** Tries again, with full jitter, what `isDelayed` says another writer only holds up. */
const patiently = async <Result>(
  { random, sleep, observer }: TableClientOptions,
  isDelayed: (error: unknown) => boolean,
  call: () => Promise<Result>,
): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isDelayed(error) || tries === CONTENTION_TRIES) throw error;
      observer?.info('another writer holds the item', { tries });
      await sleep(random.fraction() * CONTENTION_BASE_MILLISECONDS * 2 ** tries);
    }
  }
};

const transactItem = (
  action: WriteAction,
  tableNames: Readonly<Record<TableName, string>>,
): TransactWriteItem => {
  const TableName = tableNames[action.table];
  switch (action.kind) {
    case 'put':
      return { Put: { TableName, Item: marshallItem(action.item), ...conditionOf(action.condition) } };
    case 'delete':
      return { Delete: { TableName, Key: marshallItem(action.key), ...conditionOf(action.condition) } };
    case 'check':
      return {
        ConditionCheck: { TableName, Key: marshallItem(action.key), ...requiredCondition(action.condition) },
      };
  }
};

const conditionOf = (condition: Expression | undefined): Partial<ReturnType<typeof requiredCondition>> =>
  condition === undefined ? {} : requiredCondition(condition);

const requiredCondition = (condition: Expression) => ({
  ConditionExpression: condition.expression,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  ...placeholders(condition),
});

// DynamoDB refuses an empty map of placeholders.
const placeholders = ({ names, values = {} }: Expression) => ({
  ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: { ...names } }),
  ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: marshallValues(values) }),
});

const marshallValues = (values: NonNullable<Expression['values']>): Record<string, StoredValue> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, marshallValue(value)]));

const startKey = (after: Item | undefined) =>
  after === undefined ? {} : { ExclusiveStartKey: marshallItem(after) };

const pageOf = (
  items: readonly Record<string, StoredValue>[],
  last: Record<string, StoredValue> | undefined,
): Page => ({
  items: items.map(unmarshallItem),
  ...(last === undefined ? {} : { next: unmarshallItem(last) }),
});

// Engines answer an item that was not there with nothing or with an empty map.
const existing = (stored: Record<string, StoredValue> | undefined): Item | undefined =>
  stored === undefined || Object.keys(stored).length === 0 ? undefined : unmarshallItem(stored);

const cancellationReasons = (
  error: TransactionCanceledException,
  actions: number,
): readonly CancellationReason[] => {
  const reasons = error.CancellationReasons ?? [];
  if (reasons.length !== actions)
    throw new StoreUnavailableError('DynamoDB canceled a transaction without a reason for each action', {
      cause: error,
    });
  return reasons.map((reason) => reasonOf(reason, error));
};

const reasonOf = (reason: StoredReason, error: TransactionCanceledException): CancellationReason => {
  switch (reason.Code) {
    case undefined:
    case 'None':
      return { code: 'none' };
    case 'ConditionalCheckFailed':
      return { code: 'condition-failed', existing: existing(reason.Item) };
    case 'TransactionConflict':
      return { code: 'transaction-conflict' };
    case 'ProvisionedThroughputExceeded':
    case 'ThrottlingError':
    case 'RequestLimitExceeded':
    case 'InternalServerError':
      return { code: 'unavailable' };
    default:
      // ValidationError, ItemCollectionSizeLimitExceeded and what is not known yet: a bug, never an outcome.
      throw error;
  }
};
