import type { Clock } from '../clock.ts';
import type { Job, SimulatorState } from '../state/simulator-state.ts';
import type { NewJob } from './world.ts';

export interface JobRunner {
  schedule(job: NewJob): void;
  /** Puts the jobs of a restored state on the clock. */
  resume(): void;
  /** To be told when something else than a job has come to its end. */
  tellIfIdle(): void;
  /** Resolves when nothing is under way and nothing is due but messages scheduled by `SendAt`. */
  whenIdle(): Promise<void>;
  /** Calls off what is planned (it stays in the state) and waits for what is under way. */
  stop(): Promise<void>;
}

export interface JobRunnerPorts {
  readonly state: SimulatorState;
  readonly clock: Clock;
  readonly run: (job: Job) => Promise<void>;
  readonly afterRun: () => Promise<void>;
  readonly log: (line: string) => void;
  /** Whether something else than jobs is under way. */
  readonly isBusy: () => boolean;
}

/** Runs jobs when their time comes; a job leaves the state only when it is done, so a restart repeats it. */
export function createJobRunner({ state, clock, run, afterRun, log, isBusy }: JobRunnerPorts): JobRunner {
  const cancels = new Map<string, () => void>();
  const underWay = new Set<Promise<void>>();
  let idleWaiters: (() => void)[] = [];
  let stopped = false;

  return {
    schedule(job) {
      const ordinal = (state.counters.job ?? 0) + 1;
      state.counters.job = ordinal;
      const complete: Job = { ...job, id: `J${ordinal}` };
      state.jobs[complete.id] = complete;
      put(complete);
    },
    resume: () => Object.values(state.jobs).forEach(put),
    whenIdle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => void idleWaiters.push(resolve))),
    tellIfIdle,
    async stop() {
      stopped = true;
      for (const cancel of cancels.values()) cancel();
      await Promise.all(underWay);
    },
  };

  function put(job: Job): void {
    if (stopped) return;
    cancels.set(
      job.id,
      clock.schedule(job.at, () => {
        const running = perform(job);
        underWay.add(running);
        return running.finally(() => {
          underWay.delete(running);
          tellIfIdle();
        });
      }),
    );
  }

  async function perform(job: Job): Promise<void> {
    cancels.delete(job.id);
    try {
      await run(job);
    } catch (error) {
      log(`ERROR job ${job.kind}: ${error}`);
    }
    if (stopped) return;
    delete state.jobs[job.id];
    await afterRun();
  }

  function isIdle(): boolean {
    if (underWay.size > 0 || isBusy()) return false;
    return Object.values(state.jobs).every(({ kind }) => kind === 'release');
  }

  function tellIfIdle(): void {
    if (!isIdle()) return;
    for (const resolve of idleWaiters) resolve();
    idleWaiters = [];
  }
}
