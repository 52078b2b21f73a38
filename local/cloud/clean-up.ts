/** What has to be undone, last thing first. */
export interface CleanUp {
  add(step: () => Promise<void>): void;
  /** Runs every step once, however often it is called, and whatever an earlier step throws. */
  run(): Promise<void>;
}

export function cleanUp(): CleanUp {
  const steps: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;
  return {
    add: (step) => void steps.push(step),
    run: () => {
      running ??= undoAll(steps);
      return running;
    },
  };
}

async function undoAll(steps: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps.reverse()) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'the local platform did not stop cleanly');
}
