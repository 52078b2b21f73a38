import { TABLES, type TableName, type TableShape } from '../../functions/shared/contract/tables.ts';
import type { Item, Put, TableClient, WriteAction } from '../../functions/shared/ports/table-client.ts';
import { type ChangeListener, type ChangeRecord, ChangeStream } from './in-memory-table/change-stream.ts';
import { executeUnderFaults, type TableCall, type TableHooks } from './in-memory-table/faults.ts';
import { InMemoryStore } from './in-memory-table/in-memory-store.ts';
import { PAGE_BYTES } from './in-memory-table/page.ts';
import type { IndexLag } from './in-memory-table/stored-index.ts';
import type { CallUnits } from './in-memory-table/units.ts';

export type { ChangeRecord } from './in-memory-table/change-stream.ts';
export type { TableCall, TableFault, TableHooks } from './in-memory-table/faults.ts';
export type { CallUnits } from './in-memory-table/units.ts';

export interface InMemoryTableClientOptions {
  /** @default the tables of the contract */
  readonly tables?: Readonly<Record<TableName, TableShape>>;
  /** @default indexes follow at once */
  readonly indexLag?: IndexLag;
  /** @default 1 MB, the vendor's limit; smaller for tests of paging */
  readonly pageBytes?: number;
  readonly hooks?: TableHooks;
}

/** DynamoDB in memory, as far as the port goes, with what a simulation needs beside it. */
export interface InMemoryTableClient extends TableClient {
  /** Replaces the fault plan. */
  inject(hooks: TableHooks): void;
  /** Every item of a table, in no useful order. */
  items(table: TableName): readonly Item[];
  /** What each call cost, calls that failed included. */
  readonly calls: readonly CallUnits[];
  /** Sums over `calls`. */
  units(): { readonly readUnits: number; readonly writeUnits: number };
  /** Forgets the calls so far. */
  resetUnits(): void;
  /** Hears of every change of a table with an outbox at once. @returns stops it */
  onChange(listener: ChangeListener): () => void;
  /** Changes of the tables with an outbox since the last drain, in order. */
  drainStream(): readonly ChangeRecord[];
  /** Removes what has expired, as DynamoDB does some time after it. @returns how many items */
  removeExpired(nowMilliseconds: number): number;
}

export const createInMemoryTableClient = (options: InMemoryTableClientOptions = {}): InMemoryTableClient => {
  const stream = new ChangeStream();
  const [undrained, counted]: [ChangeRecord[], CallUnits[]] = [[], []];
  stream.listen((record) => undrained.push(record));
  const store = new InMemoryStore({
    tables: options.tables ?? TABLES,
    indexLag: options.indexLag,
    pageBytes: options.pageBytes ?? PAGE_BYTES,
    stream,
    count: (units) => counted.push(units),
  });
  let hooks = options.hooks ?? {};
  let calls = 0;
  const call = (operation: TableCall['operation'], tables: readonly TableName[]): TableCall => {
    calls += 1;
    return { number: calls, operation, tables };
  };
  const execute = <Result>(of: TableCall, run: () => Result): Promise<Result> =>
    executeUnderFaults({ call: of, hooks, run });
  return {
    get: (table, key, { consistent = false } = {}) =>
      execute(call('get', [table]), () => store.get(table, key, consistent)),
    put: (put: Omit<Put, 'kind'>) => execute(call('put', [put.table]), () => store.put(put)),
    transact: (actions: readonly WriteAction[]) =>
      executeUnderFaults({
        call: call(
          'transact',
          actions.map(({ table }) => table),
        ),
        hooks,
        run: () => store.transact(actions),
        runAgain: (first) => (first.kind === 'committed' ? first : store.transact(actions)),
        conflict: (conflicting) => store.conflict(actions, conflicting),
      }),
    query: (query) => execute(call('query', [query.table]), () => store.query(query)),
    scan: (scan) => execute(call('scan', [scan.table]), () => store.scan(scan)),
    inject: (replacement) => {
      hooks = replacement;
    },
    items: (table) => store.items(table),
    get calls() {
      return counted;
    },
    units: () => ({
      readUnits: counted.reduce((sum, { readUnits }) => sum + readUnits, 0),
      writeUnits: counted.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
    }),
    resetUnits: () => {
      counted.length = 0;
    },
    onChange: (listener) => stream.listen(listener),
    drainStream: () => undrained.splice(0),
    removeExpired: (nowMilliseconds) => store.removeExpired(nowMilliseconds),
  };
};
