import type { Item } from '../../../functions/shared/ports/table-client.ts';
import { compareText } from './values.ts';

/** Texts by which an item stands in order: its sort key, and for an index also the key in the table. */
export type Position = readonly string[];

export interface Entry {
  readonly position: Position;
  readonly item: Item;
}

/** Items of one partition in the order of their sort keys. */
export class SortedItems {
  readonly #entries: Entry[] = [];

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  find(position: Position): Item | undefined {
    const entry = this.#entries[this.firstFrom(position)];
    return entry !== undefined && comparePositions(entry.position, position) === 0 ? entry.item : undefined;
  }

  put(position: Position, item: Item): void {
    const index = this.firstFrom(position);
    const there = this.#entries[index];
    const replaced = there !== undefined && comparePositions(there.position, position) === 0 ? 1 : 0;
    this.#entries.splice(index, replaced, { position, item });
  }

  delete(position: Position): void {
    const index = this.firstFrom(position);
    const there = this.#entries[index];
    if (there !== undefined && comparePositions(there.position, position) === 0)
      this.#entries.splice(index, 1);
  }

  /** Index of the first entry that does not stand before `position`. */
  firstFrom(position: Position): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && comparePositions(entry.position, position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const comparePositions = (left: Position, right: Position): number => {
  for (const [index, text] of left.entries()) {
    const order = compareText(text, right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
};
