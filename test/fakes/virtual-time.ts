/** A clock on which only sleeping takes time: every sleeper wakes in the order of its instant, at no cost on the wall. */
export class VirtualTime {
  #now: number;
  #order = 0;
  #sleepers: { readonly at: number; readonly order: number; readonly wake: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  readonly clock = (): number => Math.floor(this.#now);

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      this.#order += 1;
      this.#sleepers.push({ at: this.#now + Math.max(0, milliseconds), order: this.#order, wake });
    });

  /** Lets time pass until the work is done. */
  async until<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const settled = work.finally(() => {
      isDone = true;
    });
    settled.catch(() => undefined);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return settled;
      this.#wakeNext();
    }
  }

  #wakeNext(): void {
    const [next, ...others] = this.#sleepers.sort(
      (left, right) => left.at - right.at || left.order - right.order,
    );
    if (next === undefined) throw new Error('the work waits for something that is no sleep');
    this.#sleepers = others;
    this.#now = Math.max(this.#now, next.at);
    next.wake();
  }
}
