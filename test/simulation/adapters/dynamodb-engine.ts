import type { AttributeValue as StoredValue } from '@aws-sdk/client-dynamodb';
import { marshallItem, unmarshallItem } from '../../../functions/shared/aws/table-client-marshalling.ts';
import type { TableName } from '../../../functions/shared/contract/tables.ts';
import type {
  AttributeValue,
  CancellationReason,
  Expression,
  Item,
  WriteAction,
} from '../../../functions/shared/ports/table-client.ts';
import type { InMemoryStore } from '../../fakes/in-memory-table/in-memory-store.ts';

type Stored = Record<string, StoredValue>;

/** A request of DynamoDB's API as far as the adapters use it; tables bear their logical names. */
export interface DynamoDbInput {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Stored;
  readonly Item?: Stored;
  readonly ConsistentRead?: boolean;
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Stored;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Stored;
  readonly Segment?: number;
  readonly TotalSegments?: number;
  readonly TransactItems?: readonly {
    readonly Put?: DynamoDbInput;
    readonly Delete?: DynamoDbInput;
    readonly ConditionCheck?: DynamoDbInput;
  }[];
}

export type DynamoDbAnswer =
  | { readonly kind: 'output'; readonly output: object }
  | { readonly kind: 'condition-failed'; readonly item: Stored | undefined }
  | {
      readonly kind: 'canceled';
      readonly reasons: readonly { readonly Code: string; readonly Item?: Stored }[];
    };

/** DynamoDB's operations in DynamoDB's own words, over the store in memory. */
export const executeDynamoDb = (
  store: InMemoryStore,
  operation: string,
  input: DynamoDbInput,
): DynamoDbAnswer => {
  switch (operation) {
    case 'GetItem': {
      const item = store.get(tableOf(input), unmarshallItem(input.Key ?? {}), input.ConsistentRead ?? false);
      return { kind: 'output', output: item === undefined ? {} : { Item: marshallItem(item) } };
    }
    case 'PutItem': {
      const result = store.put(putOf(input));
      if (result.kind === 'written') return { kind: 'output', output: {} };
      return { kind: 'condition-failed', item: result.existing && marshallItem(result.existing) };
    }
    case 'TransactWriteItems': {
      const result = store.transact(actionsOf(input));
      return result.kind === 'committed' ? { kind: 'output', output: {} } : canceled(result.reasons);
    }
    case 'Query':
      return pageOf(
        store.query({
          table: tableOf(input),
          keyCondition: expressionOf(input.KeyConditionExpression ?? '', input),
          forward: input.ScanIndexForward ?? true,
          consistent: input.ConsistentRead ?? false,
          ...(input.IndexName === undefined ? {} : { index: input.IndexName }),
          ...(input.Limit === undefined ? {} : { limit: input.Limit }),
          ...(input.ExclusiveStartKey === undefined
            ? {}
            : { after: unmarshallItem(input.ExclusiveStartKey) }),
        }),
      );
    case 'Scan':
      return pageOf(
        store.scan({
          table: tableOf(input),
          segment: input.Segment ?? 0,
          totalSegments: input.TotalSegments ?? 1,
          ...(input.FilterExpression === undefined
            ? {}
            : { filter: expressionOf(input.FilterExpression, input) }),
          ...(input.ExclusiveStartKey === undefined
            ? {}
            : { after: unmarshallItem(input.ExclusiveStartKey) }),
        }),
      );
    default:
      throw new Error(`the simulated DynamoDB has no ${operation}`);
  }
};

export const actionsOf = (input: DynamoDbInput): readonly WriteAction[] =>
  (input.TransactItems ?? []).map(({ Put, Delete, ConditionCheck }): WriteAction => {
    if (Put !== undefined) return { kind: 'put', ...putOf(Put) };
    if (Delete !== undefined)
      return {
        kind: 'delete',
        table: tableOf(Delete),
        key: unmarshallItem(Delete.Key ?? {}),
        ...conditionOf(Delete),
      };
    const check = ConditionCheck ?? {};
    return {
      kind: 'check',
      table: tableOf(check),
      key: unmarshallItem(check.Key ?? {}),
      condition: expressionOf(check.ConditionExpression ?? '', check),
    };
  });

export const canceled = (reasons: readonly CancellationReason[]): DynamoDbAnswer => ({
  kind: 'canceled',
  reasons: reasons.map(wireReason),
});

const wireReason = (reason: CancellationReason): { readonly Code: string; readonly Item?: Stored } => {
  switch (reason.code) {
    case 'none':
      return { Code: 'None' };
    case 'condition-failed':
      return {
        Code: 'ConditionalCheckFailed',
        ...(reason.existing === undefined ? {} : { Item: marshallItem(reason.existing) }),
      };
    case 'transaction-conflict':
      return { Code: 'TransactionConflict' };
    case 'unavailable':
      return { Code: 'ThrottlingError' };
    default:
      return reason satisfies never;
  }
};

const tableOf = ({ TableName: name = '' }: DynamoDbInput): TableName => name as TableName;

const putOf = (input: DynamoDbInput) => ({
  table: tableOf(input),
  item: unmarshallItem(input.Item ?? {}),
  ...conditionOf(input),
});

const conditionOf = (input: DynamoDbInput): { readonly condition?: Expression } =>
  input.ConditionExpression === undefined
    ? {}
    : { condition: expressionOf(input.ConditionExpression, input) };

const expressionOf = (
  expression: string,
  { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values }: DynamoDbInput,
): Expression => ({
  expression,
  names,
  ...(values === undefined ? {} : { values: unmarshallItem(values) as Record<string, AttributeValue> }),
});

const pageOf = ({
  items,
  next,
}: {
  readonly items: readonly Item[];
  readonly next?: Item;
}): DynamoDbAnswer => ({
  kind: 'output',
  output: {
    Items: items.map(marshallItem),
    ...(next === undefined ? {} : { LastEvaluatedKey: marshallItem(next) }),
  },
});
