import { METRICS } from '../../shared/contract/metrics.ts';
import type { RecordingPolicy } from '../../shared/contract/recording-policy.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { TwilioCallRecord, TwilioCallRecords } from '../../shared/ports/twilio-call-records.ts';
import { CALL_LOGS } from '../call-log-item.ts';
import { changeEvent } from '../change-event.ts';
import { type CallLog, type LookedUp, lookUpCall, newCallLog, reportCall } from '../domain/calls/call-log.ts';
import { isFinalCallStatus, viewOfCall } from '../domain/calls/call-status.ts';
import { placesOf } from '../domain/recordings/recording-plan.ts';
import { changeRecord, type Decision, type Moment, readRecord, type StorePorts } from '../record-store.ts';

export interface SettleCallPorts extends StorePorts {
  readonly twilio: TwilioCallRecords;
  readonly observer: Observer;
}

/** Twilio did not answer; the record stays due, and the next run asks again. */
export class CallNotAskedError extends Error {
  override readonly name = 'CallNotAskedError';
  readonly retryable = true;
}

/** Reads Twilio's own record of one call: what callbacks missed, the legs that it made, and its price. */
export async function settleCall(
  callSid: string,
  owner: string,
  policy: RecordingPolicy,
  ports: SettleCallPorts,
): Promise<void> {
  const log = await readRecord(CALL_LOGS, callSid, ports);
  if (log?.dueAt === undefined || log.dueAt > ports.clock()) return;
  const found = await fetchCall(log, ports);
  const legs = found !== undefined && isFinalCallStatus(found.status) ? await listLegs(log, ports) : [];
  for (const leg of legs) await recordLeg(leg, log, owner, policy, ports);
  ports.observer.count(METRICS.callLookUp, 1, found === undefined ? 'absent' : 'found');
  const lookedUp = found === undefined ? undefined : lookedUpOf(found, policy);
  const decide = (known: CallLog | undefined, moment: Moment): Decision<CallLog> => {
    // Somebody else's look came first.
    if (known === undefined || known.looks !== log.looks) return { kind: 'unchanged' };
    const record = lookUpCall(known, lookedUp, moment);
    return { kind: 'changed', record, outbox: [told(record, lookedUp, legs.length)] };
  };
  await changeRecord(CALL_LOGS, { id: callSid, owner, decide }, ports);
}

async function fetchCall(log: CallLog, { twilio }: SettleCallPorts): Promise<TwilioCallRecord | undefined> {
  const answer = await twilio.fetchCall(log);
  if (answer.kind === 'absent') return undefined;
  if (answer.kind === 'found') return answer.call;
  throw new CallNotAskedError(answer.kind === 'throttled' ? 'Twilio asks for patience (429)' : answer.reason);
}

async function listLegs(log: CallLog, { twilio }: SettleCallPorts): Promise<readonly TwilioCallRecord[]> {
  const answer = await twilio.listLegs(log);
  if (answer.kind === 'legs') return answer.legs;
  throw new CallNotAskedError(answer.kind === 'throttled' ? 'Twilio asks for patience (429)' : answer.reason);
}

const reportOf = ({ status, durationSeconds, answeredBy }: TwilioCallRecord) => ({
  status,
  ...(durationSeconds === undefined ? {} : { durationSeconds }),
  ...(answeredBy === undefined ? {} : { answeredBy }),
});

/** Only the places of the parties are kept. */
const lookedUpOf = (call: TwilioCallRecord, policy: RecordingPolicy): LookedUp => ({
  report: reportOf(call),
  places: placesOf(policy, call),
  ...(call.parentCallSid === undefined ? {} : { parentCallSid: call.parentCallSid }),
  ...(call.price === undefined ? {} : { price: call.price }),
  ...(call.priceUnit === undefined ? {} : { priceUnit: call.priceUnit }),
});

/** A leg of which no callback ever came gets its record, and its own look, here. */
async function recordLeg(
  leg: TwilioCallRecord,
  parent: CallLog,
  owner: string,
  policy: RecordingPolicy,
  ports: SettleCallPorts,
): Promise<void> {
  const about = { parentCallSid: parent.callSid, places: placesOf(policy, leg) };
  const decide = (known: CallLog | undefined, moment: Moment): Decision<CallLog> => {
    const log = known ?? newCallLog(leg.callSid, parent.accountSid, moment);
    const changed = reportCall(log, reportOf(leg), about, moment);
    if (changed === undefined) return { kind: 'unchanged' };
    const { log: record, view } = changed;
    const { missing: _missing, state, ...facts } = view;
    const event = changeEvent('call.progressed.v1', writtenOf(record, parent.callSid), {
      callSid: leg.callSid,
      version: record.version,
      state,
      status: leg.status,
      parentCallSid: parent.callSid,
      ...facts,
      explanation: `${changed.explanation}, says Twilio's list of legs`,
    });
    return { kind: 'changed', record, outbox: [event] };
  };
  await changeRecord(CALL_LOGS, { id: leg.callSid, owner, decide }, ports);
}

function told(record: CallLog, found: LookedUp | undefined, legs: number) {
  const view = viewOfCall(record.reports);
  return changeEvent('call.looked-up.v1', writtenOf(record, record.callSid), {
    callSid: record.callSid,
    version: record.version,
    state: view?.state ?? 'unknown',
    found: found !== undefined,
    ...(record.price === undefined ? {} : { price: record.price }),
    ...(record.priceUnit === undefined ? {} : { priceUnit: record.priceUnit }),
    ...(view?.durationSeconds === undefined ? {} : { durationSeconds: view.durationSeconds }),
    legs,
    missingCallbacks: view?.missing.length ?? 0,
    look: record.looks,
  });
}

const writtenOf = (record: CallLog, correlationId: string) => ({
  key: CALL_LOGS.keyOf(record.callSid),
  version: record.version,
  accountSid: record.accountSid,
  correlationId,
  now: record.updatedAt,
});
