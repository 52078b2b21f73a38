import * as z from 'zod';
import type { Item, Put, TableClient, WriteAction } from '../shared/ports/table-client.ts';
import type { StatusReport } from './domain/message-status.ts';
import { EVIDENCE_RETENTION_SECONDS } from './domain/timing.ts';
import { isAbsent, isAtVersion } from './intent-store.ts';

/** A message by its owner's name for it: what one account tells is never believed of another's. */
export interface MessageOfAccount {
  readonly accountSid: string;
  readonly messageSid: string;
}

/** What Twilio told of a MessageSid that no intent had. */
const OrphanRow = z.object({
  version: z.int(),
  reports: z.array(z.object({ status: z.string(), errorCode: z.int().exactOptional() })),
});
export type OrphanRow = z.infer<typeof OrphanRow>;

const orphanKey = ({ accountSid, messageSid }: MessageOfAccount): Item => ({
  pk: `ORPHAN#${messageSid}`,
  sk: accountSid,
});

export const orphanOfItem = (item: Item | undefined): OrphanRow | undefined =>
  item === undefined ? undefined : OrphanRow.parse(item);

export const readOrphan = async (
  tables: TableClient,
  message: MessageOfAccount,
): Promise<OrphanRow | undefined> =>
  orphanOfItem(await tables.get('messaging', orphanKey(message), { consistent: true }));

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

/** Keeps what is known of a message for whoever gets it, if nobody changed the row since `read` was read. */
export const orphanPut = (
  message: MessageOfAccount,
  read: OrphanRow | undefined,
  { reports, now, outbox }: Kept,
): Put => ({
  kind: 'put',
  table: 'messaging',
  item: {
    ...orphanKey(message),
    version: versionAfter(read),
    reports,
    ...outbox,
    expiresAt: Math.floor(now / 1000) + EVIDENCE_RETENTION_SECONDS,
  },
  condition: isUnchanged(read),
});

/** Holds while nothing has been told of the message since `read` was read. */
export const orphanUnchanged = (message: MessageOfAccount, read: OrphanRow | undefined): WriteAction => ({
  kind: 'check',
  table: 'messaging',
  key: orphanKey(message),
  condition: isUnchanged(read),
});
