import * as z from 'zod';
import { METRICS } from '../../shared/contract/metrics.ts';
import { DUE_SHARDS } from '../../shared/contract/tables.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { Item } from '../../shared/ports/table-client.ts';
import { dueShard, PARKED_SHARD } from '../domain/dispatching.ts';
import { wake } from '../domain/lifecycle.ts';
import { TICK_MILLISECONDS } from '../domain/timing.ts';
import { readIntent, type StorePorts, writeTransition } from '../intent-store.ts';

export interface WakePorts extends StorePorts {
  readonly clock: Clock;
  readonly observer: Observer;
}

export interface WakeCommand {
  readonly owner: string;
  /** The tick stops taking new work when less is left; the next one goes on, the index forgets nothing. */
  readonly remainingMilliseconds: () => number;
}

/** Counts by what was done; `failed` ones stay in the index; `unfinished` says that time ran out. */
export interface WakeReport {
  readonly dispatched: number;
  /** Put on the queue of those that Twilio must be asked about. */
  readonly asked: number;
  readonly expired: number;
  readonly unknown: number;
  readonly erased: number;
  /** Came up too early, and were given their proper time. */
  readonly reappointed: number;
  readonly failed: number;
  readonly unfinished: boolean;
}

const RESERVE_MILLISECONDS = 5_000;
const PAGE_SIZE = 100;
/** Intents handled at once. */
const PARALLEL = 16;

/**
 * The minute tick: takes every intent whose time has come before the next tick, nearest first in each shard.
 * Every tick begins with another shard, so that none starves behind a backlog.
 */
export async function wakeDueIntents(command: WakeCommand, ports: WakePorts): Promise<WakeReport> {
  const counts = { dispatched: 0, asked: 0, expired: 0, unknown: 0, erased: 0, reappointed: 0, failed: 0 };
  const first = Math.floor(ports.clock() / TICK_MILLISECONDS);
  let unfinished = false;
  const spread = Array.from({ length: DUE_SHARDS }, (_, turn) => dueShard((first + turn) % DUE_SHARDS));
  for (const shard of [...spread, PARKED_SHARD]) {
    const done = await wakeShard(shard, command, ports, (kind) => {
      counts[kind] += 1;
      ports.observer.count(METRICS.dueIntent, 1, kind);
    });
    unfinished ||= !done;
  }
  return { ...counts, unfinished };
}

type Counted = keyof Omit<WakeReport, 'unfinished'>;

async function wakeShard(
  shard: string,
  command: WakeCommand,
  ports: WakePorts,
  counted: (kind: Counted) => void,
): Promise<boolean> {
  let after: Item | undefined;
  do {
    if (isShortOfTime(command)) return false;
    const page = await queryDue(shard, after, ports);
    for (let start = 0; start < page.items.length; start += PARALLEL) {
      if (isShortOfTime(command)) return false;
      const slice = page.items.slice(start, start + PARALLEL);
      const kinds = await Promise.all(slice.map((item) => tryToWake(item, command, ports)));
      for (const kind of kinds) if (kind !== undefined) counted(kind);
    }
    after = page.next;
  } while (after !== undefined);
  return true;
}

const isShortOfTime = ({ remainingMilliseconds }: WakeCommand): boolean =>
  remainingMilliseconds() < RESERVE_MILLISECONDS;

const queryDue = (shard: string, after: Item | undefined, ports: WakePorts) =>
  ports.tables.query({
    table: 'messaging',
    index: 'due',
    keyCondition: {
      expression: '#shard = :shard AND #dueAt <= :until',
      names: { '#shard': 'dueShard', '#dueAt': 'dueAt' },
      values: { ':shard': shard, ':until': new Date(ports.clock() + TICK_MILLISECONDS).toISOString() },
    },
    limit: PAGE_SIZE,
    ...(after === undefined ? {} : { after }),
  });

/** One intent that cannot be read or written must not hold up all others: it is reported, and comes again. */
async function tryToWake(item: Item, command: WakeCommand, ports: WakePorts): Promise<Counted | undefined> {
  try {
    return await wakeIntent(item, command, ports);
  } catch (error) {
    ports.observer.error('intent could not be woken', error, { key: String(item.pk) });
    return 'failed';
  }
}

/** A conflict means that somebody moved the intent meanwhile: then it is theirs. */
async function wakeIntent(item: Item, command: WakeCommand, ports: WakePorts): Promise<Counted | undefined> {
  const intent = await readIntent(ports.tables, intentIdOfKey(item));
  if (intent === undefined) return undefined;
  const moment = { now: ports.clock(), owner: command.owner, jitter: ports.random.fraction() };
  const decision = wake(intent, moment);
  if (decision.kind === 'not-due') return undefined;
  const written = await writeTransition(intent, decision.transition, [], ports);
  return written.kind === 'written' ? decision.kind : undefined;
}

/** The index projects keys only. */
function intentIdOfKey(item: Item): string {
  const { pk } = z.object({ pk: z.templateLiteral(['INTENT#', z.string()]) }).parse(item);
  return pk.slice('INTENT#'.length);
}
