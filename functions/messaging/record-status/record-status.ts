import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { type Item, StoreUnavailableError } from '../../shared/ports/table-client.ts';
import type { TracedReport } from '../domain/apply-status.ts';
import { isKnownStatus } from '../domain/message-status.ts';
import { readAttempt, readBinding } from '../evidence-rows.ts';
import { readIntent } from '../intent-store.ts';
import { type JoinPorts, joinReport } from '../join-report.ts';
import { recordOrphan } from './record-orphan.ts';

export interface RecordStatusPorts extends JoinPorts {
  readonly observer: Observer;
}

export type RecordStatusOutcome =
  | { readonly kind: 'recorded' | 'bound' | 'duplicate-detected' | 'known' | 'orphan' }
  /** The inbox item is gone or was never there: the event is broken. */
  | { readonly kind: 'missing' };

type StatusReported = EventOf<'message.status-reported.v1'>;

/** Joins one status callback to its intent, found by the attempt's token, else by the MessageSid. */
export async function recordStatus(
  event: StatusReported,
  owner: string,
  ports: RecordStatusPorts,
): Promise<RecordStatusOutcome> {
  if (!isKnownStatus(event.data.status)) ports.observer.count(METRICS.unknownStatus);
  const inboxItem = await ports.tables.get('inbox', { pk: event.data.inboxKey }, { consistent: true });
  if (inboxItem === undefined) return { kind: 'missing' };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const traced = await trace(event, inboxItem, ports);
    const recorded = traced === undefined ? 'unbound' : await join(traced, event, owner, ports);
    if (typeof recorded === 'object') return recorded;
    const orphan = { event, owner, isUnbound: recorded === 'unbound' };
    if ((await recordOrphan(orphan, ports)) === 'kept') {
      ports.observer.count(METRICS.orphanStatus);
      return { kind: 'orphan' };
    }
  }
  throw new StoreUnavailableError('the message changed hands under the report');
}

/** Each try after the first means that the MessageSid got its intent just now. */
const TRIES = 4;

async function join(
  { intentId, report }: Traced,
  event: StatusReported,
  owner: string,
  ports: RecordStatusPorts,
): Promise<RecordStatusOutcome | 'not-its-own'> {
  const intent = await readIntent(ports.tables, intentId);
  if (intent?.accountSid !== event.accountSid) return 'not-its-own';
  const joined = await joinReport(intent, report, owner, ports);
  if (joined === 'foreign') return 'not-its-own';
  return joined === 'known' ? { kind: 'known' } : observed(joined, event, ports);
}

interface Traced {
  readonly intentId: string;
  readonly report: TracedReport;
}

async function trace(
  event: StatusReported,
  inboxItem: Item,
  ports: RecordStatusPorts,
): Promise<Traced | undefined> {
  const report: TracedReport = {
    sid: event.data.messageSid,
    status: event.data.status,
    ...(event.data.errorCode === undefined ? {} : { errorCode: event.data.errorCode }),
    receivedAt: event.time,
    eventId: event.id,
  };
  if (typeof inboxItem.token === 'string') {
    const found = await readAttempt(ports.tables, inboxItem.token);
    if (found !== undefined)
      return { intentId: found.intentId, report: { ...report, attempt: found.attempt } };
    ports.observer.count(METRICS.unknownToken);
  }
  const intentId = await readBinding(ports.tables, event.data.messageSid);
  return intentId === undefined ? undefined : { intentId, report };
}

function observed(
  joined: 'recorded' | 'bound' | 'duplicate-detected',
  event: StatusReported,
  ports: RecordStatusPorts,
): RecordStatusOutcome {
  ports.observer.count(METRICS.statusRecorded, 1, joined);
  if (joined === 'duplicate-detected') ports.observer.count(METRICS.duplicateDetected);
  ports.observer.duration(
    METRICS.acknowledgementToEffect,
    Math.max(0, ports.clock() - Date.parse(event.time)),
  );
  return { kind: joined };
}
