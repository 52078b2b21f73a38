import { describe, expect, test } from '@jest/globals';
import {
  errorPolicyOf,
  explainError,
  knownErrorCodes,
  troubleOf,
} from '../../../functions/shared/contract/error-policy.ts';

const AFTERWARDS = { tries: 0, afterSeconds: 0, capSeconds: 0 };

describe('the error policy', () => {
  test('describes at least two hundred codes, of every family', () => {
    const families = new Set(knownErrorCodes().map((code) => Math.floor(code / 1000)));
    expect(knownErrorCodes().length).toBeGreaterThanOrEqual(200);
    expect([11, 12, 20, 21, 30, 60, 63].filter((family) => !families.has(family))).toEqual([]);
  });

  test('says of every code what it means, what to do, what follows, and where that is from', () => {
    const wanting = knownErrorCodes()
      .map(errorPolicyOf)
      .filter(
        ({ isKnown, class: name, meaning, nextAction, source, runbook }) =>
          !isKnown ||
          name === 'unknown' ||
          ![meaning, nextAction].every((sentence) => /^[A-Z1-9].+[.!?]$/.test(sentence)) ||
          !/20\d\d-\d\d/.test(source) ||
          runbook === '',
      );
    expect(wanting).toEqual([]);
  });

  test.each([
    [21610, { class: 'opted-out', consent: 'opt-out', retry: 'never' }],
    [30003, { class: 'unreachable', contact: 'soft-bounce', retry: 'later' }],
    [30005, { class: 'recipient', contact: 'invalid', retry: 'never' }],
    [30006, { class: 'recipient', contact: 'invalid', retry: 'never' }],
    [30007, { class: 'filtering', pool: 'filtering', retry: 'never', consent: 'none' }],
    [30034, { class: 'registration', pool: 'registration', retry: 'never' }],
    [30035, { class: 'registration', pool: 'none', retry: 'later' }],
    [30008, { class: 'transient', retry: 'later' }],
    [21611, { class: 'rate', retry: 'soon' }],
    [30410, { class: 'unknown-outcome', retry: 'never' }],
    [20500, { class: 'unknown-outcome', retry: 'never' }],
    [63016, { class: 'content', retry: 'never' }],
  ])('takes %i for what it is', (code, expected) => {
    expect(errorPolicyOf(code)).toMatchObject(expected);
  });

  test('says of a warning that approves a template that nothing failed', () => {
    expect(errorPolicyOf(63046)).toMatchObject({ class: 'notice', contact: 'none', pool: 'none' });
  });

  test.each([0, 10_001, 30_999, 63_999, 99_999, -1, 1.5])('gives code %d the default class', (code) => {
    expect(errorPolicyOf(code)).toMatchObject({
      code,
      class: 'unknown',
      isKnown: false,
      consent: 'none',
      contact: 'none',
      pool: 'none',
      retry: 'never',
      retryRule: AFTERWARDS,
      runbook: 'unknown-error-codes',
    });
  });

  test('never sends again what nobody can say whether it was sent', () => {
    const risky = knownErrorCodes()
      .map(errorPolicyOf)
      .filter((policy) => policy.class === 'unknown-outcome' && policy.retryRule.tries > 0);
    expect(risky).toEqual([]);
  });

  test('never sends again what was filtered, blocked, or not wanted', () => {
    const stubborn = knownErrorCodes()
      .map(errorPolicyOf)
      .filter(
        ({ class: name, retryRule }) =>
          ['filtering', 'blocked', 'opted-out'].includes(name) && retryRule.tries > 0,
      );
    expect(stubborn).toEqual([]);
  });

  test('knows from when on a pool is in trouble', () => {
    expect(troubleOf('filtering')).toMatchObject({ stops: 'campaign' });
    expect(troubleOf('registration')).toMatchObject({ stops: 'pool' });
    expect(troubleOf('none')).toBeUndefined();
  });

  test('explains a code in one line', () => {
    expect(explainError(30005)).toBe(
      'The number is not in use, or no network knows it. Next: Check the number with the customer; no text reaches it.',
    );
  });
});
