import type { TableName, TableShape } from '../../../functions/shared/contract/tables.ts';
import type {
  CancellationReason,
  Expression,
  Item,
  Page,
  Put,
  Query,
  Scan,
  TransactionResult,
  WriteAction,
  WriteResult,
} from '../../../functions/shared/ports/table-client.ts';
import type { ChangeStream } from './change-stream.ts';
import { ResourceNotFoundException, refuse } from './errors.ts';
import { compileExpression } from './expression-evaluator.ts';
import { itemBytes } from './item-size.ts';
import { keyOf } from './key-condition.ts';
import { readPage } from './page.ts';
import { itemsOfQuery } from './query.ts';
import type { IndexLag } from './stored-index.ts';
import { StoredTable } from './stored-table.ts';
import { type CallUnits, readUnits, untouchedUnits, type WriteCost, writeUnits } from './units.ts';
import { checkItem, checkKey } from './validation.ts';
import { copyItem, equal } from './values.ts';

/** Vendor limits of TransactWriteItems. */
const MOST_ACTIONS = 100;
const LARGEST_TRANSACTION_BYTES = 4 * 1024 * 1024;

interface StoreOptions {
  readonly tables: Readonly<Record<TableName, TableShape>>;
  readonly indexLag: IndexLag | undefined;
  readonly pageBytes: number;
  readonly stream: ChangeStream;
  /** Hears what each call cost, calls that failed included. @default nobody counts */
  readonly count?: (units: CallUnits) => void;
}

/** One write, checked and ready: what stands at its key and what shall stand there. */
interface Prepared {
  readonly action: WriteAction;
  readonly table: StoredTable;
  readonly key: Item;
  readonly before: Item | undefined;
  /** Equal to `before` for a check. */
  readonly after: Item | undefined;
  readonly holds: boolean;
}

/** The tables and the operations on them; everything happens at once and without faults. */
export class InMemoryStore {
  readonly #tables: Map<TableName, StoredTable>;
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#tables = new Map(
      Object.entries(options.tables).map(([name, shape]) => [
        name as TableName,
        new StoredTable(shape, options.indexLag),
      ]),
    );
  }

  items(name: TableName): readonly Item[] {
    return this.#table(name).items().map(copyItem);
  }

  get(name: TableName, key: Item, consistent: boolean): Item | undefined {
    const table = this.#table(name);
    checkKey(key, table.shape);
    const found = table.find(key);
    this.#count('get', name, () => ({
      read: readUnits(found === undefined ? 0 : itemBytes(found), consistent),
    }));
    return found === undefined ? undefined : copyItem(found);
  }

  put(put: Omit<Put, 'kind'>): WriteResult {
    const prepared = this.#prepare({ ...put, kind: 'put' });
    if (!prepared.holds) {
      this.#count('put', put.table, () => ({ write: untouchedUnits(prepared.before).item }));
      return { kind: 'conflict', existing: prepared.before && copyItem(prepared.before) };
    }
    this.#count('put', put.table, () => ({
      write: sumOf(writeUnits(prepared.table, prepared.before, prepared.after)),
    }));
    this.#apply(prepared);
    return { kind: 'written' };
  }

  transact(actions: readonly WriteAction[]): TransactionResult {
    const prepared = this.#prepareAll(actions);
    const committed = prepared.every(({ holds }) => holds);
    for (const action of prepared) this.#countAction(action, committed);
    if (!committed) return { kind: 'canceled', reasons: prepared.map(reasonOf) };
    for (const action of prepared) this.#apply(action);
    return { kind: 'committed' };
  }

  /** Answers as if other writers had held the items of these actions. */
  conflict(actions: readonly WriteAction[], conflicting: readonly number[]): TransactionResult {
    this.#prepareAll(actions);
    return {
      kind: 'canceled',
      reasons: actions.map((_, index) => ({
        code: conflicting.includes(index) ? 'transaction-conflict' : 'none',
      })),
    };
  }

  query(query: Query): Page {
    const table = this.#table(query.table);
    const { items, keySchemas } = itemsOfQuery(table, query);
    return this.#page(
      { operation: 'query', table: query.table, consistent: query.consistent ?? false },
      readPage(items, {
        limit: query.limit ?? Number.POSITIVE_INFINITY,
        pageBytes: this.#options.pageBytes,
        keeps: () => true,
        keyOf: (item) => Object.assign({}, ...keySchemas.map((schema) => keyOf(item, schema))),
      }),
    );
  }

  scan({ table: name, segment, totalSegments, filter, after }: Scan): Page {
    const table = this.#table(name);
    if (!Number.isInteger(segment) || segment < 0 || segment >= totalSegments) {
      refuse('The Segment parameter has to be less than TotalSegments');
    }
    if (after !== undefined) checkKey(after, table.shape);
    return this.#page(
      { operation: 'scan', table: name, consistent: false },
      readPage(table.segment(segment, totalSegments, after), {
        limit: Number.POSITIVE_INFINITY,
        pageBytes: this.#options.pageBytes,
        keeps: predicateOf(filter),
        keyOf: (item) => keyOf(item, table.shape),
      }),
    );
  }

  /** Puts a copy of the table as it once was in its place, as a restore does: no stream hears of it. */
  restore(name: TableName, items: readonly Item[]): void {
    const { shape } = this.#table(name);
    const restored = new StoredTable(shape, this.#options.indexLag);
    for (const item of items) restored.write(keyOf(item, shape), copyItem(item));
    this.#tables.set(name, restored);
  }

  removeExpired(nowMilliseconds: number): number {
    let removed = 0;
    for (const [name, table] of this.#tables) {
      const expired = table.items().filter((item) => {
        const expiresAt = item[table.shape.timeToLiveAttribute];
        return typeof expiresAt === 'number' && expiresAt * 1000 < nowMilliseconds;
      });
      for (const item of expired)
        this.#replace(name, { key: keyOf(item, table.shape), after: undefined, expired: true });
      removed += expired.length;
    }
    return removed;
  }

  #prepareAll(actions: readonly WriteAction[]): readonly Prepared[] {
    if (actions.length === 0 || actions.length > MOST_ACTIONS)
      refuse(`1 to ${MOST_ACTIONS} actions, not ${actions.length}`);
    const prepared = actions.map((action) => this.#prepare(action));
    const keys = new Set(prepared.map(({ action, key }) => `${action.table} ${JSON.stringify(key)}`));
    if (keys.size < actions.length)
      refuse('Transaction request cannot include multiple operations on one item');
    const bytes = prepared.reduce((sum, { after }) => sum + (after === undefined ? 0 : itemBytes(after)), 0);
    if (bytes > LARGEST_TRANSACTION_BYTES) refuse('The transaction is larger than 4 MB');
    return prepared;
  }

  #prepare(action: WriteAction): Prepared {
    const table = this.#table(action.table);
    const holds = predicateOf(action.condition);
    const { key, item } =
      action.kind === 'put' ? prepareItem(action.item, table) : prepareKey(action.key, table);
    const before = table.find(key);
    return {
      action,
      table,
      key,
      before,
      after: action.kind === 'check' ? before : item,
      holds: holds(before),
    };
  }

  #apply({ action, key, after }: Prepared): void {
    if (action.kind !== 'check') this.#replace(action.table, { key, after, expired: false });
  }

  #replace(
    name: TableName,
    {
      key,
      after,
      expired,
    }: { readonly key: Item; readonly after: Item | undefined; readonly expired: boolean },
  ): void {
    const table = this.#table(name);
    const before = table.find(key);
    // A write that changes nothing leaves no record in a stream.
    if ((before === undefined && after === undefined) || equal(before, after)) return;
    table.write(key, after);
    if (!table.shape.outbox) return;
    const kind = after === undefined ? 'REMOVE' : before === undefined ? 'INSERT' : 'MODIFY';
    const image = after === undefined ? {} : { newImage: copyItem(after) };
    this.#options.stream.add({ table: name, kind, keys: key, expired, ...image });
  }

  #countAction({ action, table, before, after }: Prepared, committed: boolean): void {
    this.#count('transact', action.table, () => {
      const isWritten = committed && action.kind !== 'check';
      const cost = isWritten ? writeUnits(table, before, after) : untouchedUnits(before);
      return { write: 2 * cost.item + cost.indexes };
    });
  }

  #page(
    { operation, table, consistent }: { operation: 'query' | 'scan'; table: TableName; consistent: boolean },
    { items, next, bytes }: Page & { readonly bytes: number },
  ): Page {
    this.#count(operation, table, () => ({ read: readUnits(bytes, consistent) }));
    return { items: items.map(copyItem), ...(next === undefined ? {} : { next: copyItem(next) }) };
  }

  #count(
    operation: CallUnits['operation'],
    table: TableName,
    unitsOf: () => { readonly read?: number; readonly write?: number },
  ): void {
    const { count } = this.#options;
    if (count === undefined) return;
    const { read = 0, write = 0 } = unitsOf();
    count({ operation, table, readUnits: read, writeUnits: write });
  }

  #table(name: TableName): StoredTable {
    const table = this.#tables.get(name);
    if (table === undefined) throw new ResourceNotFoundException(`Requested resource not found: ${name}`);
    return table;
  }
}

const sumOf = ({ item, indexes }: WriteCost): number => item + indexes;

const predicateOf = (expression: Expression | undefined): ((item: Item | undefined) => boolean) =>
  expression === undefined ? () => true : compileExpression(expression);

const reasonOf = ({ holds, before }: Prepared): CancellationReason =>
  holds ? { code: 'none' } : { code: 'condition-failed', existing: before && copyItem(before) };

const prepareItem = (given: Item, { shape }: StoredTable): { readonly key: Item; readonly item: Item } => {
  const item = copyItem(given);
  checkItem(item, shape);
  return { key: keyOf(item, shape), item };
};

const prepareKey = (key: Item, { shape }: StoredTable): { readonly key: Item; readonly item: undefined } => {
  checkKey(key, shape);
  return { key: keyOf(key, shape), item: undefined };
};
