import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { StoreUnavailableError } from '../../shared/ports/table-client.ts';
import type { TracedReport } from '../domain/apply-status.ts';
import { isKnownCallStatus } from '../domain/call-status.ts';
import { isCall } from '../domain/intent.ts';
import { readAttempt, readBinding } from '../evidence-rows.ts';
import { readIntent } from '../intent-store.ts';
import { type JoinPorts, joinReport } from '../join-report.ts';
import { keepOrphanCall } from './keep-orphan-call.ts';

export interface RecordCallStatusPorts extends JoinPorts {
  readonly observer: Observer;
}

export type RecordCallStatusOutcome = {
  readonly kind:
    | 'recorded'
    | 'bound'
    | 'duplicate-detected'
    | 'known'
    /** A call of ours, as Twilio says, that no intent has; kept for the one that will. */
    | 'orphan'
    /** An inbound call, or a leg that a flow dialed: no intent placed it. */
    | 'not-placed'
    /** The inbox item is gone or was never there: the event is broken. */
    | 'missing';
};

export type CallStatusReported = EventOf<'call.status-reported.v1'>;

/** Joins one callback about a call to the intent that placed it, found by the attempt's token, else by the CallSid. */
export async function recordCallStatus(
  event: CallStatusReported,
  owner: string,
  ports: RecordCallStatusPorts,
): Promise<RecordCallStatusOutcome> {
  if (event.data.parentCallSid !== undefined) return { kind: 'not-placed' };
  if (!isKnownCallStatus(event.data.status)) ports.observer.count(METRICS.unknownStatus);
  const inboxItem = await ports.tables.get('inbox', { pk: event.data.inboxKey }, { consistent: true });
  if (inboxItem === undefined) return { kind: 'missing' };
  const token = typeof inboxItem.token === 'string' ? inboxItem.token : undefined;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const traced = await trace(event, token, ports);
    const joined = traced === undefined ? 'unbound' : await join(traced, event, owner, ports);
    if (joined !== 'unbound' && joined !== 'foreign') return observed(joined, event, ports);
    if (!isOurs(event)) return { kind: 'not-placed' };
    const kept = await keepOrphanCall(event, { isUnbound: joined === 'unbound' }, ports);
    if (kept === 'bound-meanwhile') continue;
    ports.observer.count(METRICS.orphanStatus);
    return { kind: 'orphan' };
  }
  throw new StoreUnavailableError('the call changed hands under the report');
}

/** Each try after the first means that the CallSid got its intent just now. */
const TRIES = 4;

/** Twilio calls it `outbound-api`; where it does not say, the attempt's own URL does. */
const isOurs = ({ data }: CallStatusReported): boolean =>
  data.direction === undefined ? data.attempted : data.direction === 'outbound-api';

interface Traced {
  readonly intentId: string;
  readonly report: TracedReport;
}

async function trace(
  event: CallStatusReported,
  token: string | undefined,
  ports: RecordCallStatusPorts,
): Promise<Traced | undefined> {
  const { callSid, status, sequenceNumber, sipResponseCode } = event.data;
  const report: TracedReport = {
    sid: callSid,
    status,
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
    ...(sipResponseCode === undefined ? {} : { sipResponseCode }),
    receivedAt: event.time,
    eventId: event.id,
  };
  const found = token === undefined ? undefined : await readAttempt(ports.tables, token);
  if (found !== undefined) return { intentId: found.intentId, report: { ...report, attempt: found.attempt } };
  if (token !== undefined) ports.observer.count(METRICS.unknownToken);
  const intentId = await readBinding(ports.tables, callSid);
  return intentId === undefined ? undefined : { intentId, report };
}

/** A token of another account's attempt, or of a message's, says nothing. */
async function join(
  { intentId, report }: Traced,
  event: CallStatusReported,
  owner: string,
  ports: RecordCallStatusPorts,
) {
  const intent = await readIntent(ports.tables, intentId);
  if (intent?.accountSid !== event.accountSid || !isCall(intent)) return 'foreign';
  return joinReport(intent, report, owner, ports);
}

function observed(
  joined: 'recorded' | 'bound' | 'duplicate-detected' | 'known',
  event: CallStatusReported,
  ports: RecordCallStatusPorts,
): RecordCallStatusOutcome {
  if (joined === 'known') return { kind: joined };
  ports.observer.count(METRICS.statusRecorded, 1, joined);
  if (joined === 'duplicate-detected') ports.observer.count(METRICS.duplicateDetected);
  const sinceAcknowledged = Math.max(0, ports.clock() - Date.parse(event.time));
  ports.observer.duration(METRICS.acknowledgementToEffect, sinceAcknowledged);
  return { kind: joined };
}
