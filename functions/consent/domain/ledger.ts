import type { ConsentCommand, ConsentEvent } from './standing.ts';

/** A record as the chain keeps it. Nothing in it names a person: the address stands beside it, under its digest. */
export interface LedgerRecord {
  readonly recordId: string;
  readonly contactId: string;
  readonly kind: ConsentCommand['kind'];
  readonly scope: string;
  readonly source: string;
  /** What it changed. */
  readonly effect: ConsentEvent['type'];
  readonly reason?: string;
  /** ISO 8601. */
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly accountSid: string;
  readonly messageSid?: string;
  /** The words that the person agreed to. */
  readonly wording?: string;
  /** Where they agreed: a page, a shop, a campaign. */
  readonly place?: string;
  /** API client that reported it. */
  readonly by?: string;
  /** SHA-256 of salt and address: proves the address while both are kept, and nothing once they were erased. */
  readonly addressDigest: string;
}

/** Where a chain ends. */
export interface ChainHead {
  /** Of the last record; 0 before the first. */
  readonly sequence: number;
  /** Lower-case hex. */
  readonly hash: string;
}

export interface ChainLink {
  readonly shard: number;
  readonly sequence: number;
  readonly previous: string;
  readonly hash: string;
  /** The record's JSON, byte for byte as it was hashed. */
  readonly record: string;
}

export const EMPTY_CHAIN: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

/** Lower-case hex SHA-256 of the text's UTF-8 bytes. */
export type Hash = (text: string) => string;

/** A person's records stand in one shard, in the order in which we learned of them. */
export const shardOf = (contactId: string): number => Number.parseInt(contactId.slice(4, 5), 16);

export const linkHash = (
  { shard, sequence, previous, record }: Omit<ChainLink, 'hash'>,
  hash: Hash,
): string => hash(`${previous}\n${shard}\n${sequence}\n${record}`);

export function append(head: ChainHead, shard: number, record: string, hash: Hash): ChainLink {
  const link = { shard, sequence: head.sequence + 1, previous: head.hash, record };
  return { ...link, hash: linkHash(link, hash) };
}

export const addressDigest = (salt: string, address: string, hash: Hash): string =>
  hash(`${salt}\n${address}`);
