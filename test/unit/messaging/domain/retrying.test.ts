import { describe, expect, test } from '@jest/globals';
import type { MessageIntent } from '../../../../functions/messaging/domain/intent.ts';
import { recordOutcome } from '../../../../functions/messaging/domain/lifecycle.ts';
import { planRetry, retryDelay, retryIntent } from '../../../../functions/messaging/domain/retrying.ts';
import { ATTEMPT, armed, NOON, pending } from '../../../fakes/messaging/intents.ts';

const SOON = { tries: 5, afterSeconds: 15, capSeconds: 900 };
const MOMENT = { now: NOON, owner: 'me', jitter: 0 };
const HOUR = 3_600_000;

describe('the wait before another try', () => {
  test.each([
    [0, 0, 11_250],
    [0, 1, 15_000],
    [1, 1, 30_000],
    [2, 1, 60_000],
    [6, 1, 900_000],
    [60, 1, 900_000],
    [60, 0, 675_000],
  ])('after %i tries with a jitter of %d is %i ms', (tried, jitter, milliseconds) => {
    expect(retryDelay(SOON, tried, jitter)).toBe(milliseconds);
  });
});

const refusedWith = (errorCode: number, intent: Partial<MessageIntent> = {}) =>
  recordOutcome(
    armed({ deadline: NOON + 4 * HOUR, ...intent }),
    ATTEMPT,
    { kind: 'rejected', errorCode, httpStatus: 400, durationMilliseconds: 5 },
    MOMENT,
  );

describe('a refusal', () => {
  test('for a full queue sent nothing, so the same intent waits for its next attempt', () => {
    const { intent, outbox } = refusedWith(21611);
    expect(intent).toMatchObject({ state: 'PENDING', refusals: 1, notBefore: NOON + 11_250 });
    expect(intent.errorCode).toBeUndefined();
    expect(outbox.map((entry) => (entry.kind === 'event' ? entry.event.type : entry.kind))).toEqual([
      'message.deferred.v1',
      'dispatch',
    ]);
  });

  test('says with what it waits', () => {
    expect(refusedWith(21611).intent.reason).toBe(
      "Twilio refused it with error 21611: The sender's queue at Twilio is full; nothing was taken.",
    );
  });

  test('stands after as many tries as the policy allows', () => {
    expect(refusedWith(21611, { refusals: 4 }).intent).toMatchObject({ state: 'PENDING', refusals: 5 });
    expect(refusedWith(21611, { refusals: 5 }).intent).toMatchObject({ state: 'REJECTED', errorCode: 21611 });
  });

  test('stands where the next try would come after the deadline', () => {
    expect(refusedWith(21611, { deadline: NOON + 11_250 }).intent).toMatchObject({ state: 'REJECTED' });
    expect(refusedWith(21611, { deadline: NOON + 11_251 }).intent).toMatchObject({ state: 'PENDING' });
  });

  test.each([21211, 21610, 30007, 30410, 20500, 99_999])('with error %i stands at once', (code) => {
    expect(refusedWith(code).intent).toMatchObject({ state: 'REJECTED', errorCode: code });
  });
});

const failed = (changes: Partial<MessageIntent> = {}): MessageIntent =>
  pending({
    version: 4,
    state: 'ACCEPTED',
    attempt: ATTEMPT,
    sid: 'SM1',
    acceptedAt: NOON,
    evidence: 'response',
    reports: [{ status: 'undelivered', errorCode: 30003 }],
    status: { state: 'undelivered', errorCode: 30003 },
    deadline: NOON + 4 * HOUR,
    ...changes,
  });
const failedWith = (errorCode: number) => failed({ status: { state: 'failed', errorCode } });

describe('a message that nobody got', () => {
  test('is sent once more, later', () => {
    expect(planRetry(failed(), MOMENT)).toEqual({ kind: 'retry', notBefore: NOON + 0.75 * HOUR });
    expect(planRetry(failed(), { ...MOMENT, jitter: 1 })).toEqual({ kind: 'retry', notBefore: NOON + HOUR });
  });

  test.each([30001, 30003, 30008, 30017, 63018])('with error %i is sent once more', (code) => {
    expect(planRetry(failedWith(code), MOMENT).kind).toBe('retry');
  });

  test.each([21610, 30002, 30004, 30005, 30006, 30007, 30034, 30410, 63016, 99_999])(
    'with error %i is not sent again',
    (code) => {
      expect(planRetry(failedWith(code), MOMENT).kind).toBe('none');
    },
  );

  test.each<[string, Partial<MessageIntent>, string]>([
    ['it has been delivered since', { status: { state: 'delivered' } }, 'it did not fail with an error'],
    ['it confirms an opt-out', { purpose: 'opt-out-confirmation' }, 'an opt-out is confirmed once'],
    ['no error was named', { status: { state: 'failed' } }, 'it did not fail with an error'],
    ['it was the second try', { retryOf: 'int_1' }, 'it was the second try already'],
    [
      'only the list shows the message',
      { evidence: 'list' },
      'that the failed message is its own is not proven',
    ],
    [
      'another attempt is open',
      { unresolvedAttempts: [{ ...ATTEMPT, number: 1 }] },
      'another attempt of it may have been delivered',
    ],
    ['Twilio has two of it', { otherSids: ['SM2'] }, 'another attempt of it may have been delivered'],
    ['its deadline is near', { deadline: NOON + 0.75 * HOUR }, 'its deadline comes before the next try'],
  ])('is not sent again where %s', (_when, changes, why) => {
    expect(planRetry(failed(changes), MOMENT)).toEqual({ kind: 'none', why });
  });

  test('is not sent again once its content has been erased', () => {
    const { to: _to, ...erased } = failed();
    expect(planRetry(erased, MOMENT)).toEqual({ kind: 'none', why: 'its content has been erased' });
  });

  test('is tried again by an intent with its content, deadline and story, and nothing of its fate', () => {
    const first = failed({ campaign: 'spring', refusals: 2, sendAt: NOON - 1, cancelRequestedAt: NOON });
    const again = { id: 'int_2', notBefore: NOON + HOUR, causationId: 'event-1' };
    const { dueAt: _dueAt, ...expected } = pending({
      ...again,
      version: 1,
      campaign: 'spring',
      retryOf: first.id,
      deadline: first.deadline,
      owner: 'me',
    });
    expect(retryIntent(first, again, MOMENT)).toEqual(expected);
  });
});
