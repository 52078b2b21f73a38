import * as z from 'zod';
import type { Randomness } from '../shared/ports/randomness.ts';
import {
  type Expression,
  type Item,
  type Put,
  StoreUnavailableError,
  type TableClient,
} from '../shared/ports/table-client.ts';
import { type MinuteCount, minuteOf, SENDS_A_SAMPLE } from './domain/pool-trouble.ts';
import { isAbsent, isAtVersion } from './intent-store.ts';

/**
 * Counts of what a scope (a pool, a campaign) sent and what of it failed, a row for each minute of arming and shard. A
 * count of sends that is lost to a conflict is harmless; a failure is counted in the transaction of its effect.
 */
const Row = z.object({
  sk: z.string(),
  minute: z.int(),
  count: z.int(),
  version: z.int(),
});
type Row = z.infer<typeof Row>;

const SHARDS = 4;
const DAY_SECONDS = 86_400;

interface Counted {
  readonly scope: string;
  /** `SENT`, or the trouble that a failure counts towards. */
  readonly kind: string;
  readonly minute: number;
  readonly shard: number;
}

const partition = (scope: string): string => `HEALTH#${scope}`;

const sortKey = ({ kind, minute, shard }: Counted): string =>
  `${kind}#${String(minute).padStart(9, '0')}#${shard}`;

function countPut(counted: Counted, known: Row | undefined, by: number): Put {
  return {
    kind: 'put',
    table: 'messaging',
    item: {
      pk: partition(counted.scope),
      sk: sortKey(counted),
      minute: counted.minute,
      count: (known?.count ?? 0) + by,
      version: (known?.version ?? 0) + 1,
      expiresAt: counted.minute * 60 + DAY_SECONDS,
    },
    condition: known === undefined ? isAbsent : isAtVersion(known.version),
  };
}

const rowOf = (item: Item | undefined): Row | undefined => (item === undefined ? undefined : Row.parse(item));

const shardOf = (fraction: number): number => Math.floor(fraction * SHARDS);

const COUNT_TRIES = 3;

export interface HealthPorts {
  readonly tables: TableClient;
  readonly random: Pick<Randomness, 'fraction'>;
}

/** Counts one accepted send of each scope; most sends are counted by another one's sample. */
export async function countSend(
  scopes: readonly string[],
  armedAt: number,
  ports: HealthPorts,
): Promise<void> {
  if (ports.random.fraction() * SENDS_A_SAMPLE >= 1) return;
  await Promise.all(scopes.map((scope) => addSample(scope, armedAt, ports)));
}

async function addSample(scope: string, armedAt: number, { tables, random }: HealthPorts): Promise<void> {
  const shard = shardOf(random.fraction());
  const counted = { scope, kind: 'SENT', minute: minuteOf(armedAt), shard };
  let known: Row | undefined;
  for (let attempt = 0; attempt < COUNT_TRIES; attempt += 1) {
    const { kind: _kind, ...put } = countPut(counted, known, SENDS_A_SAMPLE);
    const written = await tables.put(put).catch(losingTheCount);
    if (written.kind === 'written') return;
    known = rowOf(written.existing);
  }
}

/** An estimate does not fail for one sample, and the send that it counts has been recorded. */
function losingTheCount(error: unknown): { readonly kind: 'written' } {
  if (error instanceof StoreUnavailableError) return { kind: 'written' };
  throw error;
}

/** The count of one failure, to be written in the transaction that makes its effect. */
export async function failurePut(
  failure: { readonly scope: string; readonly trouble: string; readonly armedAt: number },
  { tables, random }: HealthPorts,
): Promise<Put> {
  const { scope, trouble, armedAt } = failure;
  const counted = { scope, kind: trouble, minute: minuteOf(armedAt), shard: shardOf(random.fraction()) };
  const key = { pk: partition(scope), sk: sortKey(counted) };
  return countPut(counted, rowOf(await tables.get('messaging', key, { consistent: true })), 1);
}

/** Counts of a scope from a minute on, in no order. */
export async function readHealth(
  tables: TableClient,
  { scope, trouble, from }: { readonly scope: string; readonly trouble: string; readonly from: number },
): Promise<readonly MinuteCount[]> {
  const [sent, failed] = await Promise.all([
    readKind(tables, scope, 'SENT', from),
    readKind(tables, scope, trouble, from),
  ]);
  return [
    ...sent.map(({ minute, count }) => ({ minute, sent: count, failed: 0 })),
    ...failed.map(({ minute, count }) => ({ minute, sent: 0, failed: count })),
  ];
}

const LAST_MINUTE = 999_999_999;

async function readKind(
  tables: TableClient,
  scope: string,
  kind: string,
  from: number,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after: Item | undefined;
  do {
    const page = await tables.query({
      table: 'messaging',
      keyCondition: between(
        scope,
        sortKey({ scope, kind, minute: from, shard: 0 }),
        `${kind}#${LAST_MINUTE}#9`,
      ),
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    rows.push(...page.items.map((item) => Row.parse(item)));
    after = page.next;
  } while (after !== undefined);
  return rows;
}

const between = (scope: string, first: string, last: string): Expression => ({
  expression: '#pk = :pk AND #sk BETWEEN :first AND :last',
  names: { '#pk': 'pk', '#sk': 'sk' },
  values: { ':pk': partition(scope), ':first': first, ':last': last },
});

/** When a scope was last stopped by itself: what was armed before is not judged again. */
const stopKey = (scope: string): Item => ({ pk: partition(scope), sk: 'STOPPED' });

export async function readLastStop(tables: TableClient, scope: string): Promise<number | undefined> {
  const item = await tables.get('messaging', stopKey(scope), { consistent: true });
  return item === undefined ? undefined : z.object({ at: z.number() }).parse(item).at;
}

export const stopPut = (scope: string, now: number): Put => ({
  kind: 'put',
  table: 'messaging',
  item: { ...stopKey(scope), at: now, expiresAt: Math.floor(now / 1000) + DAY_SECONDS },
});
