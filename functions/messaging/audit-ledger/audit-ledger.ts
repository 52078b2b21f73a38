import { METRICS } from '../../shared/contract/metrics.ts';
import type { OutboxEntry } from '../../shared/contract/outbox.ts';
import { type Audit, beginAudit } from '../domain/audit-progress.ts';
import { addTallies, dayBefore, EMPTY_TALLY, isOver, type Tally } from '../domain/ledger-audit.ts';
import { auditAccepted } from './audit-accepted.ts';
import { auditListed } from './audit-listed.ts';
import {
  type AuditCommand,
  type AuditPorts,
  type AuditSettings,
  keep,
  type PartReport,
} from './audit-run.ts';
import { readAudit, type StoredAudit, writeAudit } from './audit-store.ts';

export type { AuditPorts, AuditSettings } from './audit-run.ts';

export interface AuditLedgerCommand extends AuditCommand {
  /** `YYYY-MM-DD`, UTC; a day that has been audited is audited again. @default the day before, unless that was done */
  readonly date?: string;
}

export type AuditOutcome =
  | { readonly kind: 'audited'; readonly date: string; readonly tally: Tally }
  | { readonly kind: 'audited-before'; readonly date: string }
  /** The next invocation goes on where this one stopped. */
  | { readonly kind: Exclude<PartReport['end'], 'complete'>; readonly date: string }
  | { readonly kind: 'not-over'; readonly date: string };

/** Compares a day's messages with Twilio's, in both directions; goes on where an earlier invocation had to stop. */
export async function auditLedger(
  command: AuditLedgerCommand,
  ports: AuditPorts,
  settings: AuditSettings,
): Promise<AuditOutcome> {
  const date = command.date ?? dayBefore(ports.clock());
  if (!isOver(date, ports.clock())) return { kind: 'not-over', date };
  const opened = await open(date, command, ports, settings);
  if (opened === undefined) return { kind: 'overtaken', date };
  if (opened.audit.state === 'done') return { kind: 'audited-before', date };
  const listed = await auditListed(opened, command, ports, settings);
  if (listed.end !== 'complete') return { kind: listed.end, date };
  const accepted = await auditAccepted(listed.stored, command, ports);
  if (accepted.end !== 'complete') return { kind: accepted.end, date };
  return conclude(accepted.stored, command, ports);
}

/** The audit that is under way, or a new one. */
async function open(
  date: string,
  command: AuditLedgerCommand,
  ports: AuditPorts,
  settings: AuditSettings,
): Promise<StoredAudit | undefined> {
  const known = await readAudit(ports.tables, date);
  const isWanted = known === undefined || (known.audit.state === 'done' && command.date !== undefined);
  if (!isWanted) return known;
  return keep(beginAudit(date, command.owner, settings), known?.version ?? 0, command, ports);
}

async function conclude(
  { audit, version: before }: StoredAudit,
  { owner }: AuditCommand,
  { tables, clock, observer }: AuditPorts,
): Promise<AuditOutcome> {
  const now = clock();
  const outbox = auditedEvents(audit, before + 1, now);
  const kept = await writeAudit(tables, audit, { before, owner, now, outbox });
  if (kept === undefined) return { kind: 'overtaken', date: audit.date };
  observer.count(METRICS.ledgerAudited);
  const tally = Object.values(audit.accounts).reduce(
    (sum, account) => addTallies(sum, account.tally),
    EMPTY_TALLY,
  );
  return { kind: 'audited', date: audit.date, tally };
}

const auditedEvents = ({ date, accounts }: Audit, version: number, now: number): readonly OutboxEntry[] =>
  Object.entries(accounts).map(([accountSid, { tally }], ordinal) => ({
    kind: 'event',
    event: {
      id: `messaging/LEDGER#${date}/${version}/${ordinal}`,
      time: new Date(now).toISOString(),
      accountSid,
      correlationId: `ledger-${date}`,
      type: 'ledger.audited.v1',
      data: { date, ...tally },
    },
  }));
