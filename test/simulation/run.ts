import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KNOWN_BUGS } from './bugs/known-bugs.ts';
import { createSoundness, describeBug, findBug } from './bugs/run-bugs.ts';
import { bundleSimulation } from './runner/bundle.ts';
import { SOMETIMES, SOMETIMES_EVENTS } from './runner/expectations.ts';
import type { RegressionSeed, SeedJob, SeedReport } from './runner/report.ts';
import { describeEnumeration, enumerationJobs, runEnumeration } from './runner/run-enumeration.ts';
import { describeTotals, tellStory } from './runner/tell.ts';
import { Totals } from './runner/totals.ts';
import { runSeeds } from './runner/worker-pool.ts';
import { PROFILES, type ProfileName } from './world/fault-profile.ts';

const USAGE = `npm run simulate -- [--seeds 2000] [--from 1] [--intents 100] [--profile ${Object.keys(PROFILES).join('|')}] [--threads 2]
    [--restore]                              with the messaging table restored to a point in time on the way
npm run simulate -- --seed 4711 [--trace]    one seed: its story, or its whole trace
npm run simulate -- --enumerate [--pairs]    every fate of the POST by every kill point
npm run simulate -- --bugs [--bug name]      every known bug, switched on alone, or one`;

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    intents: { type: 'string', default: '100' },
    profile: { type: 'string' },
    restore: { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
    enumerate: { type: 'boolean', default: false },
    pairs: { type: 'boolean', default: false },
    bugs: { type: 'boolean', default: false },
    bug: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const isProfile = (name: string): name is ProfileName => Object.hasOwn(PROFILES, name);
const threads = Number(options.threads);
const PINS = new URL('./bugs/pinned-seeds.json', import.meta.url);
const REGRESSIONS = new URL('./regression-seeds.json', import.meta.url);

const jobOf = (seed: number): SeedJob => {
  const { profile } = options;
  if (profile !== undefined && !isProfile(profile)) throw new Error(USAGE);
  return {
    seed,
    intents: Number(options.intents),
    ...(profile === undefined ? {} : { profile }),
    ...(options.restore ? { restores: true } : {}),
  };
};

const runMany = async (): Promise<boolean> => {
  const bundle = await bundleSimulation();
  const [from, seeds] = [Number(options.from), Number(options.seeds)];
  const totals = new Totals();
  const startedAt = performance.now();
  let toldAt = startedAt;
  const take = (report: SeedReport) => {
    totals.add(report);
    for (const { kind, what, about } of report.violations.slice(0, 3))
      print(`seed ${report.seed}: ${kind}: ${what} (${about})`);
    if (performance.now() - toldAt < 10_000) return;
    toldAt = performance.now();
    print(`${totals.sums.seeds} of ${seeds} seeds, ${totals.failed.length} failed`);
  };
  const jobs = Array.from({ length: seeds }, (_, index) => jobOf(from + index));
  await runSeeds(bundle, jobs, { threads, take });
  print(describeTotals(totals, (performance.now() - startedAt) / 1000, threads));
  const never = totals.neverReached([...SOMETIMES, ...SOMETIMES_EVENTS]);
  if (seeds >= 100) for (const name of never) print(`never reached: ${name}`);
  await explainFailures(bundle, totals);
  return totals.failed.length === 0 && (seeds < 100 || never.length === 0);
};

/** The story of the first seeds that failed, and all of them into the list that every test run repeats. */
const explainFailures = async (bundle: string, totals: Totals): Promise<void> => {
  const failed = [...totals.failed].sort((one, other) => one.violations.length - other.violations.length);
  const told = failed.slice(0, 3).map(({ seed }) => ({ ...jobOf(seed), keepsLines: true }));
  await runSeeds(bundle, told, {
    threads: 1,
    take: (report) =>
      print(
        `\n${tellStory(report)}\nagain: npm run simulate -- --seed ${report.seed} --intents ${options.intents}`,
      ),
  });
  if (failed.length === 0) return;
  const known = JSON.parse(readFileSync(REGRESSIONS, 'utf8')) as readonly RegressionSeed[];
  const added = failed
    .map(({ seed, violations }): RegressionSeed => ({ ...jobOf(seed), because: violations[0]?.what ?? '' }))
    .filter(({ seed, intents }) => !known.some((one) => one.seed === seed && one.intents === intents));
  writeFileSync(REGRESSIONS, `${JSON.stringify([...known, ...added], null, 2)}\n`);
};

const runOne = async (seed: number): Promise<boolean> => {
  let isSound = true;
  const take = (report: SeedReport) => {
    isSound = report.violations.length === 0;
    if (options.trace) print(report.lines.join('\n'));
    print(`seed ${seed}: trace ${report.hash}, ${report.violations.length} violations`);
    if (!isSound) print(tellStory(report));
  };
  await runSeeds(await bundleSimulation(), [{ ...jobOf(seed), keepsLines: true }], { threads: 1, take });
  return isSound;
};

const runAllPoints = async (): Promise<boolean> => {
  const reports = await runEnumeration(await bundleSimulation(), enumerationJobs(options.pairs), threads);
  print(describeEnumeration(reports));
  return reports.every(({ failures }) => failures.length === 0);
};

/** Each known bug alone, within 200 seeds; the seed that found it is the one that every test run repeats. */
const runBugs = async (): Promise<boolean> => {
  const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
  const pins = JSON.parse(readFileSync(PINS, 'utf8')) as Record<string, number>;
  const isSound = createSoundness(await bundleSimulation());
  let isComplete = true;
  print('| bug | mistake | found by | as |\n| --- | --- | --- | --- |');
  for (const bug of KNOWN_BUGS.filter(({ name }) => options.bug === undefined || name === options.bug)) {
    const report = await findBug(bug, { seeds, threads, isSound });
    print(describeBug(report));
    if (report.seed !== undefined) pins[bug.name] = report.seed;
    isComplete &&= report.seed !== undefined;
  }
  writeFileSync(PINS, `${JSON.stringify(pins, null, 2)}\n`);
  return isComplete;
};

const main = async (): Promise<boolean> => {
  if (options.help) {
    print(USAGE);
    return true;
  }
  if (options.bugs) return runBugs();
  if (options.enumerate) return runAllPoints();
  if (options.seed !== undefined) return runOne(Number(options.seed));
  return runMany();
};

process.exitCode = (await main()) ? 0 : 1;
