import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { RecordingPolicy } from '../../shared/contract/recording-policy.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { Item } from '../../shared/ports/table-client.ts';
import { parseFormText } from '../../shared/twilio/form-body.ts';
import { CALL_LOGS } from '../call-log-item.ts';
import { changeEvent } from '../change-event.ts';
import {
  type CallLog,
  detectMachine,
  giveNotice,
  newCallLog,
  reportCall,
  reportOfEvent,
} from '../domain/calls/call-log.ts';
import { isKnownCallStatus } from '../domain/calls/call-status.ts';
import { placesOf } from '../domain/recordings/recording-plan.ts';
import { changeRecord, type Decision, type Moment, type StorePorts } from '../record-store.ts';

export interface RecordCallPorts extends StorePorts {
  readonly observer: Observer;
}

export type CallEvent =
  | EventOf<'call.status-reported.v1'>
  | EventOf<'call.machine-detected.v1'>
  | EventOf<'call.notice-given.v1'>;

/** `missing`: the inbox item that the event names is gone. */
export type RecordCallOutcome = 'recorded' | 'known' | 'missing';

/** Joins what an event tells of a call to the call's record, in any order and any number of times. */
export async function recordCall(
  event: CallEvent,
  owner: string,
  ports: RecordCallPorts,
  policy: RecordingPolicy,
): Promise<RecordCallOutcome> {
  switch (event.type) {
    case 'call.status-reported.v1':
      return recordStatus(event, owner, ports, policy);
    case 'call.machine-detected.v1':
      return change(event, owner, ports, (log, moment) => detectMachine(log, event.data.answeredBy, moment));
    case 'call.notice-given.v1':
      return change(event, owner, ports, (log, moment) => giveNotice(log, noticeOf(event), moment));
    default:
      return event satisfies never;
  }
}

const noticeOf = ({ time, data }: EventOf<'call.notice-given.v1'>) => ({
  noticeId: data.noticeId,
  policyVersion: data.policyVersion,
  obtained: data.consent === 'key-press' ? ('key-press' as const) : ('notice' as const),
  givenAt: Date.parse(time),
});

/** What an event adds without an event of its own: it stands in the story already. */
async function change(
  event: CallEvent,
  owner: string,
  ports: RecordCallPorts,
  add: (log: CallLog, moment: Moment) => CallLog | undefined,
): Promise<RecordCallOutcome> {
  const decision = await changeRecord(
    CALL_LOGS,
    {
      id: event.data.callSid,
      owner,
      decide: (known, moment) => {
        const record = add(known ?? newCallLog(event.data.callSid, event.accountSid, moment), moment);
        return record === undefined ? { kind: 'unchanged' } : { kind: 'changed', record, outbox: [] };
      },
    },
    ports,
  );
  return outcomeOf(decision);
}

async function recordStatus(
  event: EventOf<'call.status-reported.v1'>,
  owner: string,
  ports: RecordCallPorts,
  policy: RecordingPolicy,
): Promise<RecordCallOutcome> {
  if (!isKnownCallStatus(event.data.status)) ports.observer.count(METRICS.unknownStatus);
  const inboxItem = await ports.tables.get('inbox', { pk: event.data.inboxKey }, { consistent: true });
  if (inboxItem === undefined) return 'missing';
  const { callSid, parentCallSid } = event.data;
  const about = {
    places: endsOf(inboxItem, policy),
    ...(parentCallSid === undefined ? {} : { parentCallSid }),
  };
  const decide = (known: CallLog | undefined, moment: Moment): Decision<CallLog> => {
    const log = known ?? newCallLog(callSid, event.accountSid, moment);
    const changed = reportCall(log, reportOfEvent(event), about, moment);
    if (changed === undefined) return { kind: 'unchanged' };
    return { kind: 'changed', record: changed.log, outbox: [progressed(event, changed)] };
  };
  const decision = await changeRecord(CALL_LOGS, { id: callSid, owner, decide }, ports);
  if (decision.kind === 'changed') ports.observer.count(METRICS.callReport, 1, event.data.status);
  return outcomeOf(decision);
}

/** Only the places leave this function: the numbers stay in the inbox. */
function endsOf(inboxItem: Item, policy: RecordingPolicy): readonly string[] {
  const form = parseFormText(String(inboxItem.payload));
  if (form.kind === 'malformed') return [];
  const party = (name: string): string => form.fields.get(name)?.[0] ?? '';
  return placesOf(policy, { from: party('From'), to: party('To') });
}

function progressed(
  event: EventOf<'call.status-reported.v1'>,
  { log, view, explanation }: NonNullable<ReturnType<typeof reportCall>>,
) {
  const { callSid, status, sequenceNumber, occurredAt } = event.data;
  const { missing: _missing, state, ...facts } = view;
  return changeEvent(
    'call.progressed.v1',
    {
      key: CALL_LOGS.keyOf(callSid),
      version: log.version,
      accountSid: event.accountSid,
      correlationId: event.correlationId,
      now: log.updatedAt,
      causationId: event.id,
    },
    {
      callSid,
      version: log.version,
      state,
      status,
      ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
      ...(log.parentCallSid === undefined ? {} : { parentCallSid: log.parentCallSid }),
      ...facts,
      explanation,
      ...(occurredAt === undefined ? {} : { occurredAt }),
    },
  );
}

const outcomeOf = (decision: Decision<CallLog>): RecordCallOutcome =>
  decision.kind === 'changed' ? 'recorded' : 'known';
