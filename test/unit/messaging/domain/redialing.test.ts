import { describe, expect, test } from '@jest/globals';
import { applyStatus } from '../../../../functions/messaging/domain/apply-status.ts';
import type { CallIntent } from '../../../../functions/messaging/domain/intent.ts';
import { applyLateAnswer } from '../../../../functions/messaging/domain/late-answer.ts';
import { decideArming, wake } from '../../../../functions/messaging/domain/lifecycle.ts';
import { conclude, redial, sequelOf } from '../../../../functions/messaging/domain/redialing.ts';
import { SETTLEMENT_QUEUE } from '../../../../functions/shared/contract/outbox.ts';
import { CALL_POOL, endedCall, placedCall } from '../../../fakes/messaging/call-intents.ts';
import { ATTEMPT, NOON } from '../../../fakes/messaging/intents.ts';
import { callSidOf } from '../../../fakes/messaging/sample-call-events.ts';
import { accepted } from '../../../fakes/messaging/scripted-twilio.ts';

const AT = NOON + 60_000;
const MOMENT = { now: AT, owner: 'settlement', jitter: 0.5 };
const RULES = CALL_POOL.redial;

const report = (changes: object) => ({
  sid: callSidOf(1),
  status: 'busy',
  receivedAt: '2026-03-01T12:01:00.000Z',
  ...changes,
});

/** Called again after its first call ended busy. */
const again = (): CallIntent => redial(endedCall('busy'), AT + 300_000, MOMENT).intent as CallIntent;

describe('a call that ended', () => {
  test.each([
    ['busy is called again after the wait of its rule', 'busy', undefined, AT + 300_000],
    ['no answer has a rule of its own', 'no-answer', undefined, AT + 1_800_000],
    ['a failure whose SIP code the rule names is tried again', 'failed', 503, AT + 30_000],
  ])('%s', (_rule, state, sipResponseCode, at) => {
    const status = sipResponseCode === undefined ? { state } : { state, sipResponseCode };
    expect(sequelOf(endedCall(state, { status }), RULES, AT)).toEqual({ kind: 'redial', at });
  });

  test.each<[string, CallIntent, string]>([
    [
      'a failure with another SIP code',
      endedCall('failed', { status: { state: 'failed', sipResponseCode: 404 } }),
      'not tried again',
    ],
    ['a failure without a SIP code, where the rule names some', endedCall('failed'), 'not tried again'],
    [
      'one whose deadline comes before the next attempt',
      endedCall('busy', { deadline: AT + 300_000 }),
      'deadline',
    ],
    ['one that the client took back', endedCall('busy', { cancelRequestedAt: AT }), 'took it back'],
    ['one that only the list connects with a call', endedCall('busy', { evidence: 'list' }), 'only the list'],
    [
      'one with an earlier attempt of unknown outcome',
      endedCall('busy', { unresolvedAttempts: [ATTEMPT] }),
      'not known',
    ],
    ['one that Twilio placed twice', endedCall('busy', { otherSids: [callSidOf(9)] }), 'more than one call'],
  ])('is not placed again: %s', (_why, intent, reason) => {
    expect(sequelOf(intent, RULES, AT)).toEqual({
      kind: 'conclude',
      reason: expect.stringContaining(reason),
    });
  });

  test('is placed as often as its rule has waits, and no more', () => {
    const ended = { sid: callSidOf(1), attempt: 1, reports: [], status: { state: 'busy' } };
    expect(sequelOf(endedCall('busy', { earlierCalls: [ended] }), RULES, AT)).toEqual({
      kind: 'redial',
      at: AT + 900_000,
    });
    expect(sequelOf(endedCall('busy', { earlierCalls: [ended, ended] }), RULES, AT)).toEqual({
      kind: 'conclude',
      reason: 'every attempt is used up',
    });
  });

  test('is looked at by the settlement worker as soon as a callback tells, and by the tick if that is lost', () => {
    const decision = applyStatus(placedCall(), report({ sequenceNumber: 2, sipResponseCode: 486 }), MOMENT);
    expect(decision).toMatchObject({
      kind: 'recorded',
      transition: {
        intent: { status: { state: 'busy', sipResponseCode: 486 } },
        outbox: [
          { kind: 'event', event: { type: 'call.status-recorded.v1' } },
          { kind: 'dispatch', pool: SETTLEMENT_QUEUE, delaySeconds: 0 },
        ],
      },
    });
    expect(wake(endedCall('busy', { dueAt: AT }), MOMENT)).toMatchObject({ kind: 'asked' });
  });

  test.each(['completed', 'canceled'])('%s has no sequel', (status) => {
    const decision = applyStatus(placedCall(), report({ status }), MOMENT);
    expect(decision).toMatchObject({ transition: { outbox: [{ kind: 'event' }] } });
  });
});

describe('a call that is placed again', () => {
  test('waits like a new one, and remembers the call that ended with all that was told of it', () => {
    const { intent, outbox } = redial(endedCall('busy'), AT + 300_000, MOMENT);
    expect(intent).toMatchObject({
      state: 'PENDING',
      notBefore: AT + 300_000,
      reports: [],
      earlierCalls: [{ sid: callSidOf(1), attempt: 1, status: { state: 'busy' } }],
    });
    expect(intent).not.toHaveProperty('sid');
    expect(intent).not.toHaveProperty('status');
    expect(outbox).toMatchObject([
      {
        event: {
          type: 'call.redial-planned.v1',
          data: { callSid: callSidOf(1), status: 'busy', attempt: 1 },
        },
      },
    ]);
  });

  test('is armed with the next attempt, whose token is another one', () => {
    const later = { ...MOMENT, now: AT + 300_000 };
    expect(decideArming(again(), 'token-2', later)).toMatchObject({
      kind: 'arm',
      attempt: { number: 2, token: 'token-2' },
    });
  });

  test('hears late callbacks of its first call without taking them for its own', () => {
    const late = report({ status: 'busy', sequenceNumber: 3, sipResponseCode: 486, attempt: ATTEMPT });
    const decision = applyStatus(again(), late, MOMENT);
    expect(decision).toMatchObject({
      kind: 'recorded',
      transition: {
        intent: {
          state: 'PENDING',
          notBefore: AT + 300_000,
          earlierCalls: [{ sid: callSidOf(1), status: { state: 'busy', sipResponseCode: 486 } }],
        },
      },
    });
    if (decision.kind !== 'recorded') throw new Error('not recorded');
    expect(applyStatus(decision.transition.intent, late, MOMENT)).toMatchObject({ kind: 'known' });
    expect(decision.transition.intent.dueAt).toBe(again().dueAt);
  });

  test('takes the late answer of its first POST for what it is', () => {
    expect(applyLateAnswer(again(), ATTEMPT, accepted(callSidOf(1)), MOMENT)).toBeUndefined();
  });

  test.each([
    ['callback', () => applyStatus(again(), report({ sid: callSidOf(9), attempt: ATTEMPT }), MOMENT)],
    [
      'late answer',
      () => ({ transition: applyLateAnswer(again(), ATTEMPT, accepted(callSidOf(9)), MOMENT) }),
    ],
  ])('tells a duplicate by the %s of another call of an attempt whose call is known', (_source, decide) => {
    expect(decide()).toMatchObject({
      transition: {
        intent: { state: 'PENDING', otherSids: [callSidOf(9)] },
        outbox: [
          {
            event: {
              type: 'call.duplicate-detected.v1',
              data: { boundCallSid: callSidOf(1), otherCallSid: callSidOf(9) },
            },
          },
        ],
      },
    });
  });
});

describe('the end', () => {
  test('is told with the reason and with the text that takes its place, and is decided once', () => {
    const { intent, outbox } = conclude(
      endedCall('busy'),
      { reason: 'enough', textIntentId: 'int_text' },
      MOMENT,
    );
    expect(intent).toMatchObject({ state: 'ACCEPTED', concludedAt: AT, reason: 'enough' });
    expect(outbox).toMatchObject([
      {
        event: {
          type: 'call.concluded.v1',
          data: { reason: 'enough', textIntentId: 'int_text', status: 'busy' },
        },
      },
    ]);
    expect(wake({ ...intent, dueAt: AT }, MOMENT)).toMatchObject({ kind: 'reappointed' });
  });

  test('of a call that waits in Twilio’s queue is its deadline: Twilio is asked then', () => {
    const deadline = NOON + 100_000;
    const decision = applyStatus(placedCall({ deadline }), report({ status: 'queued' }), MOMENT);
    expect(decision).toMatchObject({ transition: { intent: { dueAt: deadline } } });
  });
});
