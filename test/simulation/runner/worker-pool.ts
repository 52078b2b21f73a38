import { Worker } from 'node:worker_threads';
import type {
  CostJob,
  CostReport,
  EnumerationJob,
  EnumerationReport,
  Job,
  SeedJob,
  SeedReport,
} from './report.ts';

type Answer =
  | { readonly kind: 'report'; readonly report: unknown }
  | { readonly kind: 'broken'; readonly error: string };

export interface RunOptions<Report> {
  readonly threads: number;
  /** Reports come as they are ready, in no order. */
  readonly take: (report: Report) => void;
  /** Asked before each further job. */
  readonly wantsMore?: () => boolean;
}

/** Runs seeds on worker threads. @throws where one could not be run at all */
export const runSeeds = (
  bundle: string,
  jobs: Iterable<SeedJob>,
  options: RunOptions<SeedReport>,
): Promise<void> =>
  runJobs(
    bundle,
    mapJobs(jobs, (job) => ({ kind: 'seed', ...job })),
    options as RunOptions<unknown>,
  );

export const runEnumerations = (
  bundle: string,
  jobs: Iterable<EnumerationJob>,
  options: RunOptions<EnumerationReport>,
): Promise<void> =>
  runJobs(
    bundle,
    mapJobs(jobs, (job) => ({ kind: 'enumeration', ...job })),
    options as RunOptions<unknown>,
  );

export const runCosts = (
  bundle: string,
  jobs: Iterable<CostJob>,
  options: RunOptions<CostReport>,
): Promise<void> =>
  runJobs(
    bundle,
    mapJobs(jobs, (job) => ({ kind: 'cost', ...job })),
    options as RunOptions<unknown>,
  );

function* mapJobs<From>(jobs: Iterable<From>, map: (job: From) => Job): Generator<Job> {
  for (const job of jobs) yield map(job);
}

const runJobs = async (bundle: string, jobs: Generator<Job>, options: RunOptions<unknown>): Promise<void> => {
  const { wantsMore = () => true } = options;
  const nextJob = (): Job | undefined => {
    if (!wantsMore()) return undefined;
    const { value, done } = jobs.next();
    return done === true ? undefined : value;
  };
  await Promise.all(Array.from({ length: options.threads }, () => work(bundle, nextJob, options.take)));
};

const work = (
  bundle: string,
  nextJob: () => Job | undefined,
  take: (report: unknown) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(bundle, {
      execArgv: ['--enable-source-maps', '--no-warnings'],
      // A world makes much that lives briefly: a wide nursery saves a fifth of the collector's work.
      resourceLimits: { maxYoungGenerationSizeMb: 96 },
    });
    const stop = (then: () => void) => void worker.terminate().then(then, reject);
    const proceed = () => {
      const job = nextJob();
      if (job === undefined) stop(resolve);
      else worker.postMessage(job);
    };
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'broken')
        return stop(() => reject(new Error(`a job could not be run: ${answer.error}`)));
      take(answer.report);
      proceed();
    });
    worker.on('error', reject);
    proceed();
  });
