import * as z from 'zod';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { Expression } from '../../shared/ports/table-client.ts';
import type { NoAnswer } from '../../shared/ports/twilio-ledger.ts';
import { type Audit, afterScan, type ScannedPage, type SegmentAudit } from '../domain/audit-progress.ts';
import { type Intent, isCall } from '../domain/intent.ts';
import { boundsOf, EMPTY_TALLY, type Tally } from '../domain/ledger-audit.ts';
import { intentOfItem } from '../intent-item.ts';
import {
  type AuditCommand,
  type AuditPorts,
  askPatiently,
  isShortOfTime,
  keep,
  mapInSlices,
  type PartReport,
  repairStatus,
} from './audit-run.ts';
import { readSeen, type StoredAudit } from './audit-store.ts';

/** Rounds of one page a segment between two writes: a crash repeats so many. */
const ROUNDS_PER_WRITE = 25;

/** Our books against theirs: every intent that was accepted on the day must have its message at Twilio. */
export async function auditAccepted(
  first: StoredAudit,
  command: AuditCommand,
  ports: AuditPorts,
): Promise<PartReport> {
  const seen = await readSeen(ports.tables, first.audit);
  let stored = first;
  let { audit } = first;
  let end: PartReport['end'] | undefined;
  for (let round = 1; end === undefined; round += 1) {
    const step = isShortOfTime(command)
      ? ({ audit, end: 'out-of-time' } as const)
      : await scanRound(audit, seen, command, ports);
    audit = step.audit;
    end = step.end;
    if (audit.state === 'done') return { stored: { ...stored, audit }, end: 'complete' };
    if (end === undefined && round % ROUNDS_PER_WRITE !== 0) continue;
    const kept = await keep(audit, stored.version, command, ports);
    if (kept === undefined) return { stored, end: 'overtaken' };
    stored = kept;
  }
  return { stored, end };
}

interface Step {
  readonly audit: Audit;
  readonly end?: PartReport['end'];
}

/** One page of every segment that is not through. A segment that met an obstacle stays where it was. */
async function scanRound(
  audit: Audit,
  seen: ReadonlySet<string>,
  command: AuditCommand,
  ports: AuditPorts,
): Promise<Step> {
  const pages = await Promise.all(
    audit.segments.flatMap((segment, index) =>
      segment.isScanned ? [] : [scanPage(audit, index, segment, seen, command, ports)],
    ),
  );
  let next = audit;
  let end: PartReport['end'] | undefined;
  for (const page of pages) {
    if ('kind' in page) end = page.kind;
    else next = afterScan(next, page);
  }
  return end === undefined ? { audit: next } : { audit: next, end };
}

async function scanPage(
  audit: Audit,
  segment: number,
  { after }: SegmentAudit,
  seen: ReadonlySet<string>,
  command: AuditCommand,
  ports: AuditPorts,
): Promise<ScannedPage | NoAnswer> {
  const scanned = await ports.tables.scan({
    table: 'messaging',
    segment,
    totalSegments: audit.segments.length,
    filter: acceptedOn(audit.date),
    ...(after === undefined ? {} : { after }),
  });
  const intents = scanned.items
    .map(intentOfItem)
    .filter((intent) => !isCall(intent))
    .filter(({ accountSid }) => Object.hasOwn(audit.accounts, accountSid));
  const found = await mapInSlices(intents, (intent) => compare(intent, seen, command, ports));
  const obstacle = found.find((each): each is NoAnswer => 'kind' in each);
  if (obstacle !== undefined) return obstacle;
  return {
    segment,
    tallies: intents.map(({ accountSid }, index) => [accountSid, tallyOf(found[index])] as const),
    missing: intents.flatMap((intent, index) =>
      tallyOf(found[index]).missingAtTwilio === 1 ? [missingOf(intent)] : [],
    ),
    ...(scanned.next === undefined ? {} : { after: TableKey.parse(scanned.next) }),
  };
}

const TableKey = z.object({ pk: z.string(), sk: z.string() });

const tallyOf = (found: Tally | NoAnswer | undefined): Tally =>
  found === undefined || 'kind' in found ? EMPTY_TALLY : found;

const missingOf = ({ id, sid: messageSid }: Intent) => ({
  intentId: id,
  ...(messageSid === undefined ? {} : { messageSid }),
});

/** What the list of the day did not have may be of another day by Twilio's clock, or not sent at all: it is asked for by name. */
async function compare(
  intent: Intent,
  seen: ReadonlySet<string>,
  command: AuditCommand,
  ports: AuditPorts,
): Promise<Tally | NoAnswer> {
  const counted = { ...EMPTY_TALLY, acceptedIntents: 1 };
  const { sid: messageSid, accountSid } = intent;
  if (messageSid === undefined) return missing(intent, counted, ports);
  if (seen.has(messageSid)) return counted;
  const answer = await askPatiently(() => ports.ledger.fetchMessage({ accountSid, messageSid }), ports);
  switch (answer.kind) {
    case 'found':
      return { ...counted, statusesRepaired: await repairStatus(intent, answer.message, command, ports) };
    case 'absent':
      return missing(intent, counted, ports);
    case 'throttled':
    case 'unavailable':
      return answer;
  }
}

const missing = (
  { id, accountSid, sid: messageSid }: Intent,
  counted: Tally,
  { observer }: AuditPorts,
): Tally => {
  observer.count(METRICS.ledgerMismatch);
  observer.warn('message missing at Twilio', { accountSid, intentId: id, messageSid });
  return { ...counted, missingAtTwilio: 1 };
};

const acceptedOn = (date: string): Expression => {
  const { from, to } = boundsOf(date);
  return {
    expression: 'begins_with(#pk, :intent) AND #state = :accepted AND #acceptedAt BETWEEN :from AND :to',
    names: { '#pk': 'pk', '#state': 'state', '#acceptedAt': 'acceptedAt' },
    values: { ':intent': 'INTENT#', ':accepted': 'ACCEPTED', ':from': from, ':to': to },
  };
};
