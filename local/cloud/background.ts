/** Work that goes on until it is stopped: pollers, schedules, deliveries. */
export interface Background {
  readonly signal: AbortSignal;
  /** Runs a task of its own; a failure is reported, never thrown into the void. */
  run(name: string, task: (signal: AbortSignal) => Promise<void>): void;
  /** Runs a task that should go on for ever: when it fails, that is reported, and it starts again. */
  keep(name: string, task: (signal: AbortSignal) => Promise<void>): void;
  report(name: string, error: unknown): void;
  /** Sleeps at most so long; returns at once when stopped. */
  pause(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

const RESTART_MILLISECONDS = 1000;

export function background(onFailure: (name: string, error: unknown) => void): Background {
  const abort = new AbortController();
  const { signal } = abort;
  const tasks = new Set<Promise<void>>();
  const run: Background['run'] = (name, task) => {
    const running: Promise<void> = task(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) onFailure(name, error);
      })
      .finally(() => tasks.delete(running));
    tasks.add(running);
  };
  return {
    signal,
    run,
    report: onFailure,
    keep: (name, task) =>
      run(name, async () => {
        while (!signal.aborted) {
          try {
            return await task(signal);
          } catch (error) {
            if (!signal.aborted) onFailure(name, error);
            await pause(RESTART_MILLISECONDS, signal);
          }
        }
      }),
    pause: (milliseconds) => pause(milliseconds, signal),
    stop: async () => {
      abort.abort();
      while (tasks.size > 0) await Promise.allSettled(tasks);
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener('abort', wake);
  });
}
