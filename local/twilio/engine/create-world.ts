import type { CallRecord } from '../domain/voice/call.ts';
import { createJobRunner, type JobRunner } from './job-runner.ts';
import { runJob } from './run-job.ts';
import type { NewJob, World } from './world.ts';

type Ports = Pick<
  World,
  'state' | 'clock' | 'transport' | 'timing' | 'publicUrl' | 'log' | 'personAt' | 'behaviourOf'
>;

export interface WorldOptions extends Ports {
  /** @default no limit */
  readonly mostCreates?: number | undefined;
  /** Keeps the state, after everything that changed it. */
  readonly persist: () => Promise<void>;
  readonly onCallOver?: ((call: CallRecord) => void) | undefined;
}

/** Everything that the engine works on, and the runner that does what was planned. */
export function createWorld(options: WorldOptions): { readonly world: World; readonly runner: JobRunner } {
  const { mostCreates = Number.POSITIVE_INFINITY, persist, onCallOver, ...ports } = options;
  const world: World = {
    ...ports,
    load: { creates: 0, mostCreates },
    schedule: (job: NewJob) => runner.schedule(job),
    liveCalls: new Map(),
    queueWaiters: new Map(),
    onCallOver: async (call) => {
      onCallOver?.(call);
      await persist();
      runner.tellIfIdle();
    },
  };
  const runner = createJobRunner({
    state: ports.state,
    clock: ports.clock,
    run: (job) => runJob(world, job),
    afterRun: persist,
    log: ports.log,
    isBusy: () => world.liveCalls.size > 0,
  });
  return { world, runner };
}
