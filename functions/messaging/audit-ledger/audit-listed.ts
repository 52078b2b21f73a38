import { METRICS } from '../../shared/contract/metrics.ts';
import type { NoAnswer, TwilioMessage } from '../../shared/ports/twilio-ledger.ts';
import { type AccountAudit, type Audit, afterPage, listAnew, nextAccount } from '../domain/audit-progress.ts';
import { accountsFor, addTallies, EMPTY_TALLY, isSentByApi, type Tally } from '../domain/ledger-audit.ts';
import { readBinding } from '../evidence-rows.ts';
import { readIntent } from '../intent-store.ts';
import {
  type AuditCommand,
  type AuditPorts,
  type AuditSettings,
  askPatiently,
  isShortOfTime,
  keep,
  mapInSlices,
  type PartReport,
  repairStatus,
} from './audit-run.ts';
import { type StoredAudit, writeSeen } from './audit-store.ts';

/** Their books against ours: every message that Twilio lists for the day must be one intent's. Kept after every page. */
export async function auditListed(
  first: StoredAudit,
  command: AuditCommand,
  ports: AuditPorts,
  settings: AuditSettings,
): Promise<PartReport> {
  let stored = first;
  for (let next = nextAccount(stored.audit); next !== undefined; next = nextAccount(stored.audit)) {
    if (isShortOfTime(command)) return { stored, end: 'out-of-time' };
    const [accountSid, account] = next;
    const step = await auditPage(stored.audit, accountSid, account, command, ports, settings);
    const kept = await keep(step.audit, stored.version, command, ports);
    if (kept === undefined) return { stored, end: 'overtaken' };
    stored = kept;
    if (step.end !== undefined) return { stored, end: step.end };
  }
  return { stored, end: 'complete' };
}

interface Step {
  readonly audit: Audit;
  readonly end?: 'throttled' | 'unavailable';
}

async function auditPage(
  audit: Audit,
  accountSid: string,
  account: AccountAudit,
  command: AuditCommand,
  ports: AuditPorts,
  { pageSize }: AuditSettings,
): Promise<Step> {
  const { date, run } = audit;
  const page = account.nextPage === undefined ? {} : { page: account.nextPage };
  const question = { accountSid, dateSent: date, pageSize, ...page };
  const listed = await askPatiently(() => ports.ledger.listMessages(question), ports);
  if (listed.kind !== 'page') return stopped(audit, accountSid, listed, ports);
  const sent = listed.messages.filter(isSentByApi);
  const found = await mapInSlices(sent, (message) => compare(message, command, ports));
  const sids = sent.map(({ messageSid }) => messageSid);
  await writeSeen(ports.tables, { date, run, accountSid, page: account.pages }, sids, ports.clock());
  const { nextPage } = listed;
  const progress = {
    accountSid,
    tally: found.reduce(addTallies, EMPTY_TALLY),
    unknown: sent
      .filter((_, index) => found[index]?.unknownToUs === 1)
      .map(({ messageSid }) => ({ accountSid, messageSid })),
    ...(nextPage === undefined ? {} : { nextPage }),
  };
  ports.observer.info('page of the ledger compared', {
    date,
    accountSid,
    page: account.pages,
    ...progress.tally,
  });
  return { audit: afterPage(audit, progress) };
}

const stopped = (audit: Audit, accountSid: string, answer: NoAnswer, { observer }: AuditPorts): Step => {
  const reason = answer.kind === 'unavailable' ? answer.reason : 'Twilio asked to slow down';
  observer.warn('audit stopped on its way', { date: audit.date, accountSid, reason });
  return answer.kind === 'unavailable'
    ? { audit: listAnew(audit, accountSid), end: 'unavailable' }
    : { audit, end: 'throttled' };
};

async function compare(message: TwilioMessage, command: AuditCommand, ports: AuditPorts): Promise<Tally> {
  const { accountSid, messageSid } = message;
  const counted = { ...EMPTY_TALLY, twilioMessages: 1 };
  const intentId = await readBinding(ports.tables, messageSid);
  const intent = intentId === undefined ? undefined : await readIntent(ports.tables, intentId);
  if (intent === undefined || !accountsFor(intent, message)) {
    ports.observer.count(METRICS.ledgerMismatch);
    ports.observer.warn('message unknown to us', { accountSid, messageSid });
    return { ...counted, unknownToUs: 1 };
  }
  return { ...counted, statusesRepaired: await repairStatus(intent, message, command, ports) };
}
