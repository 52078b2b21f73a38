/** Taken before anything can replace it: the only waiting of a simulation, which never returns to the event loop. */
const nextTick = process.nextTick;

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Virtual time: a heap of events, one after the other, each followed by all the code that it wakes. Between events
 * nothing runs, so the order of everything is the order of the heap.
 */
export class Scheduler {
  /** Epoch milliseconds, with fractions. */
  now: number;
  /** Set by whoever resolved a promise: code of the platform has to run before the next event. */
  hasWoken = false;
  events = 0;
  readonly #heap: Event[] = [];
  #order = 0;

  constructor(now: number) {
    this.now = now;
  }

  get isIdle(): boolean {
    return this.#heap.length === 0;
  }

  get nextAt(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  after(milliseconds: number, run: () => void): void {
    this.at(this.now + milliseconds, run);
  }

  at(at: number, run: () => void): void {
    this.#order += 1;
    this.#push({ at: Math.max(at, this.now), order: this.#order, run });
  }

  /** Runs everything up to an instant, and leaves the clock there. */
  async runUntil(instant: number): Promise<void> {
    for (let event = this.#heap[0]; event !== undefined && event.at <= instant; event = this.#heap[0]) {
      this.#pop();
      this.now = event.at;
      this.events += 1;
      event.run();
      if (this.hasWoken) await this.#settle();
    }
    this.now = Math.max(this.now, instant);
  }

  async #settle(): Promise<void> {
    this.hasWoken = false;
    // Every microtask runs before the next tick; the second is for what a tick of the code itself has woken.
    await new Promise<void>((resolve) => nextTick(nextTick, resolve));
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

const isBefore = (one: Event, other: Event): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
