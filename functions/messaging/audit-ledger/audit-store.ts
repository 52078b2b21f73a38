import * as z from 'zod';
import type { OutboxEntry } from '../../shared/contract/outbox.ts';
import type { Item, TableClient } from '../../shared/ports/table-client.ts';
import type { Audit } from '../domain/audit-progress.ts';
import { INTENT_RETENTION_SECONDS } from '../domain/timing.ts';
import { isAbsent, isAtVersion } from '../intent-store.ts';

/** An audit and the version under which it is kept; version 0 is not kept yet. */
export interface StoredAudit {
  readonly audit: Audit;
  readonly version: number;
}

const Tally = z.object({
  twilioMessages: z.int(),
  acceptedIntents: z.int(),
  unknownToUs: z.int(),
  missingAtTwilio: z.int(),
  statusesRepaired: z.int(),
});

const AuditItem = z.object({
  version: z.int(),
  date: z.string(),
  run: z.string(),
  state: z.enum(['listing', 'scanning', 'done']),
  accounts: z.record(
    z.string(),
    z.object({ tally: Tally, pages: z.int(), nextPage: z.string().exactOptional(), isListed: z.boolean() }),
  ),
  segments: z.array(
    z.object({ after: z.object({ pk: z.string(), sk: z.string() }).exactOptional(), isScanned: z.boolean() }),
  ),
  unknownToUs: z.array(z.object({ accountSid: z.string(), messageSid: z.string() })),
  missingAtTwilio: z.array(z.object({ intentId: z.string(), messageSid: z.string().exactOptional() })),
});

const partition = (date: string): string => `LEDGER#${date}`;

export async function readAudit(
  tables: Pick<TableClient, 'get'>,
  date: string,
): Promise<StoredAudit | undefined> {
  const key = { pk: partition(date), sk: 'LEDGER' };
  const item = await tables.get('messaging', key, { consistent: true });
  if (item === undefined) return undefined;
  const { version, ...audit } = AuditItem.parse(item);
  return { audit, version };
}

export interface AuditWrite {
  readonly before: number;
  readonly owner: string;
  readonly now: number;
  /** @default none */
  readonly outbox?: readonly OutboxEntry[];
}

/** Undefined where another invocation has moved the audit since it was read. */
export async function writeAudit(
  tables: Pick<TableClient, 'put'>,
  audit: Audit,
  { before, owner, now, outbox = [] }: AuditWrite,
): Promise<StoredAudit | undefined> {
  const version = before + 1;
  const item = {
    pk: partition(audit.date),
    sk: 'LEDGER',
    ...audit,
    version,
    owner,
    ...(outbox.length > 0 ? { outbox, outboxAt: new Date(now).toISOString() } : {}),
    expiresAt: Math.floor(now / 1000) + INTENT_RETENTION_SECONDS,
  };
  const condition = before === 0 ? isAbsent : isAtVersion(before);
  const written = await tables.put({ table: 'messaging', item, condition });
  const isOurs =
    written.kind === 'written' || (written.existing?.owner === owner && written.existing.version === version);
  return isOurs ? { audit, version } : undefined;
}

const SEEN_RETENTION_SECONDS = 7 * 86_400;

interface SeenPage {
  readonly date: string;
  readonly run: string;
  readonly accountSid: string;
  readonly page: number;
}

const seenPrefix = (run: string): string => `SEEN#${run}#`;

/** Keeps which messages a page of Twilio's list had; the same page again is the same row. */
export async function writeSeen(
  tables: Pick<TableClient, 'put'>,
  { date, run, accountSid, page }: SeenPage,
  messageSids: readonly string[],
  now: number,
): Promise<void> {
  const item = {
    pk: partition(date),
    sk: `${seenPrefix(run)}${accountSid}#${page}`,
    messageSids,
    expiresAt: Math.floor(now / 1000) + SEEN_RETENTION_SECONDS,
  };
  await tables.put({ table: 'messaging', item });
}

const SeenRow = z.object({ messageSids: z.array(z.string()) });

/** Every MessageSid that Twilio's list of the day had. */
export async function readSeen(
  tables: Pick<TableClient, 'query'>,
  { date, run }: Pick<Audit, 'date' | 'run'>,
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  let after: Item | undefined;
  do {
    const page = await tables.query({
      table: 'messaging',
      keyCondition: {
        expression: '#pk = :pk AND begins_with(#sk, :prefix)',
        names: { '#pk': 'pk', '#sk': 'sk' },
        values: { ':pk': partition(date), ':prefix': seenPrefix(run) },
      },
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const item of page.items) for (const sid of SeenRow.parse(item).messageSids) seen.add(sid);
    after = page.next;
  } while (after !== undefined);
  return seen;
}
