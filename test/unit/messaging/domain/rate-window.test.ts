import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  lease,
  nextTryAt,
  type RateCounter,
  wantedTokens,
} from '../../../../functions/messaging/domain/rate-window.ts';

const RUNS = { numRuns: 1_000 };
const SECOND = 1_772_366_400;
const counter = (taken: number, window = SECOND): RateCounter => ({ version: 7, window, taken });
const ask = (known: RateCounter | undefined, least: number, most = least, second = SECOND) =>
  lease(known, { second, rate: 10, least, most });

describe('a lease', () => {
  test('of a pool that nobody has sent from begins its counter', () => {
    expect(ask(undefined, 1, 2)).toEqual({
      kind: 'leased',
      tokens: 2,
      counter: { version: 1, window: SECOND, taken: 2 },
    });
  });

  test('adds to what others took of this second', () => {
    expect(ask(counter(6), 1, 2)).toMatchObject({ tokens: 2, counter: { version: 8, taken: 8 } });
  });

  test('takes what is left where it is enough', () => {
    expect(ask(counter(9), 1, 2)).toMatchObject({ tokens: 1, counter: { taken: 10 } });
  });

  test.each([
    ['nothing is left', 10, 1],
    ['too little is left', 8, 3],
  ])('waits for the next second when %s', (_what, taken, least) => {
    expect(ask(counter(taken), least)).toEqual({ kind: 'none', second: SECOND + 1 });
  });

  test('starts afresh in another second', () => {
    expect(ask(counter(10, SECOND - 1), 2)).toMatchObject({
      tokens: 2,
      counter: { taken: 2, window: SECOND },
    });
  });

  test('of more than the rate has a second of its own, and the seconds behind it pay', () => {
    const large = ask(undefined, 25);
    expect(large).toMatchObject({ kind: 'leased', tokens: 25 });
    expect(ask(counter(25), 1)).toEqual({ kind: 'none', second: SECOND + 2 });
    expect(ask(counter(25), 1, 1, SECOND + 1)).toMatchObject({ kind: 'none' });
    expect(ask(counter(25), 1, 9, SECOND + 2)).toMatchObject({ tokens: 5, counter: { taken: 10 } });
    expect(ask(counter(1), 25)).toMatchObject({ kind: 'none' });
  });

  test('of a sender whose clock lags is one of the window of the others', () => {
    expect(ask(counter(4, SECOND + 1), 1)).toMatchObject({ counter: { window: SECOND + 1, taken: 5 } });
    expect(ask(counter(10, SECOND + 1), 1)).toEqual({ kind: 'none', second: SECOND + 2 });
  });

  test('takes no notice of a counter from a broken clock', () => {
    expect(ask(counter(10, SECOND + 3_600), 1)).toMatchObject({ counter: { window: SECOND, taken: 1 } });
  });
});

test('whatever is asked for in whatever order, a second has the rate at most, and the average never exceeds it', () => {
  const asks = fc.array(
    fc.record({
      passed: fc.constantFrom(0, 0, 0, 1, 3),
      least: fc.integer({ min: 1, max: 30 }),
      more: fc.nat(5),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), asks, (rate, list) => {
      let known: RateCounter | undefined;
      let second = SECOND;
      let total = 0;
      const leasedIn = new Map<number, number>();
      for (const { passed, least, more } of list) {
        second += passed;
        const leased = lease(known, { second, rate, least, most: least + more });
        if (leased.kind === 'none') {
          expect(leased.second).toBeGreaterThan(second);
          continue;
        }
        expect(leased.tokens).toBeGreaterThanOrEqual(least);
        known = leased.counter;
        total += leased.tokens;
        const here = (leasedIn.get(second) ?? 0) + leased.tokens;
        leasedIn.set(second, here);
        // A message that is larger than the rate has a second of its own.
        expect(here).toBeLessThanOrEqual(Math.max(rate, least));
        expect(total).toBeLessThanOrEqual(rate * (second - SECOND + 1) + Math.max(0, least - rate));
      }
    }),
    RUNS,
  );
});

test.each([
  ['what it needs, when it has not sent lately', { needed: 3, rate: 10, spentBefore: 0, now: 0 }, 3],
  ['what it spent in the second before', { needed: 1, rate: 100, spentBefore: 7, now: 0 }, 7],
  ['the share of it that is left of the second', { needed: 1, rate: 100, spentBefore: 7, now: 750 }, 2],
  ['a fifth of the rate at most', { needed: 1, rate: 10, spentBefore: 7, now: 0 }, 2],
  ['one at least, however low the rate', { needed: 1, rate: 1, spentBefore: 1, now: 999 }, 1],
])('a sender wants %s', (_what, { needed, rate, ...sender }, wanted) => {
  expect(wantedTokens(needed, rate, { ...sender, now: SECOND * 1000 + sender.now })).toBe(wanted);
});

test.each([
  [1, 0, 0],
  [1, 0.999, 899],
  [10, 0.999, 0],
  [25, 0.5, 0],
  [5, 0.5, 250],
])(
  '%i tokens at a rate of 10 are asked for early enough to be there (%d → %i ms)',
  (tokens, fraction, after) => {
    expect(nextTryAt(SECOND, tokens, 10, fraction)).toBe(SECOND * 1000 + after);
  },
);
