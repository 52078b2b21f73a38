import type { Item } from '../../../functions/shared/ports/table-client.ts';
import type { KeySchema } from './key-condition.ts';
import { type Position, SortedItems } from './sorted-items.ts';

/** How long an index lags behind its table. */
export interface IndexLag {
  readonly now: () => number;
  /** Asked at each write, in milliseconds. */
  readonly milliseconds: () => number;
}

interface Change {
  readonly visibleAt: number;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** A global secondary index that projects everything: only items that have both of its keys, some time after the write. */
export class StoredIndex {
  readonly schema: Required<KeySchema>;
  readonly #table: KeySchema;
  readonly #lag: IndexLag | undefined;
  readonly #partitions = new Map<string, SortedItems>();
  #pending: Change[] = [];

  constructor(schema: Required<KeySchema>, table: KeySchema, lag: IndexLag | undefined) {
    this.schema = schema;
    this.#table = table;
    this.#lag = lag;
  }

  change(before: Item | undefined, after: Item | undefined): void {
    if (!this.has(before) && !this.has(after)) return;
    if (this.#lag === undefined) {
      this.#apply(before, after);
      return;
    }
    const earliest = this.#lag.now() + this.#lag.milliseconds();
    // Changes never overtake each other.
    const visibleAt = Math.max(earliest, this.#pending.at(-1)?.visibleAt ?? earliest);
    this.#pending.push({ visibleAt, before, after });
  }

  partition(key: string): SortedItems {
    this.#catchUp();
    return this.#partitions.get(key) ?? new SortedItems();
  }

  positionOf(item: Item): Position {
    const { partitionKey, sortKey } = this.#table;
    return [item[this.schema.sortKey], item[partitionKey], sortKey === undefined ? '' : item[sortKey]].map(
      String,
    );
  }

  has(item: Item | undefined): boolean {
    return item?.[this.schema.partitionKey] !== undefined && item[this.schema.sortKey] !== undefined;
  }

  #catchUp(): void {
    const now = this.#lag?.now() ?? 0;
    const due = this.#pending.filter(({ visibleAt }) => visibleAt <= now);
    this.#pending = this.#pending.slice(due.length);
    for (const { before, after } of due) this.#apply(before, after);
  }

  #apply(before: Item | undefined, after: Item | undefined): void {
    if (before !== undefined && this.has(before)) this.#partitionOf(before).delete(this.positionOf(before));
    if (after !== undefined && this.has(after)) this.#partitionOf(after).put(this.positionOf(after), after);
  }

  #partitionOf(item: Item): SortedItems {
    const key = String(item[this.schema.partitionKey]);
    const partition = this.#partitions.get(key) ?? new SortedItems();
    this.#partitions.set(key, partition);
    return partition;
  }
}
