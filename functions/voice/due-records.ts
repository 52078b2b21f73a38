import * as z from 'zod';
import { DUE_SHARDS } from '../shared/contract/tables.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Observer } from '../shared/ports/observer.ts';
import type { TableClient } from '../shared/ports/table-client.ts';
import { type DueKind, dueShard } from './domain/due-shard.ts';

export interface DuePorts {
  readonly tables: Pick<TableClient, 'query'>;
  readonly clock: Clock;
  readonly observer: Observer;
}

export interface DueCommand {
  readonly kind: DueKind;
  /** Prefix of the records' keys. */
  readonly prefix: string;
  /** No further record is begun when less is left; the next invocation goes on, the index forgets nothing. */
  readonly remainingMilliseconds: () => number;
  readonly reserveMilliseconds: number;
  /** Records handled at once. */
  readonly parallel: number;
}

/** `failed` ones stay in the index and come again. */
export interface DueReport {
  readonly handled: number;
  readonly failed: number;
  readonly unfinished: boolean;
}

const PAGE_SIZE = 100;
const MINUTE = 60_000;
const Key = z.object({ pk: z.string() });

/**
 * Hands every record whose time has come to `handle`, earliest first in each shard. Every run begins with another shard, so
 * that none starves; one that fails does not hold up the others.
 */
export async function forEachDue(
  command: DueCommand,
  handle: (id: string) => Promise<void>,
  ports: DuePorts,
): Promise<DueReport> {
  const first = Math.floor(ports.clock() / MINUTE);
  const counts = { handled: 0, failed: 0 };
  for (let turn = 0; turn < DUE_SHARDS; turn += 1) {
    const shard = dueShard(command.kind, (first + turn) % DUE_SHARDS);
    if (!(await ofShard(shard, command, handle, ports, counts))) return { ...counts, unfinished: true };
  }
  return { ...counts, unfinished: false };
}

async function ofShard(
  shard: string,
  command: DueCommand,
  handle: (id: string) => Promise<void>,
  ports: DuePorts,
  counts: { handled: number; failed: number },
): Promise<boolean> {
  const { items } = await ports.tables.query(dueIn(shard, ports.clock()));
  const ids = items.map((item) => Key.parse(item).pk.slice(command.prefix.length));
  for (let start = 0; start < ids.length; start += command.parallel) {
    if (command.remainingMilliseconds() < command.reserveMilliseconds) return false;
    const slice = ids.slice(start, start + command.parallel);
    const done = await Promise.all(slice.map((id) => tryToHandle(id, handle, ports)));
    for (const isDone of done) counts[isDone ? 'handled' : 'failed'] += 1;
  }
  return true;
}

const dueIn = (shard: string, now: number) => ({
  table: 'voice' as const,
  index: 'due',
  keyCondition: {
    expression: '#shard = :shard AND #dueAt <= :now',
    names: { '#shard': 'dueShard', '#dueAt': 'dueAt' },
    values: { ':shard': shard, ':now': new Date(now).toISOString() },
  },
  limit: PAGE_SIZE,
});

async function tryToHandle(
  id: string,
  handle: (id: string) => Promise<void>,
  { observer }: DuePorts,
): Promise<boolean> {
  try {
    await handle(id);
    return true;
  } catch (error) {
    observer.error('record could not be looked after', error, { sid: id });
    return false;
  }
}
