import * as z from 'zod';
import { BatchAnswer } from '../shared/contract/api/batches.ts';
import type { OutboxEntry } from '../shared/contract/outbox.ts';
import type { Item, Put, TableClient } from '../shared/ports/table-client.ts';
import { sha256Hex } from '../shared/runtime/digest.ts';
import type { BatchChunk } from './domain/batch.ts';
import { CONTENT_RETENTION_MILLISECONDS, INTENT_RETENTION_SECONDS } from './domain/timing.ts';
import { isAbsent } from './intent-store.ts';

/**
 * A batch is a header, the rows it was asked for in chunks, and for each chunk a count and the answers:
 *
 *   BATCH#id  BATCH               who, when, what all share, how many
 *             ROWS#hash#00007     rows of the request with that hash; content, erased like that of intents
 *             COUNT#00007         written with the answers, once
 *             ANSWERS#00007
 */
const StoredBatch = z.object({
  id: z.string(),
  clientId: z.string(),
  accountSid: z.string(),
  requestHash: z.string(),
  owner: z.string(),
  createdAt: z.number(),
  /** JSON of the fields that all recipients share. */
  message: z.string(),
  recipients: z.int(),
  /** Row that each chunk begins with. */
  starts: z.array(z.int()),
});
export type Batch = z.infer<typeof StoredBatch>;

const StoredRows = z.object({ rows: z.string() });
const BatchRows = z.array(
  z.object({
    row: z.int(),
    fields: z.record(z.string(), z.unknown()),
    repeats: z.int().exactOptional(),
  }),
);

const StoredCount = z.object({ accepted: z.int(), suppressed: z.int(), refused: z.int() });
export type BatchCount = z.infer<typeof StoredCount>;

const StoredAnswers = z.object({ answers: z.array(BatchAnswer) });

/** The key's scope is the client, as for messages. */
export const batchIdOf = (clientId: string, idempotencyKey: string): string =>
  `bat_${sha256Hex(JSON.stringify([clientId, idempotencyKey])).slice(0, 32)}`;

export const isBatchId = (id: string): boolean => /^bat_[0-9a-f]{32}$/.test(id);

const partition = (batchId: string): string => `BATCH#${batchId}`;
const numbered = (kind: string, chunk: number): string => `${kind}#${String(chunk).padStart(5, '0')}`;
const headerKey = (batchId: string): Item => ({ pk: partition(batchId), sk: 'BATCH' });
const rowsKey = (batchId: string, requestHash: string, chunk: number): Item => ({
  pk: partition(batchId),
  sk: numbered(`ROWS#${requestHash}`, chunk),
});

const secondsOf = (milliseconds: number): number => Math.floor(milliseconds / 1000);

export function batchPut(batch: Batch, outbox: readonly OutboxEntry[]): Put {
  return {
    kind: 'put',
    table: 'messaging',
    item: {
      ...headerKey(batch.id),
      ...batch,
      version: 1,
      outbox,
      outboxAt: new Date(batch.createdAt).toISOString(),
      expiresAt: secondsOf(batch.createdAt) + INTENT_RETENTION_SECONDS,
    },
    condition: isAbsent,
  };
}

/** Unconditional: the same request writes the same rows, and another one under the same key has other keys. */
export const rowsPut = (batch: Batch, { chunk, rows }: BatchChunk): Put => ({
  kind: 'put',
  table: 'messaging',
  item: {
    ...rowsKey(batch.id, batch.requestHash, chunk),
    rows: JSON.stringify(rows),
    expiresAt: secondsOf(batch.createdAt + CONTENT_RETENTION_MILLISECONDS),
  },
});

export const batchOfItem = (item: Item): Batch => StoredBatch.parse(item);

export async function readBatch(tables: TableClient, batchId: string): Promise<Batch | undefined> {
  const item = await tables.get('messaging', headerKey(batchId), { consistent: true });
  return item === undefined ? undefined : batchOfItem(item);
}

export async function readRows(
  tables: TableClient,
  { id, requestHash }: Batch,
  chunk: number,
): Promise<BatchChunk['rows'] | undefined> {
  const item = await tables.get('messaging', rowsKey(id, requestHash, chunk), { consistent: true });
  return item === undefined ? undefined : BatchRows.parse(JSON.parse(StoredRows.parse(item).rows));
}

export interface ChunkAnswers {
  readonly batch: Batch;
  readonly chunk: number;
  readonly count: BatchCount;
  readonly answers: readonly BatchAnswer[];
}

/** Count and answers of a chunk: written together, once. */
export function answersPuts(
  { batch, chunk, count, answers }: ChunkAnswers,
  outbox: readonly OutboxEntry[],
  now: number,
): readonly [Put, Put] {
  const expiresAt = secondsOf(batch.createdAt) + INTENT_RETENTION_SECONDS;
  const common = { pk: partition(batch.id), expiresAt };
  const outboxAt = new Date(now).toISOString();
  return [
    {
      kind: 'put',
      table: 'messaging',
      item: { ...common, sk: numbered('COUNT', chunk), chunk, version: 1, ...count, outbox, outboxAt },
      condition: isAbsent,
    },
    {
      kind: 'put',
      table: 'messaging',
      item: { ...common, sk: numbered('ANSWERS', chunk), answers },
      condition: isAbsent,
    },
  ];
}

export async function isAnswered(tables: TableClient, batchId: string, chunk: number): Promise<boolean> {
  const key = { pk: partition(batchId), sk: numbered('COUNT', chunk) };
  return (await tables.get('messaging', key, { consistent: true })) !== undefined;
}

/** Counts of the chunks that have been answered. */
export async function readCounts(tables: TableClient, batchId: string): Promise<readonly BatchCount[]> {
  const counts: BatchCount[] = [];
  let after: Item | undefined;
  do {
    const page = await tables.query({
      table: 'messaging',
      keyCondition: {
        expression: '#pk = :pk AND begins_with(#sk, :count)',
        names: { '#pk': 'pk', '#sk': 'sk' },
        values: { ':pk': partition(batchId), ':count': 'COUNT#' },
      },
      ...(after === undefined ? {} : { after }),
    });
    counts.push(...page.items.map((item) => StoredCount.parse(item)));
    after = page.next;
  } while (after !== undefined);
  return counts;
}

/** Undefined while the chunk has not been answered. */
export async function readAnswers(
  tables: TableClient,
  batchId: string,
  chunk: number,
): Promise<readonly BatchAnswer[] | undefined> {
  const item = await tables.get('messaging', { pk: partition(batchId), sk: numbered('ANSWERS', chunk) });
  return item === undefined ? undefined : StoredAnswers.parse(item).answers;
}
