import type { TableName } from '../contract/tables.ts';

/** Attribute values as plain JavaScript: strings, numbers, booleans, lists, maps, and sets of strings. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | ReadonlySet<string>
  | { readonly [name: string]: AttributeValue | undefined };

/** An item; attributes whose value is `undefined` are not stored. */
export type Item = { readonly [name: string]: AttributeValue | undefined };

/** A DynamoDB condition or key expression with its placeholders; literals never stand in `expression`. */
export interface Expression {
  readonly expression: string;
  /** `#name` to attribute name. */
  readonly names: Readonly<Record<string, string>>;
  /** `:name` to value. */
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

export interface Put {
  readonly kind: 'put';
  readonly table: TableName;
  readonly item: Item;
  readonly condition?: Expression;
}

export interface Delete {
  readonly kind: 'delete';
  readonly table: TableName;
  readonly key: Item;
  readonly condition?: Expression;
}

export interface ConditionCheck {
  readonly kind: 'check';
  readonly table: TableName;
  readonly key: Item;
  readonly condition: Expression;
}

export type WriteAction = Put | Delete | ConditionCheck;

/** `existing` is the item that stood in the way (ReturnValuesOnConditionCheckFailure: ALL_OLD), absent if there was none. */
export type WriteResult =
  | { readonly kind: 'written' }
  | { readonly kind: 'conflict'; readonly existing: Item | undefined };

/** Why one action of a canceled transaction did not hold; same order as the actions. */
export type CancellationReason =
  | { readonly code: 'none' }
  | { readonly code: 'condition-failed'; readonly existing: Item | undefined }
  /** Another transaction or write held the item: nothing is known about the condition; retry with jitter. */
  | { readonly code: 'transaction-conflict' }
  /** Throttling and other reasons that a later try may not meet. */
  | { readonly code: 'unavailable' };

export type TransactionResult =
  | { readonly kind: 'committed' }
  | { readonly kind: 'canceled'; readonly reasons: readonly CancellationReason[] };

export interface Query {
  readonly table: TableName;
  readonly index?: string;
  readonly keyCondition: Expression;
  readonly forward?: boolean;
  readonly limit?: number;
  readonly consistent?: boolean;
  /** Continue after this key (from an earlier page). */
  readonly after?: Item;
}

export interface Scan {
  readonly table: TableName;
  readonly segment: number;
  readonly totalSegments: number;
  readonly filter?: Expression;
  readonly after?: Item;
}

/** `next` is absent on the last page. */
export interface Page {
  readonly items: readonly Item[];
  readonly next?: Item;
}

/**
 * DynamoDB as the use cases know it. Every method throws StoreUnavailableError when the store gave no definite
 * answer in time; a write may then have happened all the same, which is why every claim carries its owner.
 */
export interface TableClient {
  get(table: TableName, key: Item, options?: { readonly consistent?: boolean }): Promise<Item | undefined>;
  put(put: Omit<Put, 'kind'>): Promise<WriteResult>;
  /** At most 100 actions, each on another item (vendor limits). */
  transact(actions: readonly WriteAction[]): Promise<TransactionResult>;
  query(query: Query): Promise<Page>;
  scan(scan: Scan): Promise<Page>;
}

/** The one write that an ingress function makes; the light client and the full one both offer it. */
export type PutClient = Pick<TableClient, 'put'>;

/** What a claim needs: the one write, and the transaction of a STOP, which may have less time than usual. */
export interface ClaimClient extends PutClient {
  transact(
    actions: readonly WriteAction[],
    options?: { readonly withinMilliseconds?: number },
  ): Promise<TransactionResult>;
}

/** The store gave no definite answer; the caller must not assume that nothing was written. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly retryable = true;
}
