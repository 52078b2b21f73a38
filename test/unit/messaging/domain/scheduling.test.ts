import { describe, expect, test } from '@jest/globals';
import {
  canBeScheduled,
  handOverAt,
  isScheduledAtTwilio,
} from '../../../../functions/messaging/domain/scheduling.ts';
import { describeMessagePost } from '../../../../functions/messaging/send-message/describe-post.ts';
import { ATTEMPT, NOON, pending } from '../../../fakes/messaging/intents.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('the hand-over to Twilio', () => {
  test.each([
    ['without two phases it is the time itself', NOON + HOUR, undefined, NOON + HOUR],
    ['with them it comes ahead by what the pool says', NOON + 3 * HOUR, 7_200, NOON + HOUR],
    ['it is now, if that lies in the past', NOON + HOUR, 7_200, NOON],
    ['what is due already is handed over now', NOON - HOUR, undefined, NOON],
  ])('%s', (_name, sendAt, aheadSeconds, expected) => {
    expect(handOverAt(sendAt, aheadSeconds, NOON)).toBe(expected);
  });

  test('Twilio takes a schedule no later than 15 min before, and half a minute is kept for the request', () => {
    expect(canBeScheduled(NOON + 930_000, NOON)).toBe(true);
    expect(canBeScheduled(NOON + 929_999, NOON)).toBe(false);
  });

  test('only an accepted message whose time has not come is scheduled at Twilio', () => {
    const scheduled = pending({ state: 'ACCEPTED', sendAt: NOON + HOUR });
    expect(isScheduledAtTwilio(scheduled, NOON)).toBe(true);
    expect(isScheduledAtTwilio({ ...scheduled, status: { state: 'scheduled' } }, NOON)).toBe(true);
    expect(isScheduledAtTwilio({ ...scheduled, status: { state: 'queued' } }, NOON)).toBe(false);
    expect(isScheduledAtTwilio({ ...scheduled, state: 'UNKNOWN' }, NOON)).toBe(false);
    expect(isScheduledAtTwilio(scheduled, NOON + HOUR)).toBe(false);
  });
});

describe('the POST of a message with a time', () => {
  const ORIGIN = 'https://hooks.example.com';

  test('carries the schedule, and counts its validity from then', () => {
    const intent = pending({
      sendAt: NOON + HOUR,
      deadline: NOON + HOUR + 10 * MINUTE,
      validitySeconds: 14_400,
    });
    expect(describeMessagePost(intent, ATTEMPT, ORIGIN, NOON)).toMatchObject({
      sendAt: '2026-03-01T13:00:00.000Z',
      validityPeriod: 600,
    });
  });

  test('carries none once its time has come', () => {
    const intent = pending({ sendAt: NOON, deadline: NOON + 10 * MINUTE });
    expect(describeMessagePost(intent, ATTEMPT, ORIGIN, NOON)).not.toHaveProperty('sendAt');
  });
});
