/** `npm run quiet-hours -- [--cases n] [--seed n]`: the engine of quiet hours against an independent oracle. */
import { parseArgs } from 'node:util';
import { compareQuietHours } from './compare.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const complain = (line: string): boolean => process.stderr.write(`${line}\n`);

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '2000000' }, seed: { type: 'string', default: '1' } },
});
const cases = Number(values.cases);
const seed = Number(values.seed);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
  complain('--cases and --seed take whole numbers');
  process.exit(2);
}

const started = performance.now();
const result = compareQuietHours(cases, seed);
const seconds = Math.round((performance.now() - started) / 1000);
for (const difference of result.differences) complain(difference);
say(
  `${result.cases.toLocaleString('en')} cases (seed ${seed}, ${seconds} s): ${result.passed.toLocaleString('en')} passed, ` +
    `${result.held.toLocaleString('en')} held, ${result.refused.toLocaleString('en')} refused; ` +
    `${result.atClockChanges.toLocaleString('en')} about a clock change, ${result.beyond.toLocaleString('en')} beyond the stretch that the oracle read`,
);
say(
  result.differences.length === 0
    ? 'none early, none late by more than 60 s'
    : `${result.differences.length} differences`,
);
process.exitCode = result.differences.length === 0 ? 0 : 1;
