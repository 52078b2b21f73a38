/**
 * The tables of the deployment: one per subject (docs/adr/0001), each with its keys, indexes and stream.
 * `lib/` creates them from these shapes; run-time code reads the physical name from the environment.
 */
export interface TableShape {
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** Epoch seconds. Expiry is garbage collection only: conditions always compare timestamps themselves. */
  readonly timeToLiveAttribute: string;
  /** Items carry an `outbox`; the table's stream feeds publish-events. */
  readonly outbox: boolean;
  readonly indexes: Readonly<Record<string, { readonly partitionKey: string; readonly sortKey: string }>>;
}

export const TABLES = {
  /** Every accepted webhook: record, deduplication and outbox in one item. */
  inbox: { partitionKey: 'pk', timeToLiveAttribute: 'expiresAt', outbox: true, indexes: {} },
  /** Intents, attempts, MessageSid bindings, recipient pointers, effect rows. */
  messaging: {
    partitionKey: 'pk',
    sortKey: 'sk',
    timeToLiveAttribute: 'expiresAt',
    outbox: true,
    indexes: { due: { partitionKey: 'dueShard', sortKey: 'dueAt' } },
  },
  /** The story of every subject, one row an event. */
  timeline: {
    partitionKey: 'pk',
    sortKey: 'sk',
    timeToLiveAttribute: 'expiresAt',
    outbox: false,
    indexes: {},
  },
} as const satisfies Record<string, TableShape>;

export type TableName = keyof typeof TABLES;

/** Shards of the due-index: a minute's intents spread over this many partitions (docs/adr/0007). */
export const DUE_SHARDS = 16;
