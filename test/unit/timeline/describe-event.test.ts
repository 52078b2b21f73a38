import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVENTS, type EventType, TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { BusEvent } from '../../../functions/shared/runtime/bus-event.ts';
import type { Description } from '../../../functions/timeline/domain/describe/description.ts';
import { describeEvent } from '../../../functions/timeline/domain/describe-event.ts';
import { rowsOf } from '../../../functions/timeline/timeline-rows.ts';
import { TOLD_CONSENT } from '../../fakes/consent/told-consent-events.ts';
import { INTENT_ID } from '../../fakes/messaging/intents.ts';
import { allSampleEvents, SAMPLE_EVENTS } from '../../fakes/messaging/sample-events.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { CALL_SID, RECORDING_SID, TASK_SID } from '../../fakes/voice/sample-call-events.ts';
import { TOLD_CALL_FLOW_EVENTS } from '../../fakes/voice/sample-call-flow-events.ts';
import { TOLD_OF_CALL_RECORDS } from './told-of-call-records.ts';
import { TOLD_OF_CALLS } from './told-of-calls.ts';

/** A line's detail has no lists. */
const inWords = (data: object) =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Array.isArray(value) ? value.join(' ') : value]),
  );

const TOLD: { readonly [Type in EventType]: Partial<Description> } = {
  ...TOLD_OF_CALLS,
  ...TOLD_CALL_FLOW_EVENTS,
  'message.received.v1': {
    subject: sidOf(1),
    summary: 'inbound MMS received by webhook, signature verified, recorded once; 1 attachment',
    state: 'received',
    links: [],
  },
  'auto-response.decided.v1': {
    subject: sidOf(1),
    summary: 'answered: the default reply',
    links: [[sidOf(1), INTENT_ID]],
  },
  'message.requested.v1': {
    subject: INTENT_ID,
    summary: 'transactional SMS requested by auto-responder, pool transactional',
    state: 'PENDING',
    links: [
      ['order-7', INTENT_ID],
      [INTENT_ID, sidOf(1)],
    ],
  },
  'message.deferred.v1': {
    subject: INTENT_ID,
    summary: 'waits again after attempt 1: slow down; next try at 2026-03-01T12:00:05.000Z',
    state: 'PENDING',
    links: [],
  },
  'message.outcome-unknown.v1': {
    subject: INTENT_ID,
    summary: 'attempt 2: outcome unknown (timeout); not sent again without evidence',
    state: 'UNKNOWN',
    links: [],
  },
  'message.accepted.v1': {
    subject: INTENT_ID,
    summary: `attempt 2: Twilio accepted it as ${sidOf(2)} in 80 ms`,
    state: 'ACCEPTED',
    links: [
      [sidOf(2), INTENT_ID],
      [INTENT_ID, sidOf(2)],
    ],
  },
  'message.status-reported.v1': {
    subject: sidOf(2),
    summary: "callback 'sent' received, signature verified",
    links: [],
  },
  'message.status-recorded.v1': {
    subject: INTENT_ID,
    summary:
      "callback 'failed' (error 30007): sent → failed. The message was filtered as unwanted, by Twilio or by the recipient's carrier. Next: Do not resend: it worsens the sender's standing. Review text, links and opt-in of the campaign.",
    state: 'failed',
    occurredAt: '2026-03-01T12:00:07.500Z',
    links: [],
  },
  'message.rejected.v1': {
    subject: INTENT_ID,
    summary:
      'attempt 1: Twilio refused it, HTTP 400, error 21211: The recipient is not a valid phone number. Next: Correct the number with the customer; do not send to it again.',
    state: 'REJECTED',
    links: [],
  },
  'batch.requested.v1': {
    subject: 'bat_1',
    summary: 'batch of 250 recipients requested by shop',
    state: 'RUNNING',
    links: [],
  },
  'batch.chunk-requested.v1': { subject: 'bat_1', summary: 'chunk 2 handed over', links: [] },
  'batch.chunk-answered.v1': {
    subject: 'bat_1',
    summary: 'chunk 2: 47 accepted, 2 suppressed, 1 refused',
    links: [],
  },
  'message.failed.v1': {
    subject: INTENT_ID,
    summary: 'nobody got it: failed (error 30007)',
    state: 'failed',
    links: [],
  },
  'message.cancel-requested.v1': {
    subject: INTENT_ID,
    summary: 'the client took it back; Twilio is asked to call it off',
    links: [],
  },
  'message.cancel-refused.v1': { subject: INTENT_ID, summary: 'too late', links: [] },
  'message.suppressed.v1': {
    subject: INTENT_ID,
    summary: 'not sent: canceled by the client',
    state: 'SUPPRESSED',
    links: [],
  },
  'message.expired.v1': {
    subject: INTENT_ID,
    summary: 'expired: its deadline passed',
    state: 'EXPIRED',
    links: [],
  },
  'message.duplicate-detected.v1': {
    subject: INTENT_ID,
    summary: `DUPLICATE: Twilio has both ${sidOf(2)} and ${sidOf(3)} for this intent`,
    links: [[sidOf(3), INTENT_ID]],
  },
  'twilio-event.received.v1': {
    subject: sidOf(2),
    summary: 'Event Streams: com.twilio.messaging.message.sent',
    links: [],
  },
  'debugger.reported.v1': { subject: sidOf(2), summary: 'Twilio Debugger ERROR 11200', links: [] },
  'message.displaced.v1': {
    subject: INTENT_ID,
    summary: `${sidOf(2)} is another message: the list was wrong; outcome unknown again`,
    state: 'UNKNOWN',
    links: [],
  },
  'message.parked.v1': {
    subject: INTENT_ID,
    summary: 'parked for an operator after attempt 2: no evidence',
    state: 'PARKED',
    links: [],
  },
  'message.decided.v1': {
    subject: INTENT_ID,
    summary: 'operator operator-7 decided: send again (the customer asked)',
    state: 'PENDING',
    links: [],
  },
  'message.held.v1': {
    subject: INTENT_ID,
    summary: 'waits, not sent yet: sending is paused; next look at 2026-03-01T12:01:00.000Z',
    state: 'PENDING',
    links: [],
  },
  'sending.paused.v1': {
    subject: 'sending',
    summary: 'pool:otp paused by operator-7: an incident',
    state: 'paused',
    links: [],
  },
  'sending.resumed.v1': {
    subject: 'sending',
    summary: 'pool:otp resumed by operator-7: it is over',
    state: 'running',
    links: [],
  },
  'ledger.audited.v1': {
    subject: 'audit-2026-02-28',
    summary:
      'ledger of 2026-02-28: 2 messages at Twilio, 1 accepted intent; 1 unknown to us, ' +
      '0 missing at Twilio, statuses repaired: 1',
    links: [],
  },
  'call.status-reported.v1': {
    subject: CALL_SID,
    summary: "callback 'busy' received, signature verified",
    occurredAt: '2022-05-07T14:30:14.000Z',
    links: [],
  },
  'call.machine-detected.v1': {
    subject: CALL_SID,
    summary: "answered by machine_end_beep, Twilio's detection says after 3500 ms",
    links: [],
  },
  'recording.reported.v1': {
    subject: RECORDING_SID,
    summary: "callback 'completed' received, signature verified",
    links: [[CALL_SID, RECORDING_SID]],
  },
  'taskrouter.reported.v1': {
    subject: TASK_SID,
    summary: 'TaskRouter: reservation.accepted',
    occurredAt: '2026-03-01T12:00:00.000Z',
    links: [[CALL_SID, TASK_SID]],
  },
  ...TOLD_CONSENT,
  ...TOLD_OF_CALL_RECORDS,
};

describe('every event makes a line of a story', () => {
  test('there is a sample of every type, and each is as the contract has it', () => {
    expect(Object.keys(SAMPLE_EVENTS).sort()).toEqual(Object.keys(EVENTS).sort());
    for (const event of allSampleEvents()) expect(TrunklineEvent.parse(event)).toEqual(event);
  });

  test.each(allSampleEvents().map((event) => [event.type, event] as const))('%s', (type, event) => {
    expect(describeEvent(event)).toMatchObject(TOLD[type]);
  });

  test.each(allSampleEvents().map((event) => [event.type, event] as const))(
    '%s keeps all of its data as detail',
    (_type, event) => {
      expect(describeEvent(event).detail).toEqual(inWords(event.data));
    },
  );
});

describe('what a line says beside that', () => {
  const received = SAMPLE_EVENTS['message.received.v1'];
  const requested = SAMPLE_EVENTS['message.requested.v1'];
  const accepted = SAMPLE_EVENTS['message.accepted.v1'];
  const recorded = SAMPLE_EVENTS['message.status-recorded.v1'];

  test.each<[string, TrunklineEvent, string]>([
    [
      'no attachment',
      { ...received, data: { ...received.data, channel: 'sms', mediaCount: 0 } },
      'inbound SMS received by webhook, signature verified, recorded once',
    ],
    [
      'two attachments',
      { ...received, data: { ...received.data, mediaCount: 2 } },
      'inbound MMS received by webhook, signature verified, recorded once; 2 attachments',
    ],
    [
      'silence',
      {
        ...SAMPLE_EVENTS['auto-response.decided.v1'],
        data: { messageSid: sidOf(1), outcome: 'silent', reason: 'a keyword' },
      },
      'not answered: a keyword',
    ],
    [
      'a time to come',
      { ...requested, data: { ...requested.data, sendAt: '2026-03-02T08:00:00.000Z' } },
      'transactional SMS requested by auto-responder, pool transactional; not before 2026-03-02T08:00:00.000Z',
    ],
    [
      'proof by callback',
      { ...accepted, data: { ...accepted.data, evidence: 'callback' } },
      `attempt 2: a callback proves that Twilio accepted it as ${sidOf(2)}`,
    ],
    [
      'a status without an error',
      { ...recorded, data: { ...recorded.data, errorCode: undefined } } as TrunklineEvent,
      "callback 'failed': sent → failed",
    ],
    [
      'a debugger line without a code',
      {
        ...SAMPLE_EVENTS['debugger.reported.v1'],
        data: { debuggerSid: 'NO1', level: 'WARNING', inboxKey: 'DBG#NO1' },
      },
      'Twilio Debugger WARNING',
    ],
  ])('%s', (_what, event, summary) => {
    expect(describeEvent(event).summary).toBe(summary);
  });

  test('an orphan is told under its MessageSid', () => {
    const { intentId: _none, ...data } = recorded.data;
    expect(describeEvent({ ...recorded, data }).subject).toBe(sidOf(2));
  });

  test('what names no resource is told under its own id', () => {
    const stream = SAMPLE_EVENTS['twilio-event.received.v1'];
    expect(
      describeEvent({ ...stream, data: { cloudEventId: 'EZ1', eventType: 't', inboxKey: 'ES#1' } }).subject,
    ).toBe('EZ1');
    expect(
      describeEvent({
        ...SAMPLE_EVENTS['debugger.reported.v1'],
        data: { debuggerSid: 'NO1', level: 'ERROR', inboxKey: 'D' },
      }).subject,
    ).toBe('NO1');
  });

  test('a story of its own needs no link to itself', () => {
    const { inReplyTo: _none, ...data } = requested.data;
    expect(describeEvent({ ...requested, correlationId: INTENT_ID, data }).links).toEqual([]);
  });
});

test('nothing that the contract does not name comes into a story: no number, text or token', () => {
  const CANARY = 'canary-+14155550123-secret-words-token';
  const fieldName = fc.constantFrom(
    'to',
    'from',
    'To',
    'From',
    'Body',
    'body',
    'token',
    'digits',
    'payload',
    'authToken',
    'mediaUrls',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...allSampleEvents()),
      fc.uniqueArray(fieldName, { minLength: 1 }),
      (event, names) => {
        const smuggled = Object.fromEntries(names.map((name) => [name, CANARY]));
        const { event: _event, ...rest } = { event };
        const parsed = BusEvent.parse({
          ...rest,
          ...smuggled,
          source: 'trunkline',
          'detail-type': event.type,
          time: '2026-03-01T12:00:01Z',
          detail: { ...smuggled, ...event, data: { ...smuggled, ...event.data } },
        });
        expect(JSON.stringify([parsed, describeEvent(parsed.event), rowsOf(parsed, 'now', 1)])).not.toContain(
          CANARY,
        );
      },
    ),
    { numRuns: 1_000 },
  );
});

test('the contract names no field that could hold a number, a text or a token', () => {
  const names = Object.values(EVENTS).flatMap(({ shape }) => [
    ...Object.keys(shape),
    ...Object.keys(shape.data.shape),
  ]);
  expect(
    names.filter((name) =>
      /^(to|from|body|text|token|digits|payload|address|phone|number|media)$|url|secret/i.test(name),
    ),
  ).toEqual([]);
});

test('a message that the poll found is told as such: nobody verified a signature', () => {
  const event = SAMPLE_EVENTS['message.received.v1'];
  expect(describeEvent({ ...event, data: { ...event.data, source: 'poll' } }).summary).toBe(
    "inbound MMS found in Twilio's list, its webhook never came, recorded once; 1 attachment",
  );
});
