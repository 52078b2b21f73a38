import { bundleSimulation } from '../runner/bundle.ts';
import type { SeedReport } from '../runner/report.ts';
import { runSeeds } from '../runner/worker-pool.ts';
import type { KnownBug } from './known-bugs.ts';

export interface BugReport {
  readonly bug: KnownBug;
  /** The lowest seed that found it, of those that were tried. */
  readonly seed?: number;
  readonly kind?: string;
  readonly what?: string;
  readonly tried: number;
}

/** Smaller worlds than a run's: mistakes show in them too. */
export const BUG_INTENTS = 60;

const patchesOf = ({ name, patches }: KnownBug) => patches.map((patch) => ({ ...patch, name }));

/** Switches one bug on and runs seeds until one finds it that `isSound` without the bug. */
export const findBug = async (
  bug: KnownBug,
  options: {
    readonly seeds: readonly number[];
    readonly threads: number;
    readonly isSound?: (seed: number) => Promise<boolean>;
  },
): Promise<BugReport> => {
  const bundle = await bundleSimulation(patchesOf(bug)).catch((error: unknown) => String(error));
  if (!bundle.endsWith('.mjs')) return { bug, tried: 0, what: bundle };
  let { seeds } = options;
  for (;;) {
    const { found, tried } = await runUntilFound(bundle, seeds, options.threads);
    const violation = found?.violations[0];
    if (found === undefined || violation === undefined) return { bug, tried };
    if ((await options.isSound?.(found.seed)) !== false)
      return { bug, tried, seed: found.seed, kind: violation.kind, what: violation.what };
    seeds = seeds.filter((seed) => seed !== found.seed);
  }
};

const runUntilFound = async (bundle: string, seeds: readonly number[], threads: number) => {
  const failed: SeedReport[] = [];
  let tried = 0;
  const take = (report: SeedReport) => {
    tried += 1;
    if (report.violations.length > 0) failed.push(report);
  };
  const jobs = seeds.map((seed) => ({ seed, intents: BUG_INTENTS }));
  await runSeeds(bundle, jobs, { threads, take, wantsMore: () => failed.length === 0 });
  const [found] = failed.sort((one, other) => one.seed - other.seed);
  return { found, tried };
};

/** Whether a seed keeps every promise with no bug switched on. */
export const createSoundness =
  (bundle: string) =>
  async (seed: number): Promise<boolean> => {
    const { found } = await runUntilFound(bundle, [seed], 1);
    return found === undefined;
  };

export const describeBug = ({ bug, seed, kind, what, tried }: BugReport): string =>
  seed === undefined
    ? `| ${bug.name} | ${bug.mistake} | NOT FOUND in ${tried} seeds | ${(what ?? '').split('\n').join(' ')} |`
    : `| ${bug.name} | ${bug.mistake} | seed ${seed} | ${kind}: ${(what ?? '').slice(0, 80)} |`;
