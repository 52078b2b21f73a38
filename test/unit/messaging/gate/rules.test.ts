import { describe, expect, test } from '@jest/globals';
import { consentRule } from '../../../../functions/messaging/domain/gate/consent.ts';
import type { ConsentStanding } from '../../../../functions/messaging/domain/gate/facts.ts';
import { operationsRule } from '../../../../functions/messaging/domain/gate/operations.ts';
import { recipientRule } from '../../../../functions/messaging/domain/gate/recipient.ts';
import { judgeSend } from '../../../../functions/messaging/domain/gate/rules.ts';
import { scheduleRule } from '../../../../functions/messaging/domain/gate/schedule.ts';
import { GATE_RULES } from '../../../../functions/messaging/domain/gate/verdict.ts';
import type { Pause } from '../../../../functions/messaging/domain/sending-control.ts';
import { gateFacts, recipientAt } from '../../../fakes/messaging/gate-facts.ts';
import { NOON } from '../../../fakes/messaging/intents.ts';

describe('what operators stopped', () => {
  const pausedBy = (pause: Partial<Pause>) => ({
    control: {
      version: 1,
      pauses: [{ scope: 'all', kind: 'pause', since: NOON, by: 'ada', reason: 'an incident', ...pause }],
    } as const,
  });

  test('is held without an end', () => {
    expect(operationsRule(gateFacts(pausedBy({})))).toEqual({
      rule: 'operations',
      verdict: 'hold',
      input: { pool: 'marketing', trafficClass: 'marketing', state: 'paused', scope: 'all' },
      explanation: 'sending is paused (all): an incident',
    });
    expect(operationsRule(gateFacts(pausedBy({ kind: 'freeze' })))).toMatchObject({
      verdict: 'hold',
      input: { state: 'frozen' },
    });
  });

  test('of one campaign holds only that one', () => {
    const spring = pausedBy({ scope: 'campaign:spring' });
    expect(operationsRule(gateFacts({ ...spring, send: { campaign: 'spring' } }))).toMatchObject({
      verdict: 'hold',
      input: { campaign: 'spring', scope: 'campaign:spring' },
    });
    expect(operationsRule(gateFacts({ ...spring, send: { campaign: 'autumn' } }))).toMatchObject({
      verdict: 'pass',
    });
  });

  test('does not hold what is not meant', () => {
    expect(operationsRule(gateFacts(pausedBy({ scope: 'class:otp' })))).toEqual({
      rule: 'operations',
      verdict: 'pass',
      input: { pool: 'marketing', trafficClass: 'marketing', state: 'running' },
      explanation: 'nothing is paused',
    });
  });
});

describe('consent', () => {
  const verdict = (
    trafficClass: 'otp' | 'transactional' | 'marketing',
    standing: ConsentStanding['standing'],
    changes: Partial<ConsentStanding> = {},
    purpose?: 'opt-out-confirmation',
  ) =>
    consentRule(
      gateFacts({
        send: { trafficClass, ...(purpose === undefined ? {} : { purpose }) },
        consent: { standing, ...changes },
      }),
    );

  test.each([
    ['marketing', 'opted-in', 'pass'],
    ['marketing', 'none', 'refuse'],
    ['marketing', 'suspected', 'hold'],
    ['marketing', 'opted-out', 'refuse'],
    ['transactional', 'opted-in', 'pass'],
    ['transactional', 'none', 'pass'],
    ['transactional', 'suspected', 'hold'],
    ['transactional', 'opted-out', 'refuse'],
    ['otp', 'opted-in', 'pass'],
    ['otp', 'none', 'pass'],
    ['otp', 'suspected', 'pass'],
    ['otp', 'opted-out', 'refuse'],
  ] as const)('%s to somebody who is %s: %s', (trafficClass, standing, expected) => {
    expect(verdict(trafficClass, standing)).toMatchObject({
      rule: 'consent',
      verdict: expected,
      input: { trafficClass, standing },
    });
  });

  test('says since when, and of what', () => {
    const since = Date.parse('2026-02-03T04:05:06Z');
    expect(verdict('otp', 'opted-out', { since, scope: 'everything' })).toEqual({
      rule: 'consent',
      verdict: 'refuse',
      input: {
        trafficClass: 'otp',
        standing: 'opted-out',
        scope: 'everything',
        since: '2026-02-03T04:05:06.000Z',
      },
      explanation: 'the recipient opted out (everything) on 2026-02-03',
    });
    expect(verdict('marketing', 'opted-in', { since }).explanation).toBe(
      'the recipient opted in on 2026-02-03',
    );
    expect(verdict('otp', 'opted-out').explanation).toBe('the recipient opted out');
    expect(verdict('marketing', 'none').explanation).toBe('marketing needs an opt-in, and none is recorded');
    expect(verdict('otp', 'none').explanation).toBe('otp needs no opt-in, and there is no opt-out');
    expect(verdict('otp', 'suspected').explanation).toMatch(/one-time codes go out/);
    expect(verdict('marketing', 'suspected').explanation).toMatch(/somebody has to review/);
  });

  test('lets the confirmation of an opt-out through, and nothing else', () => {
    expect(verdict('transactional', 'opted-out', {}, 'opt-out-confirmation')).toMatchObject({
      verdict: 'pass',
      explanation: 'the one text that confirms an opt-out is allowed after it',
    });
  });
});

describe('the kind of number', () => {
  test.each([
    ['+447400123456', 'sms', 'pass', 'mobile'],
    ['+442079460123', 'sms', 'refuse', 'fixed'],
    ['+442079460123', 'voice', 'pass', 'fixed'],
    ['+442079460123', 'whatsapp', 'pass', 'fixed'],
    ['+19002345678', 'sms', 'refuse', 'premium'],
    ['+19002345678', 'voice', 'refuse', 'premium'],
    ['+19002345678', 'whatsapp', 'refuse', 'premium'],
    ['+491801234567', 'voice', 'refuse', 'shared-cost'],
    ['+18002345678', 'sms', 'pass', 'toll-free'],
    ['+14155550123', 'sms', 'pass', 'fixed-or-mobile'],
    ['+15005550006', 'sms', 'pass', 'personal'],
    ['+15551234567', 'sms', 'pass', 'unknown'],
    ['+447640123456', 'sms', 'refuse', 'other'],
    ['+445612345678', 'sms', 'pass', 'voip'],
  ] as const)('%s by %s: %s, for it is %s', (address, channel, verdict, line) => {
    const judged = recipientRule(gateFacts({ send: { channel }, ...recipientAt(address) }));
    expect(judged).toMatchObject({ rule: 'recipient', verdict, input: { channel, line } });
    expect(JSON.stringify(judged)).not.toContain(address.slice(1));
  });

  test('is told in words', () => {
    const judged = recipientRule(gateFacts(recipientAt('+442079460123')));
    expect(judged.explanation).toBe('the recipient is a landline, which is not to be reached by sms');
    expect(recipientRule(gateFacts()).explanation).toBe('the recipient is a landline or a mobile number');
  });
});

describe('a schedule', () => {
  const verdict = (sendAt?: number) =>
    scheduleRule(gateFacts({ send: sendAt === undefined ? {} : { sendAt } }));

  test('that is absent or past holds nothing', () => {
    expect(verdict()).toEqual({
      rule: 'schedule',
      verdict: 'pass',
      input: {},
      explanation: 'it has no schedule',
    });
    expect(verdict(NOON)).toMatchObject({ verdict: 'pass', explanation: 'its time has come' });
  });

  test('that Twilio takes is handed over', () => {
    expect(verdict(NOON + 930_000)).toEqual({
      rule: 'schedule',
      verdict: 'pass',
      input: { sendAt: '2026-03-01T12:15:30.000Z' },
      explanation: 'Twilio holds it until its time',
    });
  });

  test('that Twilio takes no more waits for its time instead of going out at once', () => {
    expect(verdict(NOON + 929_999)).toMatchObject({ verdict: 'hold', until: NOON + 929_999 });
    expect(verdict(NOON + 1)).toMatchObject({ verdict: 'hold', until: NOON + 1 });
  });
});

describe('the gate', () => {
  test('asks every rule, in the order in which they are told', () => {
    const { verdicts } = judgeSend(gateFacts(), NOON);
    const asked = verdicts.map(({ rule }) => rule);
    expect(asked).toEqual(GATE_RULES.filter((rule) => asked.includes(rule)));
    expect(new Set(asked).size).toBe(asked.length);
  });
});
