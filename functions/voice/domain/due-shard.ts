import { DUE_SHARDS } from '../../shared/contract/tables.ts';

/** Kinds of records that wait for their time, each in partitions of its own. */
export type DueKind = 'calls' | 'recordings';

/** The due-index partition of a record: stable, spread by the last hexadecimal digits of its SID. */
export const dueShardOf = (kind: DueKind, sid: string): string =>
  dueShard(kind, Number.parseInt(sid.slice(-4), 16) % DUE_SHARDS);

export const dueShard = (kind: DueKind, shard: number): string => `${kind}#${String(shard).padStart(2, '0')}`;

/** Attributes that put a record into the due-index. */
export const placeInIndex = (kind: DueKind, sid: string, dueAt: number | undefined) =>
  dueAt === undefined ? {} : { dueShard: dueShardOf(kind, sid), dueAt: new Date(dueAt).toISOString() };
