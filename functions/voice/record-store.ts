import type { OutboxEntry } from '../shared/contract/outbox.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Randomness, Sleep } from '../shared/ports/randomness.ts';
import {
  type AttributeValue,
  type Expression,
  type Item,
  StoreUnavailableError,
  type TableClient,
} from '../shared/ports/table-client.ts';

/** Everything of a change that is not a rule. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Names the invocation in what it writes. */
  readonly owner: string;
}

export interface Versioned {
  readonly version: number;
  readonly owner: string;
}

/** How a kind of record is kept in the voice table. */
export interface RecordKind<Kept extends Versioned> {
  readonly keyOf: (id: string) => string;
  /** Without key, outbox and version. */
  readonly attributesOf: (kept: Kept) => Item;
  /** @throws ZodError for an item that no version of Trunkline wrote. */
  readonly read: (item: Item) => Kept;
}

export type Decision<Kept> =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly record: Kept; readonly outbox: readonly OutboxEntry[] };

export interface StorePorts {
  readonly tables: Pick<TableClient, 'get' | 'put'>;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly sleep: Sleep;
}

export interface Change<Kept extends Versioned> {
  readonly id: string;
  readonly owner: string;
  readonly decide: (known: Kept | undefined, moment: Moment) => Decision<Kept>;
}

const TRIES = 8;
const CONFLICT_PAUSE_MILLISECONDS = 20;
const IS_ABSENT: Expression = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };
const isAtVersion = (version: number): Expression => ({
  expression: '#version = :version',
  names: { '#version': 'version' },
  values: { ':version': version },
});

export async function readRecord<Kept extends Versioned>(
  kind: RecordKind<Kept>,
  id: string,
  { tables }: Pick<StorePorts, 'tables'>,
): Promise<Kept | undefined> {
  const item = await tables.get('voice', { pk: kind.keyOf(id) }, { consistent: true });
  return item === undefined ? undefined : kind.read(item);
}

/**
 * Changes one record under its version, together with the events of the change; decided anew where another write came first.
 * @throws StoreUnavailableError after the last try
 */
export async function changeRecord<Kept extends Versioned>(
  kind: RecordKind<Kept>,
  change: Change<Kept>,
  ports: StorePorts,
): Promise<Decision<Kept>> {
  let known = await readRecord(kind, change.id, ports);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const decision = change.decide(known, { now: ports.clock(), owner: change.owner });
    if (decision.kind === 'unchanged') return decision;
    const result = await ports.tables.put({
      table: 'voice',
      item: itemOf(kind, change.id, decision, ports.clock()),
      condition: known === undefined ? IS_ABSENT : isAtVersion(known.version),
    });
    if (result.kind === 'written') return decision;
    known = result.existing === undefined ? undefined : kind.read(result.existing);
    // Our own write whose acknowledgement was lost.
    if (known?.owner === change.owner && known.version === decision.record.version) return decision;
    await ports.sleep(ports.random.fraction() * CONFLICT_PAUSE_MILLISECONDS * 2 ** attempt);
  }
  throw new StoreUnavailableError('the record kept changing under the report');
}

const itemOf = <Kept extends Versioned>(
  kind: RecordKind<Kept>,
  id: string,
  { record, outbox }: { readonly record: Kept; readonly outbox: readonly OutboxEntry[] },
  now: number,
): Item => ({
  pk: kind.keyOf(id),
  ...kind.attributesOf(record),
  version: record.version,
  owner: record.owner,
  ...(outbox.length === 0
    ? {}
    : {
        outbox: outbox.map((entry): AttributeValue => ({ ...entry })),
        outboxAt: new Date(now).toISOString(),
      }),
});
