import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { KNOWN_BUGS } from './bugs/known-bugs.ts';
import { findBug } from './bugs/run-bugs.ts';
import { applyPatch, bundleSimulation } from './runner/bundle.ts';
import { SOMETIMES_IN_FEW } from './runner/expectations.ts';
import type { RegressionSeed, SeedJob, SeedReport } from './runner/report.ts';
import { enumerationJobs, runEnumeration } from './runner/run-enumeration.ts';
import { Totals } from './runner/totals.ts';
import { runSeeds } from './runner/worker-pool.ts';

const THREADS = 2;
const PATIENCE_MILLISECONDS = 1_200_000;

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const PINS = readJson('./bugs/pinned-seeds.json') as Readonly<Record<string, number>>;

let bundle = '';
beforeAll(async () => {
  bundle = await bundleSimulation();
});

const reportsOf = async (jobs: readonly SeedJob[]): Promise<readonly SeedReport[]> => {
  const reports: SeedReport[] = [];
  await runSeeds(bundle, jobs, { threads: THREADS, take: (report) => reports.push(report) });
  return reports;
};

const told = ({ seed, violations }: SeedReport) =>
  violations.map(({ kind, what, about }) => `seed ${seed}: ${kind}: ${what} (${about})`);

describe('a world', () => {
  test('takes the same way for the same seed, and another one for another', async () => {
    const reports = await reportsOf([7, 7, 8].map((seed) => ({ seed, intents: 10 })));
    const hashes = new Map<number, Set<string>>([
      [7, new Set()],
      [8, new Set()],
    ]);
    for (const { seed, hash } of reports) hashes.get(seed)?.add(hash);
    expect([...hashes.values()].map(({ size }) => size)).toEqual([1, 1]);
    expect(new Set(reports.map(({ hash }) => hash)).size).toBe(2);
  });

  test(
    'keeps every promise over 300 seeds, and meets what it is there to meet',
    async () => {
      const totals = new Totals();
      const reports = await reportsOf(
        Array.from({ length: 300 }, (_, index) => ({ seed: 10_001 + index, intents: 8 })),
      );
      for (const report of reports) totals.add(report);
      expect(reports.flatMap(told)).toEqual([]);
      expect(totals.neverReached(SOMETIMES_IN_FEW)).toEqual([]);
    },
    PATIENCE_MILLISECONDS,
  );

  test(
    'keeps them on every seed that once failed',
    async () => {
      const seeds = readJson('./regression-seeds.json') as readonly RegressionSeed[];
      expect((await reportsOf(seeds)).flatMap(told)).toEqual([]);
    },
    PATIENCE_MILLISECONDS,
  );

  test(
    'keeps them whatever becomes of the POST, and at whatever single point an invocation dies',
    async () => {
      const jobs = enumerationJobs(false).filter(({ trafficClass }) => trafficClass === 'transactional');
      const reports = await runEnumeration(bundle, jobs, THREADS);
      expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
      expect(reports.reduce((runs, { counts }) => runs + counts.runs, 0)).toBeGreaterThan(1_500);
    },
    PATIENCE_MILLISECONDS,
  );
});

describe('known bugs', () => {
  test('are at least twenty', () => {
    expect(KNOWN_BUGS.length).toBeGreaterThanOrEqual(20);
  });

  const found = new Map<string, number | undefined>();
  beforeAll(async () => {
    const waiting = [...KNOWN_BUGS];
    const work = async (): Promise<void> => {
      for (let bug = waiting.shift(); bug !== undefined; bug = waiting.shift()) {
        const { seed, what } = await findBug(bug, { seeds: [PINS[bug.name] ?? 0], threads: 1 });
        if (seed === undefined && what !== undefined) throw new Error(what);
        found.set(bug.name, seed);
      }
    };
    await Promise.all(Array.from({ length: THREADS }, work));
  }, PATIENCE_MILLISECONDS);

  test.each(KNOWN_BUGS.map(({ name }) => name))('%s is caught by its seed', (name) => {
    expect(found.get(name)).toBe(PINS[name]);
    expect(PINS[name]).toBeDefined();
  });

  test('a patch whose text has moved on fails, as does one that fits twice', () => {
    const patch = { name: 'some', file: 'some.ts', edits: [['a', 'b']] } as const;
    expect(applyPatch('xay', patch)).toBe('xby');
    expect(() => applyPatch('xyz', patch)).toThrow('0 times');
    expect(() => applyPatch('aa', patch)).toThrow('2 times');
  });
});
