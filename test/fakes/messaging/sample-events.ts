import type { EventOf, EventType, TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { SAMPLE_CONSENT_EVENTS } from '../consent/sample-consent-events.ts';
import { SAMPLE_CALL_RECORDS, SAMPLE_CALL_REPORTS } from '../voice/sample-call-events.ts';
import { SAMPLE_CALL_FLOW_EVENTS } from '../voice/sample-call-flow-events.ts';
import { INTENT_ID } from './intents.ts';
import { SAMPLE_CALL_EVENTS } from './sample-call-events.ts';
import { sidOf } from './scripted-twilio.ts';
import { ACCOUNT } from './settings.ts';

const envelope = (number: number) => ({
  id: `messaging/${INTENT_ID}/${number}/0`,
  time: `2026-03-01T12:00:${String(number).padStart(2, '0')}.000Z`,
  accountSid: ACCOUNT,
  correlationId: 'order-7',
});

const facts = (version: number, state: string) => ({ intentId: INTENT_ID, version, state });
const ARMED_AT = '2026-03-01T12:00:04.000Z';

/** One event of every type that there is, as the functions write them. */
export const SAMPLE_EVENTS: { readonly [Type in EventType]: EventOf<Type> } = {
  ...SAMPLE_CALL_EVENTS,
  ...SAMPLE_CALL_FLOW_EVENTS,
  'message.received.v1': {
    ...envelope(1),
    type: 'message.received.v1',
    data: {
      messageSid: sidOf(1),
      channel: 'mms',
      mediaCount: 1,
      segmentCount: 1,
      inboxKey: 'MSG#SM1',
      source: 'webhook',
    },
  },
  'auto-response.decided.v1': {
    ...envelope(2),
    type: 'auto-response.decided.v1',
    data: { messageSid: sidOf(1), outcome: 'replied', reason: 'the default reply', intentId: INTENT_ID },
  },
  'message.requested.v1': {
    ...envelope(3),
    type: 'message.requested.v1',
    data: {
      ...facts(1, 'PENDING'),
      channel: 'sms',
      trafficClass: 'transactional',
      pool: 'transactional',
      requestedBy: 'auto-responder',
      deadline: '2026-03-01T13:00:00.000Z',
      inReplyTo: sidOf(1),
    },
  },
  'message.deferred.v1': {
    ...envelope(4),
    type: 'message.deferred.v1',
    data: { ...facts(3, 'PENDING'), attempt: 1, reason: 'slow down', notBefore: '2026-03-01T12:00:05.000Z' },
  },
  'message.outcome-unknown.v1': {
    ...envelope(5),
    type: 'message.outcome-unknown.v1',
    data: { ...facts(5, 'UNKNOWN'), attempt: 2, reason: 'timeout', armedAt: ARMED_AT },
  },
  'message.accepted.v1': {
    ...envelope(6),
    type: 'message.accepted.v1',
    data: {
      ...facts(6, 'ACCEPTED'),
      attempt: 2,
      messageSid: sidOf(2),
      evidence: 'response',
      armedAt: ARMED_AT,
      httpStatus: 201,
      durationMilliseconds: 80,
    },
  },
  'message.status-reported.v1': {
    ...envelope(7),
    type: 'message.status-reported.v1',
    data: { messageSid: sidOf(2), status: 'sent', attempted: true, inboxKey: 'ST#SM2' },
  },
  'message.status-recorded.v1': {
    ...envelope(8),
    type: 'message.status-recorded.v1',
    data: {
      messageSid: sidOf(2),
      intentId: INTENT_ID,
      version: 7,
      status: 'failed',
      errorCode: 30007,
      state: 'failed',
      changed: true,
      explanation: 'sent → failed',
      receivedAt: '2026-03-01T12:00:07.500Z',
    },
  },
  'message.rejected.v1': {
    ...envelope(9),
    type: 'message.rejected.v1',
    data: { ...facts(7, 'REJECTED'), attempt: 1, httpStatus: 400, errorCode: 21211, armedAt: ARMED_AT },
  },
  'batch.requested.v1': {
    ...envelope(40),
    correlationId: 'bat_1',
    type: 'batch.requested.v1',
    data: { batchId: 'bat_1', recipients: 250, requestedBy: 'shop' },
  },
  'batch.chunk-requested.v1': {
    ...envelope(41),
    correlationId: 'bat_1',
    type: 'batch.chunk-requested.v1',
    data: { batchId: 'bat_1', chunk: 2 },
  },
  'batch.chunk-answered.v1': {
    ...envelope(42),
    correlationId: 'bat_1',
    type: 'batch.chunk-answered.v1',
    data: { batchId: 'bat_1', chunk: 2, accepted: 47, suppressed: 2, refused: 1 },
  },
  'message.failed.v1': {
    ...envelope(8),
    id: `messaging/${INTENT_ID}/8/1`,
    type: 'message.failed.v1',
    data: { ...facts(7, 'ACCEPTED'), messageSid: sidOf(2), status: 'failed', errorCode: 30007 },
  },
  'message.cancel-requested.v1': {
    ...envelope(30),
    type: 'message.cancel-requested.v1',
    data: facts(8, 'ACCEPTED'),
  },
  'message.cancel-refused.v1': {
    ...envelope(31),
    type: 'message.cancel-refused.v1',
    data: { ...facts(9, 'ACCEPTED'), reason: 'too late' },
  },
  'message.suppressed.v1': {
    ...envelope(10),
    type: 'message.suppressed.v1',
    data: { ...facts(8, 'SUPPRESSED'), reason: 'canceled by the client' },
  },
  'message.expired.v1': {
    ...envelope(11),
    type: 'message.expired.v1',
    data: { ...facts(9, 'EXPIRED'), reason: 'its deadline passed' },
  },
  'message.duplicate-detected.v1': {
    ...envelope(12),
    type: 'message.duplicate-detected.v1',
    data: { ...facts(10, 'ACCEPTED'), boundMessageSid: sidOf(2), otherMessageSid: sidOf(3) },
  },
  'twilio-event.received.v1': {
    ...envelope(13),
    type: 'twilio-event.received.v1',
    data: {
      cloudEventId: 'EZ1',
      eventType: 'com.twilio.messaging.message.sent',
      resourceSid: sidOf(2),
      inboxKey: 'ES#1',
    },
  },
  'debugger.reported.v1': {
    ...envelope(14),
    type: 'debugger.reported.v1',
    data: {
      debuggerSid: 'NO1',
      level: 'ERROR',
      errorCode: 11200,
      resourceSid: sidOf(2),
      inboxKey: 'DBG#NO1',
    },
  },
  'message.displaced.v1': {
    ...envelope(15),
    type: 'message.displaced.v1',
    data: { ...facts(11, 'UNKNOWN'), messageSid: sidOf(2), reason: 'the list was wrong' },
  },
  'message.parked.v1': {
    ...envelope(16),
    type: 'message.parked.v1',
    data: { ...facts(12, 'PARKED'), attempt: 2, reason: 'no evidence' },
  },
  'message.decided.v1': {
    ...envelope(17),
    type: 'message.decided.v1',
    data: {
      ...facts(13, 'PENDING'),
      decision: 'resend',
      decidedBy: 'operator-7',
      reason: 'the customer asked',
    },
  },
  'message.held.v1': {
    ...envelope(18),
    type: 'message.held.v1',
    data: { ...facts(14, 'PENDING'), reason: 'sending is paused', notBefore: '2026-03-01T12:01:00.000Z' },
  },
  'sending.paused.v1': {
    ...envelope(19),
    correlationId: 'sending',
    type: 'sending.paused.v1',
    data: {
      version: 1,
      state: 'paused',
      scope: 'pool:otp',
      by: 'operator-7',
      reason: 'an incident',
      kind: 'pause',
    },
  },
  'sending.resumed.v1': {
    ...envelope(20),
    correlationId: 'sending',
    type: 'sending.resumed.v1',
    data: { version: 2, state: 'running', scope: 'pool:otp', by: 'operator-7', reason: 'it is over' },
  },
  'ledger.audited.v1': {
    ...envelope(21),
    correlationId: 'audit-2026-02-28',
    type: 'ledger.audited.v1',
    data: {
      date: '2026-02-28',
      twilioMessages: 2,
      acceptedIntents: 1,
      unknownToUs: 1,
      missingAtTwilio: 0,
      statusesRepaired: 1,
    },
  },
  ...SAMPLE_CALL_REPORTS,
  ...SAMPLE_CONSENT_EVENTS,
  ...SAMPLE_CALL_RECORDS,
};

export const allSampleEvents = (): readonly TrunklineEvent[] => Object.values(SAMPLE_EVENTS);

/** Those of one message and of the text that it answers. */
export const sampleStory = (): readonly TrunklineEvent[] =>
  allSampleEvents().filter(({ correlationId }) => correlationId === 'order-7');
