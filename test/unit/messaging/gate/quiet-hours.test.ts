import { describe, expect, test } from '@jest/globals';
import { quietHoursRule } from '../../../../functions/messaging/domain/gate/quiet-hours.ts';
import { prepareHours } from '../../../../functions/messaging/domain/quiet-hours/hours-policy.ts';
import type { RecipientHints } from '../../../../functions/messaging/domain/recipient-facts.ts';
import { QuietHoursFile } from '../../../../functions/shared/contract/rules/quiet-hours.ts';
import { gateFacts, recipientAt } from '../../../fakes/messaging/gate-facts.ts';
import { ACCOUNT } from '../../../fakes/messaging/settings.ts';

const verdictAt = (
  instant: string,
  address: string,
  hints: RecipientHints = {},
  send: Parameters<typeof gateFacts>[0] = {},
) => quietHoursRule(gateFacts({ now: Date.parse(instant), ...recipientAt(address, hints), ...send }));

const MIAMI = '+13055550123';
const PENSACOLA = '+18505550123';
const DALLAS = '+12145550123';
const TORONTO = '+14165550123';
const LONDON = '+447700900123';
const PARIS = '+33612345678';
const BERLIN = '+491701234567';

describe('quiet hours', () => {
  test.each<[string, string, string, 'open' | string, string | undefined]>([
    [
      'California opens at 8',
      '+14155550123',
      '2026-03-02T15:59:59.999Z',
      '2026-03-02T16:00:00.000Z',
      undefined,
    ],
    ['California is open at 8', '+14155550123', '2026-03-02T16:00:00Z', 'open', undefined],
    [
      'California closes at 21',
      '+14155550123',
      '2026-03-03T05:00:00Z',
      '2026-03-03T16:00:00.000Z',
      undefined,
    ],
    ['Florida closes at 20', MIAMI, '2026-03-03T01:00:00Z', '2026-03-03T13:00:00.000Z', undefined],
    [
      'an area code with two zones opens with the later one',
      PENSACOLA,
      '2026-03-02T13:30:00Z',
      '2026-03-02T14:00:00.000Z',
      'America/Chicago',
    ],
    [
      'and closes with the earlier one',
      PENSACOLA,
      '2026-03-03T01:30:00Z',
      '2026-03-03T14:00:00.000Z',
      undefined,
    ],
    ['Texas opens at noon on Sundays', DALLAS, '2026-03-01T16:00:00Z', '2026-03-01T18:00:00.000Z', undefined],
    [
      'Canada opens at 10 at the weekend',
      TORONTO,
      '2026-02-28T14:30:00Z',
      '2026-02-28T15:00:00.000Z',
      undefined,
    ],
    [
      'Canada closes at 18 on Saturdays',
      TORONTO,
      '2026-02-28T23:00:00Z',
      '2026-03-01T15:00:00.000Z',
      undefined,
    ],
    ['Britain opens at 9 on Sundays', LONDON, '2026-03-01T08:30:00Z', '2026-03-01T09:00:00.000Z', undefined],
    ['France is closed on Sundays', PARIS, '2026-03-01T11:00:00Z', '2026-03-02T07:00:00.000Z', undefined],
    ['France is closed on holidays', PARIS, '2026-05-01T10:00:00Z', '2026-05-02T06:00:00.000Z', undefined],
    ['Easter Monday is one', PARIS, '2026-04-06T10:00:00Z', '2026-04-07T06:00:00.000Z', undefined],
    [
      'Germany has the default of the Union',
      BERLIN,
      '2026-03-02T20:00:00Z',
      '2026-03-03T07:00:00.000Z',
      undefined,
    ],
    [
      'Japan has that for everywhere else',
      '+819012345678',
      '2026-03-02T12:00:00Z',
      '2026-03-02T23:00:00.000Z',
      undefined,
    ],
  ])('%s', (_name, address, instant, expected, zone) => {
    const verdict = verdictAt(instant, address);
    if (expected === 'open') {
      expect(verdict.verdict).toBe('pass');
      return;
    }
    expect(verdict).toMatchObject({ verdict: 'hold', until: Date.parse(expected) });
    if (zone !== undefined) expect(verdict.explanation).toContain(zone);
  });

  test('say which rule, which zone, until when', () => {
    expect(verdictAt('2026-03-03T01:00:00Z', MIAMI)).toEqual({
      rule: 'quiet-hours',
      verdict: 'hold',
      until: Date.parse('2026-03-03T13:00:00Z'),
      input: {
        trafficClass: 'marketing',
        regions: 'US-FL',
        regionsBy: 'area-code',
        zones: 'America/New_York',
        zonesBy: 'area-code',
        rules: 'us-tcpa us-fl',
        reachesAt: '2026-03-03T01:00:00.000Z',
      },
      explanation: 'quiet hours of US-FL (us-fl) in America/New_York until 2026-03-03T13:00:00.000Z',
    });
  });

  test('an explicit zone decides over the postcode, the postcode over the number', () => {
    const at = '2026-03-02T13:30:00Z';
    expect(verdictAt(at, PENSACOLA, { postcode: '33101' })).toMatchObject({
      verdict: 'pass',
      input: { zones: 'America/New_York', zonesBy: 'postcode', regionsBy: 'postcode' },
    });
    expect(verdictAt(at, PENSACOLA, { postcode: '33101', timeZone: 'America/Denver' })).toMatchObject({
      verdict: 'hold',
      until: Date.parse('2026-03-02T15:00:00Z'),
      input: { regions: 'US-FL', zones: 'America/Denver', zonesBy: 'time-zone' },
    });
    expect(verdictAt(at, MIAMI, { postcode: '09001' })).toMatchObject({ input: { regionsBy: 'area-code' } });
  });

  test('do not bind one-time codes and transactional messages', () => {
    for (const trafficClass of ['otp', 'transactional'] as const)
      expect(verdictAt('2026-03-02T08:00:00Z', MIAMI, {}, { send: { trafficClass } })).toMatchObject({
        verdict: 'pass',
        input: { rules: '' },
      });
  });

  test('pass until they begin, as far as Twilio keeps a message', () => {
    expect(verdictAt('2026-03-02T23:00:00Z', MIAMI)).toMatchObject({
      until: Date.parse('2026-03-03T01:00:00Z'),
    });
    expect(verdictAt('2026-03-02T14:59:00Z', MIAMI)).not.toHaveProperty('until');
  });

  test('hold what would arrive at their very beginning', () => {
    expect(verdictAt('2026-03-03T00:59:45Z', MIAMI)).toMatchObject({ verdict: 'pass' });
    expect(verdictAt('2026-03-03T00:59:45.001Z', MIAMI)).toMatchObject({
      verdict: 'hold',
      until: Date.parse('2026-03-03T13:00:00Z'),
    });
  });

  test('are asked at the time for which Twilio holds it', () => {
    const sendAt = Date.parse('2026-03-03T04:00:00Z');
    expect(verdictAt('2026-03-02T20:00:00Z', MIAMI, {}, { send: { sendAt } })).toMatchObject({
      verdict: 'hold',
      until: Date.parse('2026-03-03T13:00:00Z'),
      input: { reachesAt: '2026-03-03T04:00:00.000Z' },
    });
  });

  test('open by the new clock on both days of the change', () => {
    expect(verdictAt('2026-03-08T11:59:59Z', MIAMI)).toMatchObject({
      until: Date.parse('2026-03-08T12:00:00Z'),
    });
    expect(verdictAt('2026-11-01T12:30:00Z', MIAMI)).toMatchObject({
      until: Date.parse('2026-11-01T13:00:00Z'),
    });
  });

  test('of a number that says nothing ask for a zone', () => {
    expect(verdictAt('2026-03-02T12:00:00Z', '+881612345678')).toMatchObject({
      verdict: 'refuse',
      explanation: expect.stringContaining('name it'),
    });
    expect(verdictAt('2026-03-02T12:00:00Z', '+881612345678', { timeZone: 'Europe/Paris' })).toMatchObject({
      verdict: 'pass',
    });
  });

  test('of a toll-free number bind by all zones of both countries', () => {
    expect(verdictAt('2026-03-02T20:00:00Z', '+18005550123')).toMatchObject({
      verdict: 'pass',
      input: { regions: 'CA US', zonesBy: 'country' },
    });
    expect(verdictAt('2026-03-02T17:00:00Z', '+18005550123')).toMatchObject({ verdict: 'hold' });
  });

  test('that leave no common hour refuse, and say what would help', () => {
    const hours = (id: string, jurisdiction: string, open: string, close: string) => ({
      id,
      jurisdiction,
      from: '2025-01-01',
      week: [{ days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], hours: [{ open, close }] }],
      source: { title: 'a test', read: '2026-01-01' },
    });
    const file = QuietHoursFile.parse({
      rules: [hours('early', 'US', '08:00', '09:00'), hours('late', 'US-FL', '09:00', '10:00')],
    });
    const verdict = quietHoursRule(
      gateFacts({
        ...recipientAt(MIAMI),
        policy: { ...gateFacts().policy, quietHours: prepareHours([file]) },
      }),
    );
    expect(verdict).toMatchObject({
      verdict: 'refuse',
      explanation: expect.stringContaining('name the time zone'),
    });
  });
});

describe('rules as data', () => {
  const everyDay = [
    { days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], hours: [{ open: '10:00', close: '12:00' }] },
  ];
  const source = { title: 'a test', read: '2026-01-01' };
  const withRules = (...rules: object[]) => ({
    policy: {
      ...gateFacts().policy,
      quietHours: prepareHours([
        QuietHoursFile.parse({
          groups: { 'Great Lakes': ['CA', 'US'] },
          rules: rules.map((rule, index) => ({
            id: `rule-${index}`,
            from: '2025-01-01',
            week: everyDay,
            source,
            ...rule,
          })),
        }),
      ]),
    },
  });
  const NINE = '2026-03-02T14:00:00Z';

  test('a jurisdiction may bind transactional messages and one-time codes too', () => {
    const strict = withRules({ jurisdiction: 'US', classes: ['marketing', 'transactional', 'otp'] });
    expect(verdictAt(NINE, MIAMI, {}, { send: { trafficClass: 'otp' }, ...strict })).toMatchObject({
      verdict: 'hold',
      until: Date.parse('2026-03-02T15:00:00Z'),
    });
  });

  test('an account may add to the law for itself', () => {
    const added = withRules({ jurisdiction: '*', accounts: [ACCOUNT] });
    expect(verdictAt(NINE, MIAMI, {}, added)).toMatchObject({ verdict: 'hold' });
    const foreign = { ...added, send: { accountSid: 'AC0000000000000000000000000000000f' } };
    expect(verdictAt(NINE, MIAMI, {}, foreign)).toMatchObject({ verdict: 'pass' });
    const elsewhere = withRules({ jurisdiction: 'GB', accounts: [ACCOUNT] });
    expect(verdictAt(NINE, MIAMI, {}, elsewhere)).toMatchObject({ verdict: 'pass' });
    const inFlorida = withRules({ jurisdiction: 'US-FL', accounts: [ACCOUNT] });
    expect(verdictAt(NINE, MIAMI, {}, inFlorida)).toMatchObject({ verdict: 'hold' });
  });

  test('a group binds its members, and a channel only itself', () => {
    expect(verdictAt(NINE, MIAMI, {}, withRules({ jurisdiction: 'Great Lakes' }))).toMatchObject({
      verdict: 'hold',
    });
    expect(verdictAt(NINE, LONDON, {}, withRules({ jurisdiction: 'Great Lakes' }))).toMatchObject({
      verdict: 'pass',
    });
    const calls = withRules({ jurisdiction: 'US', channels: ['voice'] });
    expect(verdictAt(NINE, MIAMI, {}, calls)).toMatchObject({ verdict: 'pass' });
    expect(verdictAt(NINE, MIAMI, {}, { ...calls, send: { channel: 'voice' } })).toMatchObject({
      verdict: 'hold',
    });
  });

  test('a rule holds from its first day to the day before its end', () => {
    const dated = withRules({ jurisdiction: 'US', from: '2026-03-02', until: '2026-03-03' });
    expect(verdictAt('2026-03-01T23:59:59Z', MIAMI, {}, dated)).toMatchObject({
      verdict: 'hold',
      until: Date.parse('2026-03-02T15:00:00Z'),
    });
    expect(verdictAt('2026-03-01T23:59:00Z', MIAMI, {}, dated)).toMatchObject({
      verdict: 'pass',
      until: Date.parse('2026-03-02T00:00:00Z'),
    });
    expect(verdictAt('2026-03-02T18:00:00Z', MIAMI, {}, dated)).toMatchObject({
      verdict: 'hold',
      until: Date.parse('2026-03-03T00:00:00Z'),
    });
    expect(verdictAt('2026-03-03T00:00:00Z', MIAMI, {}, dated)).toMatchObject({ verdict: 'pass' });
  });

  test('two openings a day are two', () => {
    const twice = withRules({
      jurisdiction: 'US',
      week: [
        {
          ...everyDay[0],
          hours: [
            { open: '14:00', close: '24:00' },
            { open: '10:00', close: '12:00' },
          ],
        },
      ],
    });
    expect(verdictAt('2026-03-02T17:00:00Z', MIAMI, {}, twice)).toMatchObject({
      until: Date.parse('2026-03-02T19:00:00Z'),
    });
    expect(verdictAt('2026-03-03T04:00:00Z', MIAMI, {}, twice)).toMatchObject({
      verdict: 'pass',
      until: Date.parse('2026-03-03T05:00:00Z'),
    });
  });
});
