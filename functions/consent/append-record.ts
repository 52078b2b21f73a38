import * as z from 'zod';
import type { Randomness, Sleep } from '../shared/ports/randomness.ts';
import { type Expression, StoreUnavailableError, type TableClient } from '../shared/ports/table-client.ts';
import { sha256Hex } from '../shared/runtime/digest.ts';
import { isAbsent, profileKey } from './contact-keys.ts';
import {
  addressDigest,
  append,
  type ChainHead,
  EMPTY_CHAIN,
  type LedgerRecord,
  shardOf,
} from './domain/ledger.ts';
import { recordKey } from './record-consent.ts';

export interface AppendPorts {
  readonly tables: TableClient;
  readonly random: Randomness;
  readonly sleep: Sleep;
}

export type AppendOutcome = { readonly kind: 'appended' | 'known' | 'missing' };

const SECONDS_PER_DAY = 86_400;

const optional = z.string().exactOptional();
const StoredRecord = z.object({
  recordId: z.string(),
  contactId: z.string(),
  kind: z.enum(['opt-in', 'opt-out', 'start']),
  scope: z.string(),
  source: z.string(),
  effect: z.enum(['opted-in', 'opted-out', 'noted']),
  reason: optional,
  occurredAt: z.number(),
  recordedAt: z.number(),
  accountSid: z.string(),
  messageSid: optional,
  wording: optional,
  place: optional,
  by: optional,
});
const Head = z.object({ sequence: z.int(), hash: z.string() });
const Profile = z.object({ address: z.string() });

export const headKey = (shard: number) => ({ pk: `CHAIN#${shard}`, sk: 'HEAD' });
export const linkSortKey = (sequence: number): string => `LINK#${String(sequence).padStart(12, '0')}`;
export const historyPartition = (contactId: string): string => `HISTORY#${contactId}`;

export async function readHead(tables: Pick<TableClient, 'get'>, shard: number): Promise<ChainHead> {
  const item = await tables.get('consent', headKey(shard), { consistent: true });
  return item === undefined ? EMPTY_CHAIN : Head.parse(item);
}

const TRIES = 12;
const PAUSE_MILLISECONDS = 15;

/** Appends a record to its chain, once: any number of deliveries of its event, one link. @throws StoreUnavailableError */
export async function appendRecord(
  recordId: string,
  retentionDays: number,
  ports: AppendPorts,
): Promise<AppendOutcome> {
  const item = await ports.tables.get('consent', recordKey(recordId), { consistent: true });
  if (item === undefined) return { kind: 'missing' };
  const stored = StoredRecord.parse(item);
  const profile = await ports.tables.get('consent', profileKey(stored.contactId), { consistent: true });
  const address = profile === undefined ? undefined : Profile.parse(profile).address;
  const salt = ports.random.token();
  const record = JSON.stringify(ledgerRecord(stored, addressDigest(salt, address ?? '', sha256Hex)));
  const shard = shardOf(stored.contactId);
  const expiresAt = Math.floor(stored.recordedAt / 1000) + retentionDays * SECONDS_PER_DAY;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const head = await readHead(ports.tables, shard);
    const link = append(head, shard, record, sha256Hex);
    const disclosed = address === undefined ? {} : { address, salt };
    const history = {
      pk: historyPartition(stored.contactId),
      sk: recordId,
      shard,
      sequence: link.sequence,
      expiresAt,
    };
    const result = await ports.tables.transact([
      { kind: 'put', table: 'consent', item: history, condition: isAbsent },
      {
        kind: 'put',
        table: 'consent',
        item: { ...headKey(shard), sequence: link.sequence, hash: link.hash },
        condition: isHeadAt(head),
      },
      {
        kind: 'put',
        table: 'consent',
        item: { pk: `CHAIN#${shard}`, sk: linkSortKey(link.sequence), ...link, ...disclosed, expiresAt },
        condition: isAbsent,
      },
    ]);
    if (result.kind === 'committed') return { kind: 'appended' };
    if (result.reasons[0]?.code === 'condition-failed') return { kind: 'known' };
    await ports.sleep(ports.random.fraction() * PAUSE_MILLISECONDS * 2 ** Math.min(tries, 6));
  }
  throw new StoreUnavailableError('the chain kept growing under the record');
}

const isHeadAt = ({ sequence }: ChainHead): Expression =>
  sequence === 0
    ? isAbsent
    : {
        expression: '#sequence = :sequence',
        names: { '#sequence': 'sequence' },
        values: { ':sequence': sequence },
      };

/** In one order of fields, for good: its bytes are what is hashed. */
const ledgerRecord = (stored: z.infer<typeof StoredRecord>, digest: string): LedgerRecord => ({
  recordId: stored.recordId,
  contactId: stored.contactId,
  kind: stored.kind,
  scope: stored.scope,
  source: stored.source,
  effect: stored.effect,
  ...(stored.reason === undefined ? {} : { reason: stored.reason }),
  occurredAt: new Date(stored.occurredAt).toISOString(),
  recordedAt: new Date(stored.recordedAt).toISOString(),
  accountSid: stored.accountSid,
  ...(stored.messageSid === undefined ? {} : { messageSid: stored.messageSid }),
  ...(stored.wording === undefined ? {} : { wording: stored.wording }),
  ...(stored.place === undefined ? {} : { place: stored.place }),
  ...(stored.by === undefined ? {} : { by: stored.by }),
  addressDigest: digest,
});
