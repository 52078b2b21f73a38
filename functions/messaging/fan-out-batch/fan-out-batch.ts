import type { BatchAnswer } from '../../shared/contract/api/batches.ts';
import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { MessagingSettings } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { answersPuts, type Batch, type BatchCount, isAnswered, readBatch, readRows } from '../batch-store.ts';
import type { BatchRow } from '../domain/batch.ts';
import { transactOnItem } from '../intent-store.ts';
import { readMessageCommand } from '../message-command.ts';
import {
  type FieldProblem,
  type RequestMessageOutcome,
  type RequestPorts,
  requestMessage,
} from '../request-message.ts';

export interface FanOutPorts extends RequestPorts {
  readonly clock: Clock;
  readonly observer: Observer;
}

export type FanOutOutcome = 'answered' | 'answered-before' | 'missing';

type ChunkRequested = EventOf<'batch.chunk-requested.v1'>;

/** Intents that are written at once. */
const PARALLEL_ROWS = 10;

/**
 * Turns the rows of one chunk into intents and answers for each. What an earlier invocation did is done again and changes
 * nothing: a row's intent has its id from the batch and the row. The answers are written once.
 */
export async function fanOutBatch(
  event: ChunkRequested,
  settings: MessagingSettings,
  ports: FanOutPorts,
): Promise<FanOutOutcome> {
  const { batchId, chunk } = event.data;
  const batch = await readBatch(ports.tables, batchId);
  if (batch === undefined) return 'missing';
  if (await isAnswered(ports.tables, batchId, chunk)) return 'answered-before';
  const rows = await readRows(ports.tables, batch, chunk);
  if (rows === undefined) return 'missing';
  const answers: BatchAnswer[] = [];
  for (let at = 0; at < rows.length; at += PARALLEL_ROWS) {
    const some = rows.slice(at, at + PARALLEL_ROWS);
    answers.push(...(await Promise.all(some.map((row) => answerRow(batch, row, settings, ports)))));
  }
  return writeAnswers(event, batch, answers, ports);
}

async function answerRow(
  batch: Batch,
  { row, fields, repeats }: BatchRow,
  settings: MessagingSettings,
  ports: FanOutPorts,
): Promise<BatchAnswer> {
  if (repeats !== undefined) return refused(row, [{ pointer: '/to', detail: `is that of row ${repeats}` }]);
  const shared: Readonly<Record<string, unknown>> = JSON.parse(batch.message);
  const read = readMessageCommand({ ...shared, ...fields });
  if (read.kind === 'refused') return refused(row, read.problems);
  const { clientId } = batch;
  // As the client's own: it reads, cancels and traces these messages like any other.
  const command = { ...read.command, clientId, idempotencyKey: `batch ${batch.id} row ${row}` };
  return answerOf(row, await requestMessage(command, ports.clock(), settings, ports));
}

function answerOf(row: number, outcome: RequestMessageOutcome): BatchAnswer {
  switch (outcome.kind) {
    case 'requested':
    case 'repeated': {
      const { id, state, reason } = outcome.intent;
      return state === 'SUPPRESSED'
        ? { row, outcome: 'suppressed', id, ...(reason === undefined ? {} : { reason }) }
        : { row, outcome: 'accepted', id };
    }
    case 'key-reused':
      return refused(row, [{ pointer: '', detail: 'another message has been sent under its key' }]);
    case 'refused':
      return refused(row, outcome.problems);
    default:
      return outcome satisfies never;
  }
}

const refused = (row: number, errors: readonly FieldProblem[]): BatchAnswer => ({
  row,
  outcome: 'refused',
  errors: [...errors],
});

async function writeAnswers(
  event: ChunkRequested,
  batch: Batch,
  answers: readonly BatchAnswer[],
  ports: FanOutPorts,
): Promise<FanOutOutcome> {
  const { chunk } = event.data;
  const now = ports.clock();
  const count = countOf(answers);
  const told = {
    id: `messaging/BATCH#${batch.id}#${chunk}/1/0`,
    time: new Date(now).toISOString(),
    accountSid: batch.accountSid,
    correlationId: batch.id,
    causationId: event.id,
    type: 'batch.chunk-answered.v1',
    data: { batchId: batch.id, chunk, ...count },
  } as const;
  const puts = answersPuts({ batch, chunk, count, answers }, [{ kind: 'event', event: told }], now);
  const written = await transactOnItem(puts, ports);
  if (written.kind !== 'written') return 'answered-before';
  for (const [outcome, times] of Object.entries(count))
    if (times > 0) ports.observer.count(METRICS.batchRow, times, outcome);
  return 'answered';
}

const countOf = (answers: readonly BatchAnswer[]): BatchCount => ({
  accepted: answers.filter(({ outcome }) => outcome === 'accepted').length,
  suppressed: answers.filter(({ outcome }) => outcome === 'suppressed').length,
  refused: answers.filter(({ outcome }) => outcome === 'refused').length,
});
