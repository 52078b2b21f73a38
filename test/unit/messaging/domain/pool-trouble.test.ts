import { describe, expect, test } from '@jest/globals';
import {
  judgeTrouble,
  minuteOf,
  scopesOf,
  troubleScope,
} from '../../../../functions/messaging/domain/pool-trouble.ts';
import { NOON } from '../../../fakes/messaging/intents.ts';

const RULE = { windowMinutes: 60, minimumFailures: 10, rate: 0.05, stops: 'campaign' } as const;
const MINUTE = minuteOf(NOON);
const count = (sent: number, failed: number, minute = MINUTE) => ({ minute, sent, failed });
const judge = (counts: Parameters<typeof judgeTrouble>[0], since?: number) =>
  judgeTrouble(counts, RULE, { now: NOON, since });

describe('a pool', () => {
  test.each([
    ['with too few failures is not in trouble', [count(20, 9)], false],
    ['with enough failures and their share is in trouble', [count(200, 10)], true],
    ['with enough failures among very many sends is not', [count(201, 10)], false],
    ['is judged by all minutes of the window together', [count(100, 5, MINUTE - 59), count(100, 5)], true],
    ['is not judged by what lies before the window', [count(0, 10, MINUTE - 61), count(200, 0)], false],
    ['of which no send was sampled yet is judged by its failures', [count(0, 10)], true],
  ])('%s', (_what, counts, isInTrouble) => {
    expect(judge(counts).isInTrouble).toBe(isInTrouble);
  });

  test('that was stopped is not judged again by what was sent before', () => {
    const counts = [count(20, 12, MINUTE - 3), count(20, 9, MINUTE)];
    expect(judge(counts).isInTrouble).toBe(true);
    expect(judge(counts, NOON - 3 * 60_000)).toEqual({ isInTrouble: false, failed: 9, sent: 20 });
  });

  test('says of how many messages how many failed', () => {
    expect(judge([count(400, 34)])).toEqual({ isInTrouble: true, failed: 34, sent: 400 });
  });
});

describe('what is stopped', () => {
  test('for filtering is the campaign, where the message has one', () => {
    expect(troubleScope({ pool: 'marketing', campaign: 'spring' }, RULE)).toBe('campaign:spring');
    expect(troubleScope({ pool: 'marketing' }, RULE)).toBe('pool:marketing');
  });

  test('for a missing registration is the pool, whose senders lack it', () => {
    const rule = { ...RULE, stops: 'pool' } as const;
    expect(troubleScope({ pool: 'marketing', campaign: 'spring' }, rule)).toBe('pool:marketing');
  });

  test('is counted under every scope that may be stopped', () => {
    expect(scopesOf({ pool: 'marketing', campaign: 'spring' })).toEqual([
      'pool:marketing',
      'campaign:spring',
    ]);
    expect(scopesOf({ pool: 'otp' })).toEqual(['pool:otp']);
  });
});
