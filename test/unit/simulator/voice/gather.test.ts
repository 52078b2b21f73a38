import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type GatherRules,
  type GatherState,
  gatherDeadline,
  pressKey,
  resultAtDeadline,
  speak,
  startGather,
} from '../../../../local/twilio/domain/voice/gather.ts';
import { holdsForAll } from '../support/holds-for-all.ts';

const rules = (changes: Partial<GatherRules> = {}): GatherRules => ({
  input: ['dtmf'],
  numDigits: undefined,
  finishOnKey: '#',
  timeoutMs: 5000,
  speechTimeoutMs: 5000,
  maxSpeechMs: 60_000,
  bargeIn: true,
  ...changes,
});

/** Presses keys a second apart, from the second 1 on. */
function press(keys: string, given: GatherRules, state: GatherState = startGather(10_000)) {
  let step: ReturnType<typeof pressKey> = { kind: 'waiting', state };
  for (const [index, key] of [...keys].entries()) {
    if (step.kind === 'waiting') step = pressKey(given, step.state, key, 1000 * (index + 1));
  }
  return step;
}

describe('keys', () => {
  test('the finishing key ends the input and is not part of it', () => {
    expect(press('12#', rules())).toEqual({
      kind: 'done',
      result: { kind: 'digits', digits: '12', finishedOnKey: '#' },
    });
  });

  test('the finishing key alone counts as no input', () => {
    expect(press('#', rules())).toEqual({ kind: 'done', result: { kind: 'empty' } });
  });

  test('another finishing key makes # a digit, and none at all makes every key one', () => {
    expect(press('1#*', rules({ finishOnKey: '*' }))).toMatchObject({ result: { digits: '1#' } });
    expect(press('1#', rules({ finishOnKey: '' }))).toMatchObject({
      kind: 'waiting',
      state: { digits: '1#' },
    });
  });

  test('the last of numDigits ends the input at once', () => {
    expect(press('123', rules({ numDigits: 3 }))).toMatchObject({
      kind: 'done',
      result: { digits: '123', finishedOnKey: '' },
    });
  });

  test('the first key ends the prompts, and each one starts the timeout anew', () => {
    const step = press('12', rules());
    expect(step).toMatchObject({ kind: 'waiting', state: { promptsEndAt: 1000 } });
    if (step.kind === 'waiting') expect(gatherDeadline(rules(), step.state)).toBe(7000);
  });

  test('without a key the timeout starts when the prompts are over', () => {
    expect(gatherDeadline(rules(), startGather(10_000))).toBe(15_000);
  });

  test('are not heard where only speech is asked for', () => {
    expect(press('1', rules({ input: ['speech'], numDigits: 1 }))).toMatchObject({
      kind: 'waiting',
      state: { digits: '' },
    });
  });
});

describe('speech', () => {
  const both = rules({ input: ['dtmf', 'speech'], speechTimeoutMs: 2000 });
  const said = (text: string, at: number, state = startGather(10_000)) =>
    speak(both, state, { text, at, ms: 1000 });

  test('ends so long after the last word, and is joined', () => {
    const state = said('Smith', 6000, said('Dr', 4000));
    expect(gatherDeadline(both, state)).toBe(9000);
    expect(resultAtDeadline(state)).toEqual({ kind: 'speech', text: 'Dr Smith' });
  });

  test('ends after a minute, whoever still speaks', () => {
    const state = said('b', 59_500, said('a', 1000));
    expect(gatherDeadline(both, state)).toBe(61_000);
  });

  test('what begins first wins: keys after words and words after keys are not heard', () => {
    expect(press('1', both, said('yes', 500))).toMatchObject({ state: { digits: '', words: ['yes'] } });
    const keyed = press('1', both);
    if (keyed.kind === 'waiting') expect(said('yes', 5000, keyed.state)).toBe(keyed.state);
  });

  test('without barge-in is not heard while the prompts last', () => {
    const state = startGather(10_000);
    const strict = { ...both, bargeIn: false };
    expect(speak(strict, state, { text: 'yes', at: 9000, ms: 500 })).toBe(state);
    expect(speak(strict, state, { text: 'yes', at: 10_000, ms: 500 }).words).toEqual(['yes']);
  });
});

test('whatever is pressed, the digits never hold the finishing key nor more than numDigits', () => {
  holdsForAll(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'0123456789*#'), maxLength: 20 }),
      fc.constantFrom(...['', ...'0123456789*#']),
      fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
      (keys, finishOnKey, numDigits) => {
        const step = press(keys, rules({ finishOnKey, numDigits }));
        const digits =
          step.kind === 'waiting'
            ? step.state.digits
            : step.result.kind === 'digits'
              ? step.result.digits
              : '';
        expect(digits.length).toBeLessThanOrEqual(numDigits ?? keys.length);
        if (finishOnKey !== '') expect(digits).not.toContain(finishOnKey);
        expect(keys.startsWith(digits)).toBe(true);
      },
    ),
  );
});
