import * as z from 'zod';
import type { Item, Put, TableClient, WriteAction } from '../shared/ports/table-client.ts';
import type { StatusReport } from './domain/status-report.ts';
import { EVIDENCE_RETENTION_SECONDS } from './domain/timing.ts';
import { isAbsent, isAtVersion } from './intent-store.ts';

/** A message or a call by its owner's name for it: what one account tells is never believed of another's. */
export interface ResourceOfAccount {
  readonly accountSid: string;
  readonly sid: string;
}

/** What Twilio told of a SID that no intent had. */
const OrphanRow = z.object({
  version: z.int(),
  reports: z.array(z.object({ status: z.string(), errorCode: z.int().exactOptional() })),
});
export type OrphanRow = z.infer<typeof OrphanRow>;

const orphanKey = ({ accountSid, sid }: ResourceOfAccount): Item => ({
  pk: `ORPHAN#${sid}`,
  sk: accountSid,
});

export const orphanOfItem = (item: Item | undefined): OrphanRow | undefined =>
  item === undefined ? undefined : OrphanRow.parse(item);

export const readOrphan = async (
  tables: TableClient,
  resource: ResourceOfAccount,
): Promise<OrphanRow | undefined> =>
  orphanOfItem(await tables.get('messaging', orphanKey(resource), { consistent: true }));

const isUnchanged = (read: OrphanRow | undefined) =>
  read === undefined ? isAbsent : isAtVersion(read.version);

interface Kept {
  readonly reports: readonly StatusReport[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Attributes of the event that tells of it. */
  readonly outbox?: Item;
}

/** Version of the row that is written over `read`. */
export const versionAfter = (read: OrphanRow | undefined): number => (read?.version ?? 0) + 1;

/** Keeps what is known of a resource for whoever gets it, if nobody changed the row since `read` was read. */
export const orphanPut = (
  resource: ResourceOfAccount,
  read: OrphanRow | undefined,
  { reports, now, outbox }: Kept,
): Put => ({
  kind: 'put',
  table: 'messaging',
  item: {
    ...orphanKey(resource),
    version: versionAfter(read),
    reports,
    ...outbox,
    expiresAt: Math.floor(now / 1000) + EVIDENCE_RETENTION_SECONDS,
  },
  condition: isUnchanged(read),
});

/** Holds while nothing has been told of the resource since `read` was read. */
export const orphanUnchanged = (resource: ResourceOfAccount, read: OrphanRow | undefined): WriteAction => ({
  kind: 'check',
  table: 'messaging',
  key: orphanKey(resource),
  condition: isUnchanged(read),
});
