import { describe, expect, test } from '@jest/globals';
import { isOpenAt } from '../../../functions/voice/domain/hours.ts';
import { VOICE_SETTINGS } from '../../fakes/voice/voice-settings.ts';

const support = VOICE_SETTINGS.calendars.support;
if (support === undefined) throw new Error('no calendar');
const openAt = (instant: string): boolean => isOpenAt(support, Date.parse(instant));

describe('an office is open by the clock on its own wall', () => {
  test.each([
    ['the minute it opens', '2026-11-30T14:00:00.000Z', true],
    ['a minute before', '2026-11-30T13:59:59.999Z', false],
    ['the minute it closes', '2026-11-30T22:00:00.000Z', false],
    ['a Sunday', '2026-11-29T16:00:00.000Z', false],
    ['a holiday', '2026-12-25T16:00:00.000Z', false],
    ['the same hour in summer, an hour earlier by UTC', '2026-07-06T13:00:00.000Z', true],
    ['that hour in winter', '2026-01-05T13:00:00.000Z', false],
    ['the first Monday of summer time', '2026-03-09T13:00:00.000Z', true],
  ])('%s', (_, instant, isOpen) => {
    expect(openAt(instant)).toBe(isOpen);
  });

  test('until midnight, where 24:00 ends the day', () => {
    const nightly = { ...support, weekly: { mon: [['22:00', '24:00']] } } as const;

    expect(
      isOpenAt({ ...nightly, weekly: { mon: [['22:00', '24:00']] } }, Date.parse('2026-12-01T04:59:00.000Z')),
    ).toBe(true);
    expect(
      isOpenAt({ ...nightly, weekly: { mon: [['22:00', '24:00']] } }, Date.parse('2026-12-01T05:00:00.000Z')),
    ).toBe(false);
  });
});
