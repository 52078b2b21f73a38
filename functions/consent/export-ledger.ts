import * as z from 'zod';
import { LEDGER_SHARDS } from '../shared/contract/consent-settings.ts';
import type { TableClient } from '../shared/ports/table-client.ts';
import { linkSortKey, readHead } from './append-record.ts';
import { exportLine } from './domain/export-line.ts';
import type { ShardEnd } from './domain/verify-ledger.ts';

export interface LedgerExport {
  readonly id: string;
  readonly createdAt: number;
  readonly shards: readonly ShardEnd[];
}

const Stored = z.object({
  id: z.string(),
  createdAt: z.number(),
  shards: z.array(z.object({ shard: z.int(), first: z.int(), sequence: z.int(), hash: z.string() })),
});
const StoredLink = z.object({
  shard: z.int(),
  sequence: z.int(),
  previous: z.string(),
  hash: z.string(),
  record: z.string(),
  address: z.string().exactOptional(),
  salt: z.string().exactOptional(),
});

const exportKey = (id: string) => ({ pk: `EXPORT#${id}`, sk: 'EXPORT' });
/** An export can be read this long; the ledger stays. */
const KEPT_SECONDS = 30 * 86_400;

/** Fixes where every chain ends now. The chains only grow, so that this is all that an export has to remember. */
export async function createExport(
  id: string,
  now: number,
  by: string,
  tables: TableClient,
): Promise<LedgerExport> {
  const shards = await Promise.all(
    Array.from({ length: LEDGER_SHARDS }, async (_, shard) => ({
      shard,
      first: await firstOf(shard, tables),
      ...(await readHead(tables, shard)),
    })),
  );
  const made = { id, createdAt: now, shards };
  const item = { ...exportKey(id), ...made, by, expiresAt: Math.floor(now / 1000) + KEPT_SECONDS };
  const condition = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };
  const written = await tables.put({ table: 'consent', item, condition });
  return written.kind === 'written' ? made : Stored.parse(written.existing);
}

/** Its oldest record: not the first any more once retention has ended for some; 1 where there is none yet. */
async function firstOf(shard: number, tables: TableClient): Promise<number> {
  const page = await tables.query({
    table: 'consent',
    keyCondition: {
      expression: '#pk = :pk AND begins_with(#sk, :link)',
      names: { '#pk': 'pk', '#sk': 'sk' },
      values: { ':pk': `CHAIN#${shard}`, ':link': 'LINK#' },
    },
    consistent: true,
    limit: 1,
  });
  const [first] = page.items;
  return first === undefined ? 1 : StoredLink.parse(first).sequence;
}

export async function readExport(id: string, tables: TableClient): Promise<LedgerExport | undefined> {
  const item = await tables.get('consent', exportKey(id), { consistent: true });
  return item === undefined ? undefined : Stored.parse(item);
}

/** Where a page begins: after this record of this shard. */
export interface ExportCursor {
  readonly shard: number;
  readonly sequence: number;
}

export interface ExportedPage {
  readonly lines: readonly string[];
  readonly next?: ExportCursor;
}

const PAGE_RECORDS = 2_000;

/** The lines behind a cursor, of one shard at most; the same page whenever it is asked for. */
export async function readExportLines(
  { shards }: LedgerExport,
  { shard, sequence }: ExportCursor,
  tables: TableClient,
): Promise<ExportedPage> {
  const end = shards.find((one) => one.shard === shard);
  if (end === undefined) return { lines: [] };
  const following = shard + 1 < LEDGER_SHARDS ? { next: { shard: shard + 1, sequence: 0 } } : {};
  if (sequence >= end.sequence) return { lines: [], ...following };
  const last = Math.min(end.sequence, sequence + PAGE_RECORDS);
  const page = await tables.query({
    table: 'consent',
    keyCondition: {
      expression: '#pk = :pk AND #sk BETWEEN :first AND :last',
      names: { '#pk': 'pk', '#sk': 'sk' },
      values: { ':pk': `CHAIN#${shard}`, ':first': linkSortKey(sequence + 1), ':last': linkSortKey(last) },
    },
    consistent: true,
  });
  const links = page.items.map((item) => StoredLink.parse(item));
  const reached = page.next === undefined ? last : (links.at(-1)?.sequence ?? last);
  const next = reached < end.sequence ? { next: { shard, sequence: reached } } : following;
  return { lines: links.map(exportLine), ...next };
}
