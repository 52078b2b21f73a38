import type { TableName } from '../../../functions/shared/contract/tables.ts';
import type { Item } from '../../../functions/shared/ports/table-client.ts';

/** A record of a table's stream (NEW_IMAGE). */
export interface ChangeRecord {
  readonly table: TableName;
  readonly kind: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** Ascending over all tables. */
  readonly sequence: number;
  readonly keys: Item;
  /** Absent on REMOVE. */
  readonly newImage?: Item;
  /** True when DynamoDB's expiry removed the item. */
  readonly expired: boolean;
}

export type ChangeListener = (record: ChangeRecord) => void;

/** Tells listeners of every change at once; keeps nothing. */
export class ChangeStream {
  readonly #listeners = new Set<ChangeListener>();
  #sequence = 0;

  add(change: Omit<ChangeRecord, 'sequence'>): void {
    this.#sequence += 1;
    const record = { ...change, sequence: this.#sequence };
    for (const listener of this.#listeners) listener(record);
  }

  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
