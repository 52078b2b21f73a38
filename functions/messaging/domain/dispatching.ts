import { type OutboxEntry, SETTLEMENT_QUEUE } from '../../shared/contract/outbox.ts';
import { DUE_SHARDS } from '../../shared/contract/tables.ts';
import type { Intent } from './intent.ts';
import { REDISPATCH_AFTER_MILLISECONDS, TICK_MILLISECONDS } from './timing.ts';

/** An appointment, and the queue message that keeps it if it lies before the next tick. */
export interface Appointment {
  readonly dueAt: number;
  readonly dispatch?: OutboxEntry;
}

/**
 * Either the intent goes on a queue now (SQS delays it by the seconds that are left), or it waits in the due-index until
 * the tick before its time. `dueAt` guards a dispatched intent against a lost queue message.
 */
function appoint(pool: string, intentId: string, at: number, now: number): Appointment {
  const wait = at - now;
  if (wait > TICK_MILLISECONDS) return { dueAt: at };
  const delaySeconds = Math.max(0, Math.ceil(wait / 1000));
  return {
    dueAt: Math.max(now, at) + REDISPATCH_AFTER_MILLISECONDS,
    dispatch: { kind: 'dispatch', pool, intentId, delaySeconds },
  };
}

/** To be sent, not before its time. */
export const dispatchWhenDue = (
  intent: Pick<Intent, 'id' | 'pool' | 'notBefore'>,
  now: number,
): Appointment => appoint(intent.pool, intent.id, intent.notBefore, now);

/** To be asked about at Twilio. */
export const dispatchToSettlement = (intent: Pick<Intent, 'id'>, at: number, now: number): Appointment =>
  appoint(SETTLEMENT_QUEUE, intent.id, at, now);

/** The due-index partition of an intent: stable, spread by the id's last hexadecimal digits. */
export function dueShardOf(intentId: string): string {
  return dueShard(Number.parseInt(intentId.slice(-4), 16) % DUE_SHARDS);
}

export const dueShard = (shard: number): string => `due#${String(shard).padStart(2, '0')}`;

/** Parked intents wait for an operator: they stand in a partition of their own, due when their content must be erased. */
export const PARKED_SHARD = 'parked';
