import type { TableShape } from '../../../functions/shared/contract/tables.ts';
import type { Item } from '../../../functions/shared/ports/table-client.ts';
import { comparePositions, type Position, SortedItems } from './sorted-items.ts';
import { type IndexLag, StoredIndex } from './stored-index.ts';

/** One table: items by partition and sort key, and its indexes. Knows nothing of conditions. */
export class StoredTable {
  readonly shape: TableShape;
  readonly indexes: ReadonlyMap<string, StoredIndex>;
  readonly #partitions = new Map<string, SortedItems>();

  constructor(shape: TableShape, lag: IndexLag | undefined) {
    this.shape = shape;
    this.indexes = new Map(
      Object.entries(shape.indexes).map(([name, schema]) => [name, new StoredIndex(schema, shape, lag)]),
    );
  }

  find(key: Item): Item | undefined {
    return this.partition(this.partitionOf(key)).find(this.positionOf(key));
  }

  /** Replaces what stands at the key; without `item`, removes it. */
  write(key: Item, item: Item | undefined): void {
    const before = this.find(key);
    const partition = this.#partitions.get(this.partitionOf(key)) ?? new SortedItems();
    if (item === undefined) partition.delete(this.positionOf(key));
    else partition.put(this.positionOf(key), item);
    if (partition.entries.length === 0) this.#partitions.delete(this.partitionOf(key));
    else this.#partitions.set(this.partitionOf(key), partition);
    for (const index of this.indexes.values()) index.change(before, item);
  }

  partition(key: string): SortedItems {
    return this.#partitions.get(key) ?? new SortedItems();
  }

  partitionOf(item: Item): string {
    return String(item[this.shape.partitionKey]);
  }

  positionOf(item: Item): Position {
    return this.shape.sortKey === undefined ? [] : [String(item[this.shape.sortKey])];
  }

  /** Every item; partitions in no useful order. */
  items(): readonly Item[] {
    return [...this.#partitions.values()].flatMap((partition) => partition.entries.map(({ item }) => item));
  }

  /**
   * Items of the partitions that fall into a segment, by partition as their hashes fall, then by sort key;
   * only those behind `after`, which need not exist any more.
   */
  segment(segment: number, totalSegments: number, after: Item | undefined): readonly Item[] {
    const start = after === undefined ? undefined : this.#scanPosition(after);
    return this.items()
      .map((item) => ({ item, position: this.#scanPosition(item) }))
      .filter(({ position }) => position.hash % totalSegments === segment)
      .filter(({ position }) => start === undefined || compareScanPositions(position, start) > 0)
      .sort((one, other) => compareScanPositions(one.position, other.position))
      .map(({ item }) => item);
  }

  #scanPosition(key: Item): ScanPosition {
    const partition = this.partitionOf(key);
    return { hash: hashOf(partition), key: [partition, ...this.positionOf(key)] };
  }
}

interface ScanPosition {
  readonly hash: number;
  readonly key: Position;
}

const compareScanPositions = (one: ScanPosition, other: ScanPosition): number =>
  one.hash - other.hash || comparePositions(one.key, other.key);

/** FNV-1a, 32 bits. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};
