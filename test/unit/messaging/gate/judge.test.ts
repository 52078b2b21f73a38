import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../../functions/messaging/domain/gate/judge.ts';
import { type RuleVerdict, verdictsOf } from '../../../../functions/messaging/domain/gate/verdict.ts';

const passed = (until?: number): RuleVerdict => verdictsOf('recipient', {}).pass('fine', until);
const paused = verdictsOf('operations', {}).hold('paused');
const quiet = (until: number): RuleVerdict => verdictsOf('quiet-hours', {}).hold('quiet', until);
const unscheduled = (until: number): RuleVerdict => verdictsOf('schedule', {}).hold('not yet', until);
const optedOut = verdictsOf('consent', {}).refuse('opted out');
const landline = verdictsOf('recipient', {}).refuse('a landline');

const decide = (...verdicts: RuleVerdict[]) => judge(verdicts, { deadline: 1_000, lookAgainAt: 50 });

describe('the verdicts of all rules', () => {
  test('pass together, without an end where no rule has one', () => {
    expect(decide(passed(), passed())).toEqual({ kind: 'pass' });
    expect(decide()).toEqual({ kind: 'pass' });
  });

  test('pass until the first rule ends to pass', () => {
    expect(decide(passed(700), passed(), passed(500))).toEqual({ kind: 'pass', legalUntil: 500 });
  });

  test('are outweighed by one refusal, whatever holds it besides', () => {
    expect(decide(quiet(900), optedOut, paused)).toEqual({ kind: 'refuse', by: optedOut });
    expect(decide(quiet(2_000), optedOut)).toEqual({ kind: 'refuse', by: optedOut });
  });

  test('of two refusals the one that comes first in the order of the rules is told', () => {
    expect(decide(optedOut, landline)).toEqual({ kind: 'refuse', by: landline });
  });

  test('hold until the latest end', () => {
    expect(decide(quiet(300), unscheduled(400))).toEqual({ kind: 'hold', until: 400, by: unscheduled(400) });
    expect(decide(unscheduled(200), quiet(300))).toEqual({ kind: 'hold', until: 300, by: quiet(300) });
  });

  test('of two holds with one end the first in order is told', () => {
    expect(decide(unscheduled(300), quiet(300))).toEqual({ kind: 'hold', until: 300, by: quiet(300) });
  });

  test('are asked again soon where nobody knows the end', () => {
    expect(decide(paused)).toEqual({ kind: 'hold', until: 50, by: paused });
  });

  test('a hold without an end counts as ending when it is looked at again', () => {
    expect(decide(paused, quiet(300))).toEqual({ kind: 'hold', until: 300, by: quiet(300) });
    expect(decide(paused, quiet(40))).toEqual({ kind: 'hold', until: 50, by: paused });
  });

  test('a hold that ends at the deadline or behind it lets the message expire', () => {
    expect(decide(quiet(1_000))).toEqual({ kind: 'expire', by: quiet(1_000) });
    expect(decide(quiet(999))).toEqual({ kind: 'hold', until: 999, by: quiet(999) });
    expect(decide(paused, quiet(1_500))).toEqual({ kind: 'expire', by: quiet(1_500) });
  });

  test('a hold without an end never lets it expire: somebody may lift it before', () => {
    expect(judge([paused], { deadline: 40, lookAgainAt: 50 })).toEqual({
      kind: 'hold',
      until: 50,
      by: paused,
    });
    expect(judge([paused, quiet(39)], { deadline: 40, lookAgainAt: 50 })).toMatchObject({ kind: 'hold' });
  });
});
