import { describe, expect, test } from '@jest/globals';
import { scheduleExpression } from '../../../local/cloud/events/schedule-expression.ts';

const fits = (expression: string, instant: string, timeZone?: string): boolean => {
  const schedule = scheduleExpression(expression, timeZone);
  return schedule.kind === 'cron' && schedule.matches(new Date(instant));
};

describe('schedules', () => {
  test('rates are periods', () => {
    expect(scheduleExpression('rate(1 minute)')).toEqual({ kind: 'rate', everyMilliseconds: 60_000 });
    expect(scheduleExpression('rate(2 days)')).toEqual({ kind: 'rate', everyMilliseconds: 172_800_000 });
  });

  test.each([
    ['cron(0 3 * * ? *)', '2027-05-01T03:00:00Z', true],
    ['cron(0 3 * * ? *)', '2027-05-01T03:01:00Z', false],
    ['cron(0/15 * * * ? *)', '2027-05-01T11:45:00Z', true],
    ['cron(0 10 ? * MON-FRI *)', '2027-05-03T10:00:00Z', true],
    ['cron(0 10 ? * MON-FRI *)', '2027-05-02T10:00:00Z', false],
    ['cron(0 10 ? * 1 *)', '2027-05-02T10:00:00Z', true],
    ['cron(0 0 L * ? *)', '2028-02-29T00:00:00Z', true],
    ['cron(0 0 L * ? *)', '2027-02-27T00:00:00Z', false],
    ['cron(0 0 1,15 JAN,JUL ? 2027)', '2027-07-15T00:00:00Z', true],
  ])('%s at %s: %s', (expression, instant, expected) => {
    expect(fits(expression, instant)).toBe(expected);
  });

  test('a time zone shifts the minute, daylight saving included', () => {
    expect(fits('cron(0 9 * * ? *)', '2027-07-01T07:00:00Z', 'Europe/Berlin')).toBe(true);
    expect(fits('cron(0 9 * * ? *)', '2027-01-01T08:00:00Z', 'Europe/Berlin')).toBe(true);
    const once = scheduleExpression('at(2027-07-01T09:00:00)', 'Europe/Berlin');
    expect(once).toEqual({ kind: 'at', instant: new Date('2027-07-01T07:00:00Z') });
  });

  test.each([
    'rate(0 minutes)',
    'rate(5 seconds)',
    'cron(0 3 * * ?)',
    'cron(0 3 15W * ? *)',
    'at(tomorrow)',
    'every minute',
  ])('%s is refused', (expression) => expect(() => scheduleExpression(expression)).toThrow());
});
