import type { OutboxEntry } from '../../shared/contract/outbox.ts';
import { DUE_SHARDS } from '../../shared/contract/tables.ts';
import type { Intent } from './intent.ts';
import { REDISPATCH_AFTER_MILLISECONDS, TICK_MILLISECONDS } from './timing.ts';

/**
 * Either the intent goes on its pool's queue now (SQS delays it by the seconds that are left), or it waits in the
 * due-index until the tick before its time. `dueAt` guards a dispatched intent against a lost queue message.
 */
export function dispatchWhenDue(
  intent: Pick<Intent, 'id' | 'pool' | 'notBefore'>,
  now: number,
): { readonly dueAt: number; readonly dispatch?: OutboxEntry } {
  const wait = intent.notBefore - now;
  if (wait > TICK_MILLISECONDS) return { dueAt: intent.notBefore };
  const delaySeconds = Math.max(0, Math.ceil(wait / 1000));
  return {
    dueAt: Math.max(now, intent.notBefore) + REDISPATCH_AFTER_MILLISECONDS,
    dispatch: { kind: 'dispatch', pool: intent.pool, intentId: intent.id, delaySeconds },
  };
}

/** The due-index partition of an intent: stable, spread by the id's last hexadecimal digits. */
export function dueShardOf(intentId: string): string {
  return dueShard(Number.parseInt(intentId.slice(-4), 16) % DUE_SHARDS);
}

export const dueShard = (shard: number): string => `due#${String(shard).padStart(2, '0')}`;
