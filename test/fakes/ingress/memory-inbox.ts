import {
  type Item,
  type PutClient,
  StoreUnavailableError,
  type WriteResult,
} from '../../../functions/shared/ports/table-client.ts';

type Fault = 'unavailable' | 'lost-acknowledgement';

/** The inbox table in memory: one conditional put, and faults that a store can have. */
export class MemoryInbox implements PutClient {
  readonly items = new Map<string, Item>();
  /** Faults of the next puts, in order. */
  readonly faults: (Fault | 'none')[] = [];
  puts = 0;

  async put({ item, condition }: Parameters<PutClient['put']>[0]): Promise<WriteResult> {
    this.puts += 1;
    if (condition?.expression !== 'attribute_not_exists(#pk)') throw new Error('an unconditional put');
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'unavailable') throw new StoreUnavailableError('fault');
    const result = this.#write(item);
    // The client tries again after a lost acknowledgement and meets its own item.
    return fault === 'lost-acknowledgement' ? this.#write(item) : result;
  }

  #write(item: Item): WriteResult {
    const key = String(item.pk);
    const existing = this.items.get(key);
    if (existing !== undefined) return { kind: 'conflict', existing };
    this.items.set(key, item);
    return { kind: 'written' };
  }
}
