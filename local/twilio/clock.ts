/** Time as the simulator sees it; tests drive a manual one. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs the task at an instant (at once if it has passed); the returned function calls it off. */
  schedule(at: number, task: () => Promise<void>): () => void;
}

const longestTimeoutMs = 2_147_000_000;

/** Real time. A task is expected to answer for its own errors; what still escapes goes to `onError`. */
export function createSystemClock(onError: (error: unknown) => void): Clock {
  return { now: () => Date.now(), schedule };

  function schedule(at: number, task: () => Promise<void>): () => void {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = Math.max(0, at - Date.now());
      timer = setTimeout(
        () => (left > longestTimeoutMs ? arm() : void task().catch(onError)),
        Math.min(left, longestTimeoutMs),
      ).unref();
    };
    arm();
    return () => clearTimeout(timer);
  }
}
