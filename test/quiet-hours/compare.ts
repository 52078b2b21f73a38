import type { GatePolicy } from '../../functions/messaging/domain/gate/facts.ts';
import { quietHoursRule } from '../../functions/messaging/domain/gate/quiet-hours.ts';
import type { RuleVerdict } from '../../functions/messaging/domain/gate/verdict.ts';
import { gateFacts } from '../fakes/messaging/gate-facts.ts';
import { ClockReadings, legalMinutes, type Place } from './oracle.ts';
import { createScenarios, type Scenario } from './scenarios.ts';

const MINUTE = 60_000;
const MARGIN = 15_000;
export const STRETCH_MINUTES = 6 * 1_440;
const CASES_A_SCENARIO = 500;

export interface Comparison {
  readonly cases: number;
  readonly passed: number;
  readonly held: number;
  readonly refused: number;
  /** Clock changes within the stretch of the case. */
  readonly atClockChanges: number;
  /** Held until after the stretch: that no minute of it is legal was compared, the opening was not. */
  readonly beyond: number;
  readonly differences: readonly string[];
}

/** Asks the engine and the oracle the same; stops at the twentieth difference. */
export function compareQuietHours(cases: number, seed: number, policy?: GatePolicy): Comparison {
  const scenarios = createScenarios(seed);
  const clocks = new ClockReadings();
  const total = { cases: 0, passed: 0, held: 0, refused: 0, atClockChanges: 0, beyond: 0 };
  const differences: string[] = [];
  while (total.cases < cases && differences.length < 20) {
    const scenario = scenarios.next();
    const legal = legalMinutes(scenario, scenario.from, STRETCH_MINUTES, clocks);
    for (let turn = 0; turn < CASES_A_SCENARIO && total.cases < cases; turn += 1) {
      const at = scenario.from + Math.floor(scenarios.fraction() * (STRETCH_MINUTES / 2) * MINUTE);
      const verdict = askEngine(scenario, at, policy);
      total.cases += 1;
      if (scenario.hasClockChange) total.atClockChanges += 1;
      total[verdict.verdict === 'pass' ? 'passed' : verdict.verdict === 'hold' ? 'held' : 'refused'] += 1;
      const judged = judgeVerdict(verdict, legal, at, scenario.from);
      if (judged === 'beyond') total.beyond += 1;
      else if (judged !== undefined) differences.push(`${describe(scenario, at)}: ${judged}`);
    }
  }
  return { ...total, differences };
}

const askEngine = (
  { regions, zones, channel }: Place,
  now: number,
  policy: GatePolicy | undefined,
): RuleVerdict =>
  quietHoursRule(
    gateFacts({
      now,
      send: { channel, deadline: now + 400 * 86_400_000 },
      recipient: { regions, zones, regionBasis: 'area-code', zoneBasis: 'area-code', line: 'mobile' },
      ...(policy === undefined ? {} : { policy }),
    }),
  );

function judgeVerdict(
  verdict: RuleVerdict,
  legal: readonly boolean[],
  at: number,
  from: number,
): 'beyond' | string | undefined {
  const minuteAt = (instant: number): number => Math.floor((instant - from) / MINUTE);
  const now = minuteAt(at);
  const end = minuteAt(at + MARGIN - 1);
  const mayGo = legal[now] === true && legal[end] === true;
  if (verdict.verdict === 'pass')
    return mayGo ? judgeEnd(verdict.until, legal, now, from) : 'EARLY: it passed';
  if (mayGo) return `LATE: it was to pass, and is ${verdict.verdict}`;
  const opening = legal.findIndex(
    (isOpen, index) => isOpen && index >= Math.max(now, legal[now] ? end : now),
  );
  if (verdict.verdict === 'refuse') return opening === -1 ? 'beyond' : 'LATE: it was refused';
  const until = verdict.until ?? 0;
  if (opening === -1) return until >= from + legal.length * MINUTE ? 'beyond' : 'EARLY: no minute is legal';
  const difference = until - (from + opening * MINUTE);
  if (difference < 0) return `EARLY by ${-difference} ms`;
  return difference > MINUTE ? `LATE by ${difference} ms` : undefined;
}

/** A message that passes is told when the legal hours end, as far as Twilio keeps it. */
function judgeEnd(
  until: number | undefined,
  legal: readonly boolean[],
  now: number,
  from: number,
): string | undefined {
  const closing = legal.findIndex((isOpen, index) => !isOpen && index > now);
  const expected = closing === -1 || closing - now > 600 ? undefined : from + closing * MINUTE;
  if (expected === undefined)
    return until === undefined || closing - now <= 601 ? undefined : 'ends too soon';
  return until === undefined || Math.abs(until - expected) <= MINUTE
    ? undefined
    : `ends at another time, ${until}`;
}

const describe = ({ regions, zones, channel }: Scenario, at: number): string =>
  `${channel} to ${regions.join('+')} in ${zones.join('+')} at ${new Date(at).toISOString()}`;
