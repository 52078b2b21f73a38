import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecordingPolicy } from '../../../../functions/shared/contract/recording-policy.ts';
import {
  recordingPlan,
  requiredBetween,
  suffices,
} from '../../../../functions/voice/domain/recordings/recording-plan.ts';
import { readRecordingPolicy } from '../../../../functions/voice/recording-policy.ts';

const SHIPPED = readRecordingPolicy();
const LENIENT: RecordingPolicy = { ...SHIPPED, always: 'nothing', elsewhere: 'nothing' };
const plan = (from: string, to: string, policy = SHIPPED) => recordingPlan(policy, { from, to });

const TEXAS = '+15125550123';
const NEW_YORK = '+12125550123';
const CALIFORNIA = '+14155550123';
const GERMANY = '+493012345678';
const FRANCE = '+33123456789';
const TOLL_FREE = '+18005550123';

describe('the plan for recording a call', () => {
  test.each([
    ['one-party states', TEXAS, NEW_YORK, 'nothing'],
    ['a two-party state at one end', TEXAS, CALIFORNIA, 'notice'],
    ['the same, called from there', CALIFORNIA, TEXAS, 'notice'],
    ['the EU at one end', NEW_YORK, FRANCE, 'notice'],
    ['Germany at one end, where silence is no consent', TEXAS, GERMANY, 'key-press'],
    ['the strictest of both', CALIFORNIA, GERMANY, 'key-press'],
    ['Canada', TEXAS, '+14165550123', 'notice'],
  ])('between %s the law wants what the strictest end wants', (_what, from, to, required) => {
    expect(plan(from, to, LENIENT).required).toBe(required);
  });

  test.each(['anonymous', 'client:alice', 'sip:a@example.com', '+266696687', TOLL_FREE, '', '+999'])(
    'where the end %j cannot be placed, what holds elsewhere counts',
    (party) => {
      expect(plan(TEXAS, party, { ...LENIENT, elsewhere: 'key-press' }).required).toBe('key-press');
    },
  );

  test('says the notice that obtains what is needed, even where only the house wants it', () => {
    expect(plan(TEXAS, NEW_YORK)).toMatchObject({
      before: 'notice',
      required: 'nothing',
      notice: { id: 'announcement-en' },
      channels: 'dual',
      policyVersion: SHIPPED.version,
    });
    expect(plan(TEXAS, GERMANY)).toMatchObject({ before: 'key-press', notice: { id: 'key-press-en' } });
  });

  test('needs nothing said where neither law nor house wants it', () => {
    expect(plan(TEXAS, NEW_YORK, LENIENT)).not.toHaveProperty('notice');
  });

  test('counts where our people sit as an end of every call', () => {
    expect(plan(TEXAS, NEW_YORK, { ...LENIENT, ourPlaces: ['US-CA'] }).required).toBe('notice');
  });

  test('explains itself without a number', () => {
    const { explanation } = plan(TEXAS, GERMANY);
    expect(explanation).toBe('DE and US-TX: the law wants a key press, this house a notice');
  });

  test('never asks for less than either end, whichever way the call goes', () => {
    const ends = fc.constantFrom(TEXAS, NEW_YORK, CALIFORNIA, GERMANY, FRANCE, TOLL_FREE, 'anonymous');
    fc.assert(
      fc.property(ends, ends, (from, to) => {
        const { before, required } = plan(from, to);
        expect(suffices(before, required)).toBe(true);
        expect(suffices(required, plan(from, from).required)).toBe(true);
        expect(plan(to, from)).toEqual(plan(from, to));
      }),
      { numRuns: 1_000 },
    );
  });

  test('of a call of which no place is known follows what holds elsewhere', () => {
    expect(requiredBetween({ ...SHIPPED, elsewhere: 'key-press' }, [])).toBe('key-press');
  });
});

describe('a recording policy', () => {
  const broken = (change: object) =>
    RecordingPolicy.safeParse({ ...SHIPPED, ...change }).error?.issues.map(({ message }) => message);

  test.each([
    [{ notices: SHIPPED.notices.slice(0, 1) }, "none obtains 'key-press', which some calls need"],
    [{ places: [...SHIPPED.places, SHIPPED.places[0]] }, 'US-CA has another entry'],
    [{ ourPlaces: ['ZZ'] }, 'ZZ has no entry in places'],
    [{ notices: [...SHIPPED.notices, SHIPPED.notices[0]] }, 'announcement-en is used by another notice'],
  ])('with %j is refused', (change, message) => {
    expect(broken(change)).toContain(message);
  });

  test('with an unknown key, or a place without a source, is refused', () => {
    expect(broken({ retention: 3 })).toHaveLength(1);
    expect(broken({ places: [{ code: 'US', requires: 'nothing' }] })).toHaveLength(1);
  });

  test('as shipped names the source of every requirement', () => {
    expect(SHIPPED.places.every(({ source }) => source.length > 5)).toBe(true);
    expect(SHIPPED.places.length).toBeGreaterThan(40);
  });
});
