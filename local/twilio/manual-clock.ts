import type { Clock } from './clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass; tasks that fall due run one after another, each awaited, in the order of their instants. */
  advance(ms: number): Promise<void>;
}

interface Task {
  readonly at: number;
  readonly run: () => Promise<void>;
}

/** A clock that stands still until it is told to move: tests need no sleeping. */
export function createManualClock(startAt: number): ManualClock {
  let now = startAt;
  const tasks = new Set<Task>();
  return {
    now: () => now,
    schedule(at, run) {
      const task: Task = { at, run };
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    async advance(ms) {
      const until = now + ms;
      for (let task = earliest(); task && task.at <= until; task = earliest()) {
        tasks.delete(task);
        now = Math.max(now, task.at);
        await task.run();
      }
      now = until;
    },
  };

  function earliest(): Task | undefined {
    let first: Task | undefined;
    for (const task of tasks) if (!first || task.at < first.at) first = task;
    return first;
  }
}
