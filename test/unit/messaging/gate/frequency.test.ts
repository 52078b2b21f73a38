import { describe, expect, test } from '@jest/globals';
import { frequencyRule } from '../../../../functions/messaging/domain/gate/frequency.ts';
import { FrequencyFile, frequencyProblems } from '../../../../functions/shared/contract/rules/frequency.ts';
import { gateFacts, recipientAt } from '../../../fakes/messaging/gate-facts.ts';
import { NOON } from '../../../fakes/messaging/intents.ts';

const HOUR = 3_600_000;
const source = { title: 'a test', read: '2026-01-01' };
const cap = (changes: object = {}) => ({
  id: 'two-a-day',
  jurisdiction: '*',
  classes: ['marketing'],
  count: 2,
  perSeconds: 86_400,
  source,
  ...changes,
});
const withCaps = (...caps: object[]) => ({
  policy: { ...gateFacts().policy, frequency: FrequencyFile.parse({ caps }).caps },
});
const sentAt = (...instants: number[]) => ({
  frequency: instants.map((at, index) => ({ intentId: `int_other_${index}`, at })),
});
const judge = (facts: Parameters<typeof gateFacts>[0] = {}) =>
  frequencyRule(gateFacts({ ...withCaps(cap()), ...facts }));

describe('a frequency cap', () => {
  test('lets as many through as it says', () => {
    expect(judge()).toEqual({
      rule: 'frequency',
      verdict: 'pass',
      input: { trafficClass: 'marketing', caps: 'two-a-day', sent: 0 },
      explanation: 'the recipient gets no more than the caps allow',
    });
    expect(judge(sentAt(NOON - HOUR))).toMatchObject({ verdict: 'pass', input: { sent: 1 } });
  });

  test('holds the next until the oldest of them lies a whole stretch behind', () => {
    expect(judge(sentAt(NOON - HOUR, NOON - 5 * HOUR))).toEqual({
      rule: 'frequency',
      verdict: 'hold',
      until: NOON + 19 * HOUR,
      input: { trafficClass: 'marketing', caps: 'two-a-day', sent: 2 },
      explanation: 'the recipient gets at most 2 marketing messages in 24 h (two-a-day)',
    });
    expect(judge(sentAt(NOON - 30 * HOUR, NOON - 5 * HOUR, NOON - HOUR))).toMatchObject({
      until: NOON + 19 * HOUR,
    });
  });

  test('forgets what lies a whole stretch behind, to the millisecond', () => {
    expect(judge(sentAt(NOON - HOUR, NOON - 24 * HOUR))).toMatchObject({ verdict: 'pass' });
    expect(judge(sentAt(NOON - HOUR, NOON - 24 * HOUR + 1))).toMatchObject({
      verdict: 'hold',
      until: NOON + 1,
    });
  });

  test('does not count the message itself, which may have been tried before', () => {
    const frequency = [
      { intentId: 'int_1', at: NOON - HOUR },
      { intentId: 'int_2', at: NOON - HOUR },
    ];
    expect(judge({ frequency })).toMatchObject({ verdict: 'pass', input: { sent: 1 } });
  });

  test('of several the one that holds longest is told', () => {
    const caps = withCaps(cap(), cap({ id: 'one-an-hour', count: 1, perSeconds: 3_600 }));
    expect(judge({ ...caps, ...sentAt(NOON - HOUR / 2) })).toMatchObject({
      until: NOON + HOUR / 2,
      explanation: expect.stringContaining('1 marketing messages in 1 h (one-an-hour)'),
    });
    expect(judge({ ...caps, ...sentAt(NOON - HOUR / 2, NOON - HOUR / 4) })).toMatchObject({
      until: NOON + 23.5 * HOUR,
      explanation: expect.stringContaining('two-a-day'),
    });
  });

  test('of a place, a class or a channel counts only there', () => {
    const inFlorida = withCaps(cap({ count: 1, jurisdiction: 'US-FL' }));
    const one = sentAt(NOON - HOUR);
    expect(judge({ ...inFlorida, ...one })).toMatchObject({
      verdict: 'pass',
      input: { caps: '' },
      explanation: 'marketing messages have no cap there',
    });
    expect(judge({ ...inFlorida, ...one, ...recipientAt('+13055550123') })).toMatchObject({
      verdict: 'hold',
    });
    expect(judge({ ...withCaps(cap({ count: 1, jurisdiction: 'US' })), ...one })).toMatchObject({
      verdict: 'hold',
    });
    expect(judge({ ...one, ...withCaps(cap({ count: 1, classes: ['otp'] })) })).toMatchObject({
      verdict: 'pass',
    });
    expect(judge({ ...one, ...withCaps(cap({ count: 1, channels: ['voice'] })) })).toMatchObject({
      verdict: 'pass',
    });
  });

  test('counts a scheduled message at its time', () => {
    const sendAt = NOON + 10 * HOUR;
    expect(judge({ send: { sendAt }, ...sentAt(NOON - 13 * HOUR, NOON - 15 * HOUR) })).toMatchObject({
      verdict: 'pass',
    });
    expect(judge({ send: { sendAt }, ...sentAt(NOON - 13 * HOUR, NOON - 13 * HOUR) })).toMatchObject({
      verdict: 'hold',
      until: NOON + 11 * HOUR,
    });
  });

  test('of a name that another has is found at synth', () => {
    const file = FrequencyFile.parse({ caps: [cap(), cap()] });
    expect(frequencyProblems([file])).toEqual(['two-a-day: there are two caps of this name']);
    expect(frequencyProblems([FrequencyFile.parse({ caps: [cap()] })])).toEqual([]);
    expect(FrequencyFile.safeParse({ caps: [cap({ count: 0 })] }).success).toBe(false);
  });
});
