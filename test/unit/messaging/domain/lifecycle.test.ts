import { describe, expect, test } from '@jest/globals';
import type { Moment } from '../../../../functions/messaging/domain/advance.ts';
import { INTENT_STATES, type MessageIntent } from '../../../../functions/messaging/domain/intent.ts';
import {
  becomeUnknown,
  decideArming,
  defer,
  expire,
  recordOutcome,
  request,
  wake,
} from '../../../../functions/messaging/domain/lifecycle.ts';
import { TrunklineEvent } from '../../../../functions/shared/contract/events.ts';
import type { OutboxEntry } from '../../../../functions/shared/contract/outbox.ts';
import type { PostOutcome } from '../../../../functions/shared/ports/twilio-messages.ts';
import { ATTEMPT, armed, INTENT_ID, NOON, pending } from '../../../fakes/messaging/intents.ts';

const at = (instant: string, jitter = 0): Moment => ({ now: Date.parse(instant), owner: 'me', jitter });
const instant = (iso: string): number => Date.parse(iso);
const dispatchOf = (outbox: readonly OutboxEntry[]) => outbox.find((entry) => entry.kind === 'dispatch');
const eventsOf = (outbox: readonly OutboxEntry[]) =>
  outbox.flatMap((entry) => (entry.kind === 'event' ? [TrunklineEvent.parse(entry.event)] : []));

const RETENTION_END = instant('2026-03-31T12:00:00Z');

describe('a request', () => {
  test('that is due at once is dispatched in the same write, and watched for five minutes', () => {
    const { intent, outbox } = request(pending());
    expect(intent.dueAt).toBe(instant('2026-03-01T12:05:00Z'));
    expect(dispatchOf(outbox)).toEqual({
      kind: 'dispatch',
      pool: 'transactional',
      intentId: INTENT_ID,
      delaySeconds: 0,
    });
    expect(eventsOf(outbox)).toEqual([
      {
        id: `messaging/${INTENT_ID}/1/0`,
        time: '2026-03-01T12:00:00.000Z',
        accountSid: 'AC00000000000000000000000000000001',
        correlationId: 'order-7',
        type: 'message.requested.v1',
        data: {
          intentId: INTENT_ID,
          version: 1,
          state: 'PENDING',
          channel: 'sms',
          trafficClass: 'transactional',
          pool: 'transactional',
          requestedBy: 'shop',
          deadline: '2026-03-01T13:00:00.000Z',
        },
      },
    ]);
  });

  test('that is due within a minute is dispatched with the seconds that are left', () => {
    const { intent, outbox } = request(pending({ notBefore: NOON + 59_001 }));
    expect(dispatchOf(outbox)).toMatchObject({ delaySeconds: 60 });
    expect(intent.dueAt).toBe(NOON + 59_001 + 300_000);
  });

  test('that is due later waits in the due-index for the tick before its time', () => {
    const { intent, outbox } = request(pending({ notBefore: NOON + 60_001, sendAt: NOON + 60_001 }));
    expect(dispatchOf(outbox)).toBeUndefined();
    expect(intent.dueAt).toBe(NOON + 60_001);
    expect(eventsOf(outbox)[0]).toMatchObject({ data: { sendAt: '2026-03-01T12:01:00.001Z' } });
  });

  test('that answers a text names it, and the event that led to it', () => {
    const { outbox } = request(pending({ inReplyTo: 'SM1', causationId: 'inbox/MSG#SM1/1/0' }));
    expect(eventsOf(outbox)[0]).toMatchObject({
      causationId: 'inbox/MSG#SM1/1/0',
      data: { inReplyTo: 'SM1' },
    });
  });
});

describe('arming', () => {
  test('takes a pending intent whose time has come, under a fresh attempt', () => {
    const decision = decideArming(pending(), 'fresh', at('2026-03-01T12:00:01Z'));
    expect(decision).toMatchObject({
      kind: 'arm',
      attempt: { number: 1, token: 'fresh', owner: 'me', armedAt: instant('2026-03-01T12:00:01Z') },
      transition: {
        intent: { state: 'ARMED', version: 2, owner: 'me', dueAt: instant('2026-03-01T12:00:31Z') },
        outbox: [],
      },
    });
  });

  test('counts attempts', () => {
    const decision = decideArming(pending({ attempt: ATTEMPT }), 'fresh', at('2026-03-01T12:00:01Z'));
    expect(decision).toMatchObject({ kind: 'arm', attempt: { number: 2, token: 'fresh' } });
  });

  test('waits before the time, to the millisecond', () => {
    const intent = pending({ notBefore: NOON + 1_000 });
    expect(decideArming(intent, 't', at('2026-03-01T12:00:00.999Z'))).toEqual({
      kind: 'wait',
      milliseconds: 1,
    });
    expect(decideArming(intent, 't', at('2026-03-01T12:00:01Z')).kind).toBe('arm');
  });

  test('expires an intent at its deadline, to the millisecond', () => {
    expect(decideArming(pending(), 't', at('2026-03-01T12:59:59.999Z')).kind).toBe('arm');
    expect(decideArming(pending(), 't', at('2026-03-01T13:00:00Z'))).toMatchObject({
      kind: 'expire',
      transition: { intent: { state: 'EXPIRED' } },
    });
  });

  test.each(INTENT_STATES.filter((state) => state !== 'PENDING'))('leaves %s alone', (state) => {
    expect(decideArming(pending({ state }), 't', at('2026-03-01T12:00:01Z'))).toEqual({
      kind: 'leave',
      state,
    });
  });
});

const answered = { httpStatus: 201, durationMilliseconds: 99.6, twilioRequestId: 'RQ1' };
const SID = 'SM000000000000000000000000000000aa';

describe('what the one POST proves', () => {
  const outcomes: [string, PostOutcome, Partial<MessageIntent>][] = [
    [
      '201 accepts it',
      { kind: 'accepted', sid: SID, status: 'queued', ...answered },
      {
        state: 'ACCEPTED',
        sid: SID,
        evidence: 'response',
        acceptedAt: NOON + 2_000,
        dueAt: instant('2026-03-01T12:15:02Z'),
      },
    ],
    [
      'a 4xx of Twilio rejects it',
      { kind: 'rejected', errorCode: 21211, ...answered, httpStatus: 400 },
      { state: 'REJECTED', errorCode: 21211, dueAt: RETENTION_END },
    ],
    ['429 sends it back to wait', { kind: 'throttled', ...answered, httpStatus: 429 }, { state: 'PENDING' }],
    [
      'a connection that never stood sends it back to wait',
      { kind: 'not-sent', reason: 'ENOTFOUND', durationMilliseconds: 1 },
      { state: 'PENDING' },
    ],
    [
      'everything else leaves it unknown',
      { kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 },
      { state: 'UNKNOWN', reason: 'timeout', dueAt: instant('2026-03-01T12:05:05Z') },
    ],
  ];

  test.each(outcomes)('%s', (_rule, outcome, expected) => {
    const { intent } = recordOutcome(armed(), ATTEMPT, outcome, at('2026-03-01T12:00:02Z'));
    expect(intent).toMatchObject({ ...expected, version: 3, owner: 'me', updatedAt: NOON + 2_000 });
    expect(intent.attempt).toEqual(ATTEMPT);
  });

  test.each(outcomes)(
    'every outcome tells its story in one event of the new version: %s',
    (_rule, outcome) => {
      const { intent, outbox } = recordOutcome(armed(), ATTEMPT, outcome, at('2026-03-01T12:00:02Z'));
      const [event, ...others] = eventsOf(outbox);
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        id: `messaging/${INTENT_ID}/3/0`,
        data: { attempt: 1, state: intent.state, version: 3 },
      });
      expect(JSON.stringify(event)).not.toMatch(/parcel|4155550123|token-of/);
    },
  );

  test('acceptance tells of the answer, durations in whole milliseconds', () => {
    const accepted: PostOutcome = {
      kind: 'accepted',
      sid: SID,
      status: 'queued',
      ...answered,
    };
    expect(
      eventsOf(recordOutcome(armed(), ATTEMPT, accepted, at('2026-03-01T12:00:02Z')).outbox)[0],
    ).toMatchObject({
      type: 'message.accepted.v1',
      data: {
        messageSid: SID,
        evidence: 'response',
        armedAt: '2026-03-01T12:00:00.000Z',
        httpStatus: 201,
        durationMilliseconds: 100,
        twilioRequestId: 'RQ1',
        status: 'queued',
      },
    });
  });

  test('nothing that is known of an answer is made up: no request id, no such field', () => {
    const { twilioRequestId: _none, ...bare } = answered;
    for (const outcome of [
      { kind: 'accepted', sid: SID, status: 'queued', ...bare },
      { kind: 'rejected', errorCode: 21211, ...bare },
    ] as const) {
      const [event] = eventsOf(recordOutcome(armed(), ATTEMPT, outcome, at('2026-03-01T12:00:02Z')).outbox);
      expect(event?.data).not.toHaveProperty('twilioRequestId');
    }
  });

  test('a rejection tells the error in words and numbers', () => {
    const rejected: PostOutcome = {
      kind: 'rejected',
      errorCode: 21610,
      ...answered,
      httpStatus: 400,
    };
    const { intent, outbox } = recordOutcome(armed(), ATTEMPT, rejected, at('2026-03-01T12:00:02Z'));
    expect(intent.reason).toBe('Twilio refused it with error 21610');
    expect(eventsOf(outbox)[0]).toMatchObject({
      type: 'message.rejected.v1',
      data: { httpStatus: 400, errorCode: 21610 },
    });
  });
});

describe('going back to wait', () => {
  test.each([
    [1, 0, 2_000],
    [1, 0.999, 3_998],
    [2, 0, 4_000],
    [3, 0.5, 12_000],
    [8, 0, 150_000],
    [40, 0.5, 225_000],
  ])('after %i attempts with jitter %d the next try comes in %i ms', (number, jitter, wait) => {
    const intent = armed({ attempt: { ...ATTEMPT, number } });
    expect(defer(intent, 'r', at('2026-03-01T12:00:00Z', jitter)).intent.notBefore).toBe(NOON + wait);
  });

  test('Retry-After is obeyed where it asks for more', () => {
    expect(defer(armed(), 'r', at('2026-03-01T12:00:00Z'), 30).intent.notBefore).toBe(NOON + 30_000);
    expect(defer(armed(), 'r', at('2026-03-01T12:00:00Z'), 1).intent.notBefore).toBe(NOON + 2_000);
  });

  test('a short wait goes on the queue with its delay, a long one to the due-index', () => {
    const short = defer(armed(), 'r', at('2026-03-01T12:00:00Z'), 59);
    expect(dispatchOf(short.outbox)).toMatchObject({ delaySeconds: 59 });
    expect(short.intent.dueAt).toBe(NOON + 359_000);
    const long = defer(armed(), 'r', at('2026-03-01T12:00:00Z'), 61);
    expect(dispatchOf(long.outbox)).toBeUndefined();
    expect(long.intent.dueAt).toBe(NOON + 61_000);
  });

  test('it expires instead of waiting beyond its deadline', () => {
    const intent = armed({ deadline: NOON + 2_000 });
    const { intent: next, outbox } = defer(intent, 'r', at('2026-03-01T12:00:00Z'));
    expect(next.state).toBe('EXPIRED');
    expect(eventsOf(outbox)).toMatchObject([{ type: 'message.expired.v1' }]);
    expect(defer(armed({ deadline: NOON + 2_001 }), 'r', at('2026-03-01T12:00:00Z')).intent.state).toBe(
      'PENDING',
    );
  });

  test('the reason stands while it waits and goes when it is armed again', () => {
    const waiting = defer(armed(), 'slow down', at('2026-03-01T12:00:00Z')).intent;
    expect(waiting.reason).toBe('slow down');
    const again = decideArming(waiting, 't', at('2026-03-01T12:00:10Z'));
    expect(again.kind === 'arm' && again.transition.intent).not.toHaveProperty('reason');
  });
});

describe('becoming unknown and expiring', () => {
  test('an unknown outcome names the attempt and its arming', () => {
    const { outbox } = becomeUnknown(armed(), 'crash', at('2026-03-01T12:00:30Z'));
    expect(eventsOf(outbox)).toMatchObject([
      {
        type: 'message.outcome-unknown.v1',
        data: { attempt: 1, armedAt: '2026-03-01T12:00:00.000Z', reason: 'crash', state: 'UNKNOWN' },
      },
    ]);
  });

  test.each([
    ['2026-03-01T12:00:02Z', '2026-03-01T12:05:05Z', 3],
    ['2026-03-01T12:00:08Z', '2026-03-01T12:05:30Z', 22],
    ['2026-03-01T12:00:35Z', '2026-03-01T12:02:00Z', undefined],
    ['2026-03-02T12:00:01Z', '2026-03-02T12:05:01Z', 0],
  ])(
    'an outcome that is unknown at %s is asked about at the cadence: due %s, delayed %s s',
    (now, dueAt, delaySeconds) => {
      const { intent, outbox } = becomeUnknown(armed(), 'crash', at(now));
      expect(intent.dueAt).toBe(instant(dueAt));
      expect(dispatchOf(outbox)).toEqual(
        delaySeconds === undefined
          ? undefined
          : { kind: 'dispatch', pool: 'settlement', intentId: INTENT_ID, delaySeconds },
      );
    },
  );

  test('expiry says why', () => {
    const { intent, outbox } = expire(pending(), at('2026-03-01T13:00:00Z'));
    expect(intent).toMatchObject({ state: 'EXPIRED', reason: 'its deadline passed before it could be sent' });
    expect(eventsOf(outbox)).toMatchObject([{ type: 'message.expired.v1', data: { reason: intent.reason } }]);
    const resent = pending({ attempt: ATTEMPT, unresolvedAttempts: [ATTEMPT] });
    expect(expire(resent, at('2026-03-01T13:00:00Z')).intent.reason).toContain('not known');
  });
});

describe('the minute tick', () => {
  test('dispatches what falls due before the next tick', () => {
    const waiting = pending({ notBefore: NOON + 90_000, dueAt: NOON + 90_000 });
    expect(wake(waiting, at('2026-03-01T12:00:29.999Z'))).toEqual({ kind: 'not-due' });
    const decision = wake(waiting, at('2026-03-01T12:00:30Z'));
    expect(decision).toMatchObject({
      kind: 'dispatched',
      transition: {
        intent: { state: 'PENDING', version: 2, dueAt: NOON + 390_000 },
        outbox: [{ kind: 'dispatch', delaySeconds: 60 }],
      },
    });
  });

  test('dispatches again what its queue has lost', () => {
    const decision = wake(pending(), at('2026-03-01T12:05:00Z'));
    expect(decision).toMatchObject({
      kind: 'dispatched',
      transition: { intent: { dueAt: NOON + 600_000 }, outbox: [{ kind: 'dispatch', delaySeconds: 0 }] },
    });
  });

  test('keeps the reason of an intent that goes on waiting', () => {
    const decision = wake(pending({ reason: 'slow down' }), at('2026-03-01T12:05:00Z'));
    expect(decision).toMatchObject({ transition: { intent: { reason: 'slow down' } } });
  });

  test('expires what is pending past its deadline', () => {
    expect(wake(pending(), at('2026-03-01T13:00:00Z'))).toMatchObject({
      kind: 'expired',
      transition: { intent: { state: 'EXPIRED' } },
    });
  });

  test('leaves a pending intent without an appointment', () => {
    const { dueAt: _none, ...intent } = pending();
    expect(wake(intent, at('2026-03-01T12:10:00Z'))).toEqual({ kind: 'not-due' });
  });

  test('makes an armed intent unknown after the law of times, not a millisecond before', () => {
    expect(wake(armed(), at('2026-03-01T12:00:29.999Z'))).toEqual({ kind: 'not-due' });
    expect(wake(armed(), at('2026-03-01T12:00:30Z'))).toMatchObject({
      kind: 'unknown',
      transition: { intent: { state: 'UNKNOWN' } },
    });
  });

  test('erases the content of a settled intent when its retention ends', () => {
    const settled = pending({
      state: 'ACCEPTED',
      status: { state: 'delivered' },
      mediaUrls: ['https://example.com/a.png'],
      dueAt: RETENTION_END,
    });
    expect(wake(settled, at('2026-03-31T11:59:59.999Z'))).toEqual({ kind: 'not-due' });
    const decision = wake(settled, at('2026-03-31T12:00:00Z'));
    expect(decision.kind).toBe('erased');
    const erased = decision.kind === 'erased' ? decision.transition : undefined;
    expect(erased?.outbox).toEqual([]);
    expect(erased?.intent).toMatchObject({ state: 'ACCEPTED', version: 2 });
    for (const name of ['to', 'body', 'mediaUrls', 'dueAt']) expect(erased?.intent).not.toHaveProperty(name);
  });

  test.each([
    ['UNKNOWN', armed({ state: 'UNKNOWN', reason: 'timeout', dueAt: NOON + 120_000 })],
    ['ACCEPTED, not final', armed({ state: 'ACCEPTED', acceptedAt: NOON, dueAt: NOON + 120_000 })],
  ])(
    'has Twilio asked about %s when it is due before the next tick, and watches over it',
    (_what, intent) => {
      expect(wake(intent, at('2026-03-01T12:00:59.999Z'))).toEqual({ kind: 'not-due' });
      const decision = wake(intent, at('2026-03-01T12:01:00Z'));
      expect(decision).toMatchObject({
        kind: 'asked',
        transition: {
          intent: { state: intent.state, dueAt: NOON + 420_000 },
          outbox: [{ kind: 'dispatch', pool: 'settlement', intentId: INTENT_ID, delaySeconds: 60 }],
        },
      });
    },
  );

  test('asks again where the queue message was lost', () => {
    const asked = armed({ state: 'UNKNOWN', dueAt: NOON + 120_000 });
    const first = wake(asked, at('2026-03-01T12:02:00Z'));
    const again = wake(first.kind === 'asked' ? first.transition.intent : asked, at('2026-03-01T12:06:30Z'));
    expect(again).toMatchObject({ kind: 'asked', transition: { outbox: [{ pool: 'settlement' }] } });
  });

  test('erases the content of an accepted message that never became final, and asks no more', () => {
    const sent = armed({
      state: 'ACCEPTED',
      acceptedAt: NOON,
      status: { state: 'sent' },
      dueAt: RETENTION_END,
    });
    expect(wake(sent, at('2026-03-31T11:59:30Z'))).toEqual({ kind: 'not-due' });
    const decision = wake(sent, at('2026-03-31T12:00:00Z'));
    expect(decision).toMatchObject({ kind: 'erased', transition: { outbox: [] } });
    expect(decision).not.toHaveProperty('transition.intent.to');
    expect(decision).not.toHaveProperty('transition.intent.dueAt');
  });

  test('never erases content before its time, whatever the appointment was for', () => {
    const delivered = armed({ state: 'ACCEPTED', status: { state: 'delivered' }, dueAt: NOON + 900_000 });
    const decision = wake(delivered, at('2026-03-01T12:15:00Z'));
    expect(decision).toMatchObject({
      kind: 'reappointed',
      transition: { intent: { to: '+14155550123', dueAt: RETENTION_END }, outbox: [] },
    });
  });

  test('expires a parked message on which nobody decided before its content must be erased', () => {
    const parked = armed({ state: 'PARKED', reason: 'no evidence', dueAt: RETENTION_END });
    expect(wake(parked, at('2026-03-31T11:59:59Z'))).toEqual({ kind: 'not-due' });
    const decision = wake(parked, at('2026-03-31T12:00:00Z'));
    expect(decision).toMatchObject({
      kind: 'expired',
      transition: {
        intent: {
          state: 'EXPIRED',
          reason: expect.stringContaining('nobody decided'),
          unresolvedAttempts: [ATTEMPT],
          dueAt: RETENTION_END,
        },
      },
    });
  });

  test.each(INTENT_STATES)('leaves %s alone when the index lies', (state) => {
    expect(wake(pending({ state, dueAt: NOON + 3_000_000 }), at('2026-03-01T12:00:01Z'))).toEqual({
      kind: 'not-due',
    });
  });
});
