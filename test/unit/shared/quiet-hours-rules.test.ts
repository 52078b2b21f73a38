import { describe, expect, test } from '@jest/globals';
import { QuietHoursFile, quietHoursProblems } from '../../../functions/shared/contract/rules/quiet-hours.ts';

const WEEK = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const open = (from = '08:00', to = '21:00') => [{ open: from, close: to }];
const every = [{ days: WEEK, hours: open() }];
const rule = (changes: object = {}) => ({
  id: 'one',
  jurisdiction: 'US',
  from: '2025-01-01',
  week: every,
  source: { title: 'a law', read: '2026-01-01' },
  ...changes,
});

const problemsOf = (...rules: object[]) => quietHoursProblems([QuietHoursFile.parse({ rules })]);

describe('rules of quiet hours', () => {
  test('that cover every day once are fit for use', () => {
    expect(problemsOf(rule())).toEqual([]);
    expect(
      problemsOf(
        rule({
          week: [
            { days: WEEK.slice(1), hours: [...open('08:00', '12:00'), ...open('12:00', '24:00')] },
            { days: ['sun'], hours: [] },
          ],
        }),
      ),
    ).toEqual([]);
  });

  test.each<[string, object[], string]>([
    [
      'a day twice',
      [rule({ week: [...every, { days: ['mon'], hours: [] }] })],
      'one: mon stands in two parts of the week',
    ],
    [
      'a day not at all',
      [rule({ week: [{ days: WEEK.slice(1), hours: open() }] })],
      'one: sun stands in no part of the week; a closed day has no hours: []',
    ],
    [
      'hours that overlap',
      [rule({ week: [{ days: WEEK, hours: [...open('12:00', '20:00'), ...open('08:00', '12:01')] }] })],
      'one: sun: 08:00-12:01 and 12:00-20:00 overlap',
    ],
    [
      'hours that end before they begin',
      [rule({ week: [{ days: WEEK, hours: open('21:00', '08:00') }] })],
      'one: sun: closes at 08:00, not after 21:00',
    ],
    [
      'hours of no length',
      [rule({ week: [{ days: WEEK, hours: open('08:00', '08:00') }] })],
      'one: sun: closes at 08:00, not after 08:00',
    ],
    [
      'bad hours of holidays',
      [rule({ holidays: { days: [{ name: 'New Year', date: '01-01' }], hours: open('12:00', '10:00') } })],
      'one: holidays: closes at 10:00, not after 12:00',
    ],
    [
      'an end before its beginning',
      [rule({ until: '2025-01-01' })],
      'one: ends on 2025-01-01, not after 2025-01-01',
    ],
    [
      'two of one name',
      [rule({ until: '2026-01-01' }), rule({ from: '2026-01-01' })],
      'one: there are two rules of this name',
    ],
    [
      'two at once',
      [rule({ until: '2026-02-01' }), rule({ id: 'two', from: '2026-01-01' })],
      'one and two overlap: both hold in US on 2026-01-01',
    ],
    [
      'two without an end',
      [rule({ id: 'two', from: '2026-01-01' }), rule()],
      'one and two overlap: both hold in US on 2026-01-01',
    ],
    [
      'a gap between two',
      [rule({ until: '2025-12-01' }), rule({ id: 'two', from: '2026-01-01' })],
      'one and two leave a gap: nothing holds in US from 2025-12-01 to 2026-01-01',
    ],
    [
      'a group that is not there',
      [rule({ jurisdiction: 'European Union' })],
      'one: no file has a group European Union',
    ],
  ])('with %s are named', (_name, rules, problem) => {
    expect(problemsOf(...rules)).toEqual([problem]);
  });

  test('may follow one another, and stand beside another place, class, channel or account', () => {
    expect(problemsOf(rule({ until: '2026-01-01' }), rule({ id: 'two', from: '2026-01-01' }))).toEqual([]);
    for (const other of [
      { jurisdiction: 'US-FL' },
      { classes: ['otp'] },
      { accounts: ['AC00000000000000000000000000000001'] },
    ])
      expect(problemsOf(rule(), rule({ id: 'two', ...other }))).toEqual([]);
    expect(problemsOf(rule({ channels: ['sms'] }), rule({ id: 'two', channels: ['voice'] }))).toEqual([]);
  });

  test('may name a group of another file', () => {
    const groups = QuietHoursFile.parse({ groups: { 'European Union': ['FR'] }, rules: [rule()] });
    const rules = QuietHoursFile.parse({ rules: [rule({ id: 'two', jurisdiction: 'European Union' })] });
    expect(quietHoursProblems([groups, rules])).toEqual([]);
  });

  test.each<[string, object]>([
    ['a time that is none', { week: [{ days: WEEK, hours: open('08:00', '24:01') }] }],
    ['a day that is none', { week: [{ days: ['funday'], hours: [] }] }],
    ['no source', { source: undefined }],
    ['a date that is none', { from: '2026-02-30' }],
    ['a holiday on the 32nd', { holidays: { days: [{ name: 'none', date: '01-32' }], hours: [] } }],
    ['a jurisdiction that is none', { jurisdiction: 'Florida!' }],
    ['an unknown key', { opens: '08:00' }],
  ])('with %s are not rules', (_name, changes) => {
    expect(QuietHoursFile.safeParse({ rules: [rule(changes)] }).success).toBe(false);
  });
});
