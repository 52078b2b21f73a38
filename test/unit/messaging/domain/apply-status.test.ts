import { describe, expect, test } from '@jest/globals';
import type { Moment } from '../../../../functions/messaging/domain/advance.ts';
import {
  addOtherSid,
  applyStatus,
  type TracedReport,
} from '../../../../functions/messaging/domain/apply-status.ts';
import { TrunklineEvent } from '../../../../functions/shared/contract/events.ts';
import { ATTEMPT, armed, INTENT_ID, pending } from '../../../fakes/messaging/intents.ts';
import { sidOf } from '../../../fakes/messaging/scripted-twilio.ts';

const MOMENT: Moment = { now: Date.parse('2026-03-01T12:00:05Z'), owner: 'callback', jitter: 0 };
const SID = sidOf(1);

const report = (changes: Partial<TracedReport> = {}): TracedReport => ({
  sid: SID,
  status: 'sent',
  receivedAt: '2026-03-01T12:00:04.000Z',
  eventId: `inbox/ST#${SID}#sent/1/0`,
  ...changes,
});

const accepted = (changes = {}) =>
  pending({
    version: 3,
    state: 'ACCEPTED',
    sid: SID,
    evidence: 'response',
    attempt: ATTEMPT,
    ...changes,
  });

const eventsOf = (decision: ReturnType<typeof applyStatus>) =>
  'transition' in decision
    ? decision.transition.outbox.flatMap((entry) =>
        entry.kind === 'event' ? [TrunklineEvent.parse(entry.event)] : [],
      )
    : [];

describe('a report of the bound MessageSid', () => {
  test('joins the set, and tells what it changed and when it came', () => {
    const decision = applyStatus(accepted(), report(), MOMENT);
    expect(decision).toMatchObject({
      kind: 'recorded',
      transition: {
        intent: { state: 'ACCEPTED', version: 4, reports: [{ status: 'sent' }], status: { state: 'sent' } },
      },
    });
    expect(eventsOf(decision)).toMatchObject([
      {
        id: `messaging/${INTENT_ID}/4/0`,
        type: 'message.status-recorded.v1',
        causationId: `inbox/ST#${SID}#sent/1/0`,
        data: {
          status: 'sent',
          state: 'sent',
          changed: true,
          explanation: 'first status: sent',
          receivedAt: '2026-03-01T12:00:04.000Z',
        },
      },
    ]);
  });

  test('that comes late is kept, changes nothing and says why', () => {
    const delivered = accepted({ reports: [{ status: 'delivered' }], status: { state: 'delivered' } });
    const decision = applyStatus(delivered, report(), MOMENT);
    expect(decision).toMatchObject({
      kind: 'recorded',
      transition: { intent: { status: { state: 'delivered' } } },
    });
    expect(eventsOf(decision)).toMatchObject([
      { data: { changed: false, explanation: expect.stringContaining('came late') } },
    ]);
  });

  test('that is known needs no write', () => {
    const known = accepted({ reports: [{ status: 'sent' }], status: { state: 'sent' } });
    expect(applyStatus(known, report(), MOMENT)).toMatchObject({ kind: 'known', join: { isNew: false } });
  });

  test('carries its error code', () => {
    const decision = applyStatus(accepted(), report({ status: 'failed', errorCode: 30007 }), MOMENT);
    expect(decision).toMatchObject({
      transition: { intent: { status: { state: 'failed', errorCode: 30007 } } },
    });
    expect(eventsOf(decision)).toMatchObject([{ data: { errorCode: 30007 } }]);
  });

  test('does not touch an intent that was parked: its state is its own', () => {
    expect(applyStatus(accepted({ state: 'PARKED' }), report(), MOMENT)).toMatchObject({
      transition: { intent: { state: 'PARKED' } },
    });
  });
});

describe("a report over an attempt's own URL", () => {
  const evidence = report({ attempt: ATTEMPT });

  test.each([
    ['ARMED', armed()],
    ['UNKNOWN', armed({ state: 'UNKNOWN', reason: 'timeout' })],
    ['PENDING, deferred after the attempt', pending({ attempt: ATTEMPT, reason: 'slow down' })],
    ['REJECTED', armed({ state: 'REJECTED', errorCode: 21211, reason: 'refused' })],
    ['EXPIRED', armed({ state: 'EXPIRED', reason: 'late' })],
  ])('proves that Twilio accepted it: %s', (_state, intent) => {
    const decision = applyStatus(intent, evidence, MOMENT);
    expect(decision.kind).toBe('bound');
    const next = decision.kind === 'bound' ? decision.transition.intent : undefined;
    expect(next).toMatchObject({
      state: 'ACCEPTED',
      sid: SID,
      evidence: 'callback',
      status: { state: 'sent' },
    });
    expect(next).not.toHaveProperty('reason');
    expect(next).not.toHaveProperty('errorCode');
  });

  test('tells of acceptance and of the status, in this order, in one write', () => {
    expect(eventsOf(applyStatus(armed(), evidence, MOMENT))).toMatchObject([
      {
        id: `messaging/${INTENT_ID}/3/0`,
        type: 'message.accepted.v1',
        data: { evidence: 'callback', attempt: 1, messageSid: SID, armedAt: '2026-03-01T12:00:00.000Z' },
      },
      { id: `messaging/${INTENT_ID}/3/1`, type: 'message.status-recorded.v1', data: { status: 'sent' } },
    ]);
  });

  test('of an earlier attempt names that attempt', () => {
    const second = armed({ attempt: { ...ATTEMPT, number: 2, token: 'second' } });
    expect(eventsOf(applyStatus(second, evidence, MOMENT))[0]).toMatchObject({ data: { attempt: 1 } });
  });

  test('with another MessageSid than the bound one is a duplicate: both are kept', () => {
    const decision = applyStatus(accepted(), report({ sid: sidOf(2), attempt: ATTEMPT }), MOMENT);
    expect(decision).toMatchObject({
      kind: 'duplicate-detected',
      transition: { intent: { state: 'ACCEPTED', sid: SID, otherSids: [sidOf(2)] } },
    });
    expect(eventsOf(decision)).toMatchObject([
      { type: 'message.duplicate-detected.v1', data: { boundMessageSid: SID, otherMessageSid: sidOf(2) } },
    ]);
  });

  test('does not raise the same duplicate twice', () => {
    const known = accepted({ otherSids: [sidOf(2)] });
    expect(applyStatus(known, report({ sid: sidOf(2), attempt: ATTEMPT }), MOMENT).kind).toBe('known');
    expect(applyStatus(known, report({ sid: sidOf(3), attempt: ATTEMPT }), MOMENT)).toMatchObject({
      transition: { intent: { otherSids: [sidOf(2), sidOf(3)] } },
    });
  });
});

describe('a report over an attempt’s own URL, of an intent that has its message from the list', () => {
  const byList = accepted({
    evidence: 'list',
    acceptedAt: MOMENT.now - 1_000,
    reports: [{ status: 'delivered' }],
    status: { state: 'delivered' },
  });

  test('proves the same message, new report or not: from now on another one is a duplicate', () => {
    const repeated = applyStatus(byList, report({ status: 'delivered', attempt: ATTEMPT }), MOMENT);
    expect(repeated).toMatchObject({
      kind: 'bound',
      transition: { intent: { evidence: 'callback', sid: SID, acceptedAt: MOMENT.now - 1_000 } },
    });
    expect(eventsOf(repeated)).toMatchObject([
      { type: 'message.accepted.v1', data: { evidence: 'callback' } },
    ]);
    expect(eventsOf(applyStatus(byList, report({ attempt: ATTEMPT }), MOMENT))).toHaveLength(2);
  });

  test('takes the place of another message, with nothing of it left', () => {
    const decision = applyStatus(byList, report({ sid: sidOf(2), attempt: ATTEMPT }), MOMENT);
    expect(decision).toMatchObject({
      kind: 'bound',
      transition: {
        intent: {
          sid: sidOf(2),
          evidence: 'callback',
          acceptedAt: MOMENT.now,
          reports: [{ status: 'sent' }],
          status: { state: 'sent' },
        },
      },
    });
  });

  test('without the token proves nothing', () => {
    expect(applyStatus(byList, report(), MOMENT)).toMatchObject({
      transition: { intent: { evidence: 'list' } },
    });
    expect(applyStatus(byList, report({ sid: sidOf(2) }), MOMENT)).toEqual({ kind: 'foreign' });
  });
});

test('evidence of one attempt leaves the others open', () => {
  const second = { ...ATTEMPT, number: 2, token: 'second' };
  const resent = armed({ attempt: second, unresolvedAttempts: [ATTEMPT] });
  expect(applyStatus(resent, report({ attempt: ATTEMPT }), MOMENT)).toMatchObject({
    transition: { intent: { state: 'ACCEPTED', unresolvedAttempts: [second] } },
  });
  const proven = applyStatus(armed(), report({ attempt: ATTEMPT }), MOMENT);
  expect(proven).not.toHaveProperty('transition.intent.unresolvedAttempts');
});

test('only the words of a report are kept: no token, no event, no time', () => {
  const decision = applyStatus(armed(), report({ attempt: ATTEMPT, errorCode: 30003 }), MOMENT);
  const { reports } = 'transition' in decision ? decision.transition.intent : { reports: [] };
  expect(reports).toEqual([{ status: 'sent', errorCode: 30003 }]);
});

describe('a report that nothing ties to the intent', () => {
  test.each([
    ['no MessageSid is bound', armed()],
    ['another MessageSid is bound', accepted({ sid: sidOf(9) })],
  ])('is foreign: %s', (_why, intent) => {
    expect(applyStatus(intent, report(), MOMENT)).toEqual({ kind: 'foreign' });
  });
});

test('a further MessageSid of an intent without one stands for both in the event', () => {
  const { outbox } = addOtherSid(armed(), ATTEMPT, sidOf(2), MOMENT);
  expect(outbox).toMatchObject([
    { event: { data: { boundMessageSid: sidOf(2), otherMessageSid: sidOf(2) } } },
  ]);
});
