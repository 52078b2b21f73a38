import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  firstMark,
  isPast,
  isWithin,
  markAfter,
  nextSweep,
  type PollMark,
} from '../../../functions/ingress/domain/poll-window.ts';

const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);
const NOON = at('12:00:00');

describe('the stretch that a poll sweeps', () => {
  test('begins ten minutes before the mark, for the list lags, and ends a minute ago, for webhooks take time', () => {
    expect(nextSweep({ through: at('11:54:00') }, NOON, 35)).toEqual({
      since: at('11:44:00'),
      through: at('11:59:00'),
    });
  });

  test('begins ten minutes ago where the account was never polled', () => {
    expect(nextSweep(firstMark(NOON), NOON, 35)).toEqual({ since: at('11:49:00'), through: at('11:59:00') });
  });

  test('goes back as far as the mark after an outage, but not beyond what the inbox remembers', () => {
    const days = (count: number): number => NOON - count * 86_400_000;
    expect(nextSweep({ through: days(3) }, NOON, 35).since).toBe(days(3) - 600_000);
    expect(nextSweep({ through: days(40) }, NOON, 35).since).toBe(days(35) + 3_600_000);
    const unfinished = { since: days(40), through: days(36), page: 'next' };
    expect(nextSweep({ through: days(39), unfinished }, NOON, 35)).toEqual({
      ...unfinished,
      since: days(35) + 3_600_000,
    });
  });

  test('is the unfinished one first', () => {
    const unfinished = { since: at('11:00:00'), through: at('11:30:00'), page: 'next' };
    expect(nextSweep({ through: at('11:10:00'), unfinished }, NOON, 35)).toEqual(unfinished);
  });

  test('never ends before the mark, though the clock went back', () => {
    expect(nextSweep({ through: at('12:05:00') }, NOON, 35).through).toBe(at('12:05:00'));
  });
});

describe('the mark after a sweep', () => {
  const mark: PollMark = { through: at('11:54:00') };
  const sweep = { since: at('11:44:00'), through: at('11:59:00') };

  test('moves on when all was seen', () => {
    expect(markAfter(mark, sweep, { kind: 'swept' })).toEqual({ through: at('11:59:00') });
  });

  test.each(['throttled', 'out-of-time'] as const)('keeps the page when the sweep was %s', (kind) => {
    expect(markAfter(mark, sweep, { kind, page: 'next' })).toEqual({
      ...mark,
      unfinished: { ...sweep, page: 'next' },
    });
    expect(markAfter(mark, sweep, { kind })).toEqual(mark);
  });

  test('forgets a page that Twilio does not answer', () => {
    const unfinished = { ...sweep, page: 'gone' };
    expect(markAfter({ ...mark, unfinished }, unfinished, { kind: 'unavailable' })).toEqual(mark);
  });

  test('never moves back', () => {
    const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(instant, instant, instant, (through, since, end) => {
        const after = markAfter({ through }, { since, through: end }, { kind: 'swept' });
        expect(after.through).toBeGreaterThanOrEqual(through);
      }),
    );
  });
});

describe('a listed message', () => {
  const sweep = { since: at('11:44:00'), through: at('11:59:00') };

  test.each([
    ['11:43:59', false],
    ['11:44:00', true],
    ['11:59:00', true],
    ['11:59:01', false],
  ])('created at %s is within the sweep: %s', (time, expected) => {
    expect(isWithin({ createdAt: at(time) }, sweep)).toBe(expected);
  });

  test('ends the sweep when both its times lie before', () => {
    expect(isPast({ createdAt: at('11:43:59') }, sweep)).toBe(true);
    expect(isPast({ createdAt: at('11:44:00') }, sweep)).toBe(false);
    expect(isPast({ createdAt: at('09:00:00'), sentAt: at('11:50:00') }, sweep)).toBe(false);
    expect(isPast({ createdAt: at('09:00:00'), sentAt: at('09:00:01') }, sweep)).toBe(true);
  });
});
