import { describe, expect, test } from '@jest/globals';
import { isTimeZone, offsetAt } from '../../../../functions/messaging/domain/quiet-hours/zone-clock.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 86_400_000;

describe('the clock of a zone', () => {
  test.each([
    ['America/New_York', '2026-01-15T12:00:00Z', -5 * HOUR],
    ['America/New_York', '2026-07-15T12:00:00Z', -4 * HOUR],
    ['Europe/London', '2026-01-15T12:00:00Z', 0],
    ['Asia/Kathmandu', '2026-01-15T12:00:00Z', 5.75 * HOUR],
    ['America/St_Johns', '2026-01-15T12:00:00Z', -3.5 * HOUR],
    ['Africa/Monrovia', '1971-06-15T12:00:00Z', -(44 * 60 + 30) * 1000],
  ])('%s at %s', (zone, instant, offset) => {
    expect(offsetAt(zone, Date.parse(instant)).offset).toBe(offset);
  });

  test('is known until it is changed, to the millisecond', () => {
    const change = Date.parse('2026-03-08T07:00:00Z');
    expect(offsetAt('America/New_York', change - 1)).toEqual({ offset: -5 * HOUR, until: change });
    expect(offsetAt('America/New_York', change)).toMatchObject({ offset: -4 * HOUR });
  });

  test('is still right after more has been asked than is remembered', () => {
    for (let week = 0; week <= 20_001; week += 1) offsetAt('UTC', week * WEEK);
    expect(offsetAt('America/New_York', Date.parse('2026-07-15T12:00:00Z')).offset).toBe(-4 * HOUR);
  });
});

describe('a name of a zone', () => {
  test.each(['America/New_York', 'UTC', 'Asia/Calcutta'])('%s is one', (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });

  test.each(['Mars/Olympus', '+02:00', '', '-5', 'New York'])('%p is none', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });
});
