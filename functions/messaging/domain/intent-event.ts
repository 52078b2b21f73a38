import type { EventOf } from '../../shared/contract/events.ts';
import type { OutboxEntry } from '../../shared/contract/outbox.ts';
import { type Intent, isCall } from './intent.ts';
import type { StatusJoin, StatusReport } from './status-report.ts';

/** A state change with what it wants done: written together, or not at all. */
export interface Transition {
  readonly intent: Intent;
  readonly outbox: readonly OutboxEntry[];
}

/** What is told of messages and of calls alike: as `message.<fact>.v1` or as `call.<fact>.v1`. */
type Fact =
  | 'deferred'
  | 'rejected'
  | 'outcome-unknown'
  | 'parked'
  | 'decided'
  | 'held'
  | 'cancel-requested'
  | 'cancel-refused'
  | 'suppressed'
  | 'expired';

/** Facts that name what Twilio made: a message by its MessageSid, a call by its CallSid. */
type NamingFact = 'accepted' | 'displaced';

type FactsOfIntent = ReturnType<typeof intentFacts>;
type DataOf<F extends Fact | NamingFact> = Omit<
  EventOf<`message.${F}.v1`>['data'],
  keyof FactsOfIntent | 'messageSid'
>;

/** An event of the intent's present version; `ordinal` tells several of one write apart. */
export const envelopeOf = (intent: Intent, ordinal: number) => ({
  id: `messaging/${intent.id}/${intent.version}/${ordinal}`,
  time: new Date(intent.updatedAt).toISOString(),
  accountSid: intent.accountSid,
  correlationId: intent.correlationId,
  ...(intent.causationId === undefined ? {} : { causationId: intent.causationId }),
});

/** What every intent event says of the intent. */
export const intentFacts = (intent: Intent) => ({
  intentId: intent.id,
  version: intent.version,
  state: intent.state,
});

/** Tells a fact under the name of what was asked for, a message or a call. */
export function tell<F extends Fact>(intent: Intent, ordinal: number, fact: F, data: DataOf<F>) {
  const type = isCall(intent) ? (`call.${fact}.v1` as const) : (`message.${fact}.v1` as const);
  const event = { ...envelopeOf(intent, ordinal), type, data: { ...intentFacts(intent), ...data } };
  return { kind: 'event', event } as const;
}

/** Tells a fact about the message or the call that `sid` names. */
export function tellOf<F extends NamingFact>(
  intent: Intent,
  ordinal: number,
  fact: F,
  sid: string,
  data: DataOf<F>,
) {
  const envelope = envelopeOf(intent, ordinal);
  const facts = { ...intentFacts(intent), ...data };
  const event = isCall(intent)
    ? { ...envelope, type: `call.${fact}.v1` as const, data: { ...facts, callSid: sid } }
    : { ...envelope, type: `message.${fact}.v1` as const, data: { ...facts, messageSid: sid } };
  return { kind: 'event', event } as const;
}

/** Tells of the request itself. */
export function tellRequest(intent: Intent) {
  const data = {
    ...intentFacts(intent),
    trafficClass: intent.trafficClass,
    pool: intent.pool,
    requestedBy: intent.clientId,
    deadline: new Date(intent.deadline).toISOString(),
    ...(intent.sendAt === undefined ? {} : { sendAt: new Date(intent.sendAt).toISOString() }),
  };
  const envelope = envelopeOf(intent, 0);
  const event = isCall(intent)
    ? { ...envelope, type: 'call.requested.v1' as const, data: { ...data, flow: intent.flow } }
    : {
        ...envelope,
        type: 'message.requested.v1' as const,
        data: {
          ...data,
          channel: intent.channel,
          ...(intent.retryOf === undefined ? {} : { retryOf: intent.retryOf }),
          ...(intent.campaign === undefined ? {} : { campaign: intent.campaign }),
          ...(intent.inReplyTo === undefined ? {} : { inReplyTo: intent.inReplyTo }),
        },
      };
  return { kind: 'event', event } as const;
}

/** A callback or a poll, as it is told: the report, and when and through what we have it. */
interface ToldReport extends StatusReport {
  readonly sid: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly eventId?: string;
}

/** Tells what a report changed, or why it changed nothing. */
export function tellStatus(intent: Intent, ordinal: number, report: ToldReport, join: StatusJoin) {
  const { sid, status, errorCode, sipResponseCode, sequenceNumber, receivedAt, eventId } = report;
  const envelope = {
    ...envelopeOf(intent, ordinal),
    ...(eventId === undefined ? {} : { causationId: eventId }),
  };
  const data = {
    intentId: intent.id,
    version: intent.version,
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
    state: join.view.state,
    changed: join.changed,
    explanation: join.explanation,
    receivedAt,
  };
  const event = isCall(intent)
    ? {
        ...envelope,
        type: 'call.status-recorded.v1' as const,
        data: {
          ...data,
          callSid: sid,
          ...(sipResponseCode === undefined ? {} : { sipResponseCode }),
          ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
        },
      }
    : { ...envelope, type: 'message.status-recorded.v1' as const, data: { ...data, messageSid: sid } };
  return { kind: 'event', event } as const;
}

/** Tells that Twilio made two of one. */
export function tellDuplicate(
  intent: Intent,
  ordinal: number,
  { bound, other }: { readonly bound: string; readonly other: string },
) {
  const envelope = envelopeOf(intent, ordinal);
  const facts = intentFacts(intent);
  const event = isCall(intent)
    ? {
        ...envelope,
        type: 'call.duplicate-detected.v1' as const,
        data: { ...facts, boundCallSid: bound, otherCallSid: other },
      }
    : {
        ...envelope,
        type: 'message.duplicate-detected.v1' as const,
        data: { ...facts, boundMessageSid: bound, otherMessageSid: other },
      };
  return { kind: 'event', event } as const;
}
