import type { Violation, ViolationKind } from '../judge/violation.ts';
import { Coverage } from '../world/coverage.ts';
import type { SeedReport } from './report.ts';

/** Sums over the seeds of a run. */
export class Totals {
  readonly coverage = new Coverage();
  readonly failed: { readonly seed: number; readonly violations: readonly Violation[] }[] = [];
  readonly sums = {
    seeds: 0,
    intents: 0,
    texts: 0,
    accepted: 0,
    unresolved: 0,
    posts: 0,
    deliveries: 0,
    callbacks: 0,
    invocations: 0,
    events: 0,
  };
  readonly kinds = new Map<ViolationKind, number>();
  milliseconds = 0;

  add(report: SeedReport): void {
    const { sums } = this;
    sums.seeds += 1;
    for (const name of [
      'intents',
      'texts',
      'accepted',
      'unresolved',
      'posts',
      'deliveries',
      'callbacks',
      'invocations',
      'events',
    ] as const)
      sums[name] += report[name];
    this.milliseconds += report.milliseconds;
    this.coverage.merge(report.coverage);
    for (const { kind } of report.violations) this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if (report.violations.length > 0) this.failed.push({ seed: report.seed, violations: report.violations });
  }

  count(...kinds: readonly ViolationKind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.kinds.get(kind) ?? 0), 0);
  }

  neverReached(expected: readonly string[]): readonly string[] {
    return expected.filter((name) => !this.coverage.counts.has(name));
  }
}
