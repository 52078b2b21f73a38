/** How often each thing was reached, over one run or, merged, over many. */
export class Coverage {
  readonly counts = new Map<string, number>();

  reach(name: string, times = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + times);
  }

  merge(counts: Iterable<readonly [string, number]>): void {
    for (const [name, times] of counts) this.reach(name, times);
  }
}
