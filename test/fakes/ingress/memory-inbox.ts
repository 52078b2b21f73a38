import {
  type ClaimClient,
  type Item,
  StoreUnavailableError,
  type TransactionResult,
  type WriteAction,
  type WriteResult,
} from '../../../functions/shared/ports/table-client.ts';

type Fault = 'unavailable' | 'lost-acknowledgement';

/** The inbox table in memory: one conditional put, and faults that a store can have. */
export class MemoryInbox implements ClaimClient {
  readonly items = new Map<string, Item>();
  /** Faults of the next puts, in order. */
  readonly faults: (Fault | 'none')[] = [];
  /** What was written together with claims. */
  readonly joined: WriteAction[] = [];
  puts = 0;

  async put({ item, condition }: Parameters<ClaimClient['put']>[0]): Promise<WriteResult> {
    this.puts += 1;
    if (condition?.expression !== 'attribute_not_exists(#pk)') throw new Error('an unconditional put');
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'unavailable') throw new StoreUnavailableError('fault');
    const result = this.#write(item);
    // The client tries again after a lost acknowledgement and meets its own item.
    return fault === 'lost-acknowledgement' ? this.#write(item) : result;
  }

  /** A claim and what joins it: nothing is written unless the claim holds. */
  async transact([claim, ...joined]: readonly WriteAction[]): Promise<TransactionResult> {
    if (claim?.kind !== 'put') throw new Error('a transaction that begins with something else than a claim');
    const result = await this.put(claim);
    const rest = joined.map(() => ({ code: 'none' }) as const);
    if (result.kind === 'conflict')
      return {
        kind: 'canceled',
        reasons: [{ code: 'condition-failed', existing: result.existing }, ...rest],
      };
    this.joined.push(...joined);
    return { kind: 'committed' };
  }

  #write(item: Item): WriteResult {
    const key = String(item.pk);
    const existing = this.items.get(key);
    if (existing !== undefined) return { kind: 'conflict', existing };
    this.items.set(key, item);
    return { kind: 'written' };
  }
}
