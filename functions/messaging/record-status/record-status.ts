import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { type Item, StoreUnavailableError } from '../../shared/ports/table-client.ts';
import { applyStatus, type StatusDecision, type TracedReport } from '../domain/apply-status.ts';
import type { Intent } from '../domain/intent.ts';
import { isKnownStatus } from '../domain/message-status.ts';
import { bindingPut, readAttempt, readBinding } from '../evidence-rows.ts';
import { readIntent, type StorePorts, writeTransition } from '../intent-store.ts';
import { recordOrphan } from './record-orphan.ts';

export interface RecordStatusPorts extends StorePorts {
  readonly clock: Clock;
  readonly observer: Observer;
}

export type RecordStatusOutcome =
  | { readonly kind: 'recorded' | 'bound' | 'duplicate-detected' | 'known' | 'orphan' }
  /** The inbox item is gone or was never there: the event is broken. */
  | { readonly kind: 'missing' };

/** How often a report is joined anew when another write to the same intent comes first. */
const TRIES = 8;
const CONFLICT_PAUSE_MILLISECONDS = 20;

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
  const traced = await trace(event, inboxItem, ports);
  const intent = traced === undefined ? undefined : await readIntent(ports.tables, traced.intentId);
  if (traced === undefined || intent?.accountSid !== event.accountSid) return orphan(event, owner, ports);
  return join(intent, event, traced.report, owner, ports);
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
    messageSid: event.data.messageSid,
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

async function join(
  first: Intent,
  event: StatusReported,
  report: TracedReport,
  owner: string,
  ports: RecordStatusPorts,
): Promise<RecordStatusOutcome> {
  let intent: Intent | undefined = first;
  for (let attempt = 0; attempt < TRIES && intent !== undefined; attempt += 1) {
    const moment = { now: ports.clock(), owner, jitter: ports.random.fraction() };
    const decision: StatusDecision = applyStatus(intent, report, moment);
    if (decision.kind === 'foreign') return orphan(event, owner, ports);
    if (decision.kind === 'known') return { kind: 'known' };
    const binding =
      decision.kind === 'recorded' ? [] : [bindingPut(report.messageSid, intent.id, moment.now)];
    const written = await writeTransition(intent, decision.transition, binding, ports);
    if (written.kind === 'written') return observed(decision, event, ports);
    intent = written.existing;
    await ports.sleep(moment.jitter * CONFLICT_PAUSE_MILLISECONDS * 2 ** attempt);
  }
  throw new StoreUnavailableError('the intent kept changing under the report');
}

function observed(
  decision: Exclude<StatusDecision, { kind: 'known' | 'foreign' }>,
  event: StatusReported,
  ports: RecordStatusPorts,
): RecordStatusOutcome {
  ports.observer.count(METRICS.statusRecorded, 1, decision.kind);
  if (decision.kind === 'duplicate-detected') ports.observer.count(METRICS.duplicateDetected);
  ports.observer.duration(
    METRICS.acknowledgementToEffect,
    Math.max(0, ports.clock() - Date.parse(event.time)),
  );
  return { kind: decision.kind };
}

async function orphan(
  event: StatusReported,
  owner: string,
  ports: RecordStatusPorts,
): Promise<RecordStatusOutcome> {
  ports.observer.count(METRICS.orphanStatus);
  await recordOrphan(event, owner, ports);
  return { kind: 'orphan' };
}
