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
    indexes: {
      due: { partitionKey: 'dueShard', sortKey: 'dueAt' },
      /** What has not reached its recipient yet, the nearest first: an opt-out takes it back. */
      recipient: { partitionKey: 'recipient', sortKey: 'goesAt' },
    },
  },
  /** What people agreed to, by keyed hash of their address: barriers, standings, the ledger and its hash chain. */
  consent: { partitionKey: 'pk', sortKey: 'sk', timeToLiveAttribute: 'expiresAt', outbox: true, indexes: {} },
  /** Calls with their state and their steps, flows by the hash of their content; records of calls, tasks and recordings. */
  voice: {
    partitionKey: 'pk',
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

/** One value for every table; the only place besides TABLES that lists them. */
export const forEveryTable = <Value>(
  valueFor: (table: TableName) => Value,
): Readonly<Record<TableName, Value>> => ({
  inbox: valueFor('inbox'),
  messaging: valueFor('messaging'),
  voice: valueFor('voice'),
  consent: valueFor('consent'),
  timeline: valueFor('timeline'),
});

/** Shards of the due-index: a minute's intents spread over this many partitions (docs/adr/0007). */
export const DUE_SHARDS = 16;
