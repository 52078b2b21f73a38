import type { Clock } from './clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass; tasks that fall due run one after another, each awaited, in the order of their instants. */
  advance(ms: number): Promise<void>;
  /** Jumps from task to task until nothing is planned any more, or until that instant. */
  runUntilIdle(until?: number): Promise<void>;
}

interface Task {
  readonly at: number;
  readonly ordinal: number;
  /** Undefined once it was called off. */
  run: (() => Promise<void>) | undefined;
}

/** A clock that stands still until it is told to move: tests need no sleeping, and hours take milliseconds. */
export function createManualClock(startAt: number): ManualClock {
  let now = startAt;
  let ordinal = 0;
  const tasks: Task[] = [];
  return {
    now: () => now,
    schedule(at, run) {
      ordinal += 1;
      const task: Task = { at, ordinal, run };
      push(tasks, task);
      return () => {
        task.run = undefined;
      };
    },
    async advance(ms) {
      const until = now + ms;
      await runUntil(until);
      now = until;
    },
    runUntilIdle: (until = Number.POSITIVE_INFINITY) => runUntil(until),
  };

  async function runUntil(until: number): Promise<void> {
    for (let task = tasks[0]; task && task.at <= until; task = tasks[0]) {
      pop(tasks);
      if (task.run === undefined) continue;
      now = Math.max(now, task.at);
      await task.run();
    }
  }
}

const isBefore = (one: Task, other: Task) =>
  one.at < other.at || (one.at === other.at && one.ordinal < other.ordinal);

/** A binary heap: a hundred thousand calls have as many tasks. */
function push(heap: Task[], task: Task): void {
  let index = heap.push(task) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfBefore(heap, index, parent)) return;
    index = parent;
  }
}

function pop(heap: Task[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  let index = 0;
  for (;;) {
    const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
    if (left === undefined) return;
    const child = right !== undefined && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
    if (!swapIfBefore(heap, child, index)) return;
    index = child;
  }
}

function swapIfBefore(heap: Task[], child: number, parent: number): boolean {
  const [lower, upper] = [heap[child], heap[parent]];
  if (lower === undefined || upper === undefined || !isBefore(lower, upper)) return false;
  heap[child] = upper;
  heap[parent] = lower;
  return true;
}
