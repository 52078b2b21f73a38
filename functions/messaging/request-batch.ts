import type { CreateBatchRequest } from '../shared/contract/api/batches.ts';
import type { TrunklineEvent } from '../shared/contract/events.ts';
import type { OutboxEntry } from '../shared/contract/outbox.ts';
import { sha256Hex } from '../shared/runtime/digest.ts';
import { type Batch, batchIdOf, batchOfItem, batchPut, rowsPut } from './batch-store.ts';
import { type BatchChunk, cutBatch, numberRows } from './domain/batch.ts';
import type { StorePorts } from './intent-store.ts';

export interface RequestBatch extends CreateBatchRequest {
  readonly clientId: string;
  readonly idempotencyKey: string;
  /** Under which its events run. */
  readonly accountSid: string;
}

export type RequestBatchOutcome =
  | { readonly kind: 'requested' | 'repeated'; readonly batch: Batch }
  /** The same key with another request: the first stands. */
  | { readonly kind: 'key-reused' }
  /** A single recipient is too large to be kept. */
  | { readonly kind: 'too-large' };

/** Rows written at once. */
const PARALLEL_PUTS = 10;

/**
 * Keeps a batch, once per (client, idempotency key): first its rows, then the header with the work for each chunk in its
 * outbox. Rows without a header are nobody's, and are collected.
 */
export async function requestBatch(
  command: RequestBatch,
  now: number,
  ports: StorePorts,
): Promise<RequestBatchOutcome> {
  const chunks = cutBatch(numberRows(command.recipients, command.allowRepeats));
  if (chunks === undefined) return { kind: 'too-large' };
  const batch = draftBatch(command, chunks, ports.random.token(), now);
  for (let at = 0; at < chunks.length; at += PARALLEL_PUTS)
    await Promise.all(
      chunks.slice(at, at + PARALLEL_PUTS).map((chunk) => ports.tables.put(rowsPut(batch, chunk))),
    );
  const written = await ports.tables.put(batchPut(batch, outboxOf(batch)));
  if (written.kind === 'written') return { kind: 'requested', batch };
  if (written.existing === undefined) throw new Error('a batch conflicted with an item that is not there');
  const stored = batchOfItem(written.existing);
  if (stored.requestHash !== batch.requestHash) return { kind: 'key-reused' };
  return { kind: stored.owner === batch.owner ? 'requested' : 'repeated', batch: stored };
}

function draftBatch(
  command: RequestBatch,
  chunks: readonly BatchChunk[],
  owner: string,
  createdAt: number,
): Batch {
  const { clientId, idempotencyKey, accountSid, message, recipients, allowRepeats } = command;
  return {
    id: batchIdOf(clientId, idempotencyKey),
    clientId,
    accountSid,
    owner,
    createdAt,
    message: JSON.stringify(message),
    recipients: recipients.length,
    starts: chunks.flatMap(({ rows }) => rows[0]?.row ?? []),
    // Salted with the key, which is stored nowhere: the hash outlives the content, and must not give it away.
    requestHash: sha256Hex(JSON.stringify([idempotencyKey, message, recipients, allowRepeats])),
  };
}

function outboxOf({
  id,
  accountSid,
  clientId,
  createdAt,
  recipients,
  starts,
}: Batch): readonly OutboxEntry[] {
  const envelope = (ordinal: number) => ({
    id: `messaging/BATCH#${id}/1/${ordinal}`,
    time: new Date(createdAt).toISOString(),
    accountSid,
    correlationId: id,
  });
  const events: readonly TrunklineEvent[] = [
    {
      ...envelope(0),
      type: 'batch.requested.v1',
      data: { batchId: id, recipients, requestedBy: clientId },
    },
    ...starts.map(
      (_start, chunk) =>
        ({
          ...envelope(chunk + 1),
          type: 'batch.chunk-requested.v1',
          data: { batchId: id, chunk },
        }) as const,
    ),
  ];
  return events.map((event) => ({ kind: 'event', event }));
}
