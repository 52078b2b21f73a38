import type { SeedReport } from './report.ts';
import type { Totals } from './totals.ts';

const number = (value: number): string => value.toLocaleString('en-US');

/** The figures of a run. */
export const describeTotals = (totals: Totals, wallSeconds: number, threads: number): string => {
  const { sums } = totals;
  return [
    `${number(sums.seeds)} seeds, ${number(sums.intents)} intents (${number(sums.texts)} inbound texts), ${number(sums.posts)} POSTs, ${number(sums.accepted)} messages accepted by Twilio`,
    `${number(sums.deliveries)} queue deliveries, ${number(sums.callbacks)} acknowledged callbacks, ${number(sums.invocations)} invocations, ${number(sums.events)} steps`,
    `duplicates ${totals.count('duplicate', 'repeated-effect')}, lost ${totals.count('lost')}, wrong final status ${totals.count('wrong-status')}, wrong outcome ${totals.count('wrong-outcome')}, other violations ${othersOf(totals)}`,
    `left to an operator ${number(sums.unresolved)}`,
    `${wallSeconds.toFixed(0)} s on ${threads} threads, ${(totals.milliseconds / sums.seeds).toFixed(0)} ms a seed`,
  ].join('\n');
};

const othersOf = (totals: Totals): number =>
  [...totals.kinds.values()].reduce((sum, count) => sum + count, 0) -
  totals.count('duplicate', 'repeated-effect', 'lost', 'wrong-status', 'wrong-outcome');

const LONGEST_STORY = 80;

/** What happened to the first thing that went wrong, from the kept trace of its seed. */
export const tellStory = (report: SeedReport): string => {
  const [violation] = report.violations;
  if (violation === undefined) return 'the seed does not fail any more';
  const names = namesOf(violation.about, report.lines);
  const lines = report.lines.filter(
    (line) => names.some((name) => line.includes(name)) && !line.includes('timeline'),
  );
  const told =
    lines.length > LONGEST_STORY
      ? [...lines.slice(0, LONGEST_STORY / 2), '  ...', ...lines.slice(-LONGEST_STORY / 2)]
      : lines;
  return [
    `${violation.kind}: ${violation.what} (${violation.about})`,
    ...told.map((line) => line.slice(0, 220)),
  ].join('\n');
};

/** The thing itself, and the attempts and messages that stand beside it in the trace. */
const namesOf = (about: string, lines: readonly string[]): readonly string[] => {
  const names = new Set([about]);
  for (const line of lines) {
    if (!line.includes(about)) continue;
    for (const [name] of line.matchAll(/ATTEMPT#[\w-]{22}|SM[0-9a-f]{32}/g))
      names.add(name.replace('ATTEMPT#', ''));
  }
  return [...names];
};
