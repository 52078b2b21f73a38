import { randomUUID } from 'node:crypto';
import type { FunctionDefinition, FunctionLogger, InvocationResult } from './function-definition.ts';
import { FunctionWorker } from './function-worker.ts';

export interface PoolLimits {
  /** Workers of one function at a time; more invocations wait, as they would for no longer than a cold start in AWS. */
  readonly workersPerFunction: number;
  readonly idleMilliseconds: number;
}

/** The workers of one function: started when needed, reused while warm, ended when idle. */
export class FunctionPool {
  readonly definition: FunctionDefinition;
  readonly #logger: FunctionLogger;
  readonly #limits: PoolLimits;
  readonly #workers = new Set<FunctionWorker>();
  readonly #idle = new Map<FunctionWorker, NodeJS.Timeout>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #isStopped = false;

  constructor(definition: FunctionDefinition, logger: FunctionLogger, limits: PoolLimits) {
    this.definition = definition;
    this.#logger = logger;
    this.#limits = limits;
  }

  /** Whether an invocation would start at once; event sources wait for it instead of burning a receive. */
  get hasRoom(): boolean {
    return !this.#isStopped && this.#running < this.#maximum;
  }

  get #maximum(): number {
    return Math.min(
      this.#limits.workersPerFunction,
      this.definition.reservedConcurrency ?? Number.POSITIVE_INFINITY,
    );
  }

  /** @param payload JSON text */
  async invoke(payload: string, requestId: string = randomUUID()): Promise<InvocationResult> {
    const demand = this.#running + this.#waiting.length;
    if (this.#isStopped || demand >= (this.definition.reservedConcurrency ?? Number.POSITIVE_INFINITY)) {
      return { kind: 'throttled' };
    }
    if (this.#running >= this.#maximum) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    if (this.#isStopped) return { kind: 'throttled' };
    try {
      return await this.#run(payload, requestId);
    } finally {
      this.#handOver();
    }
  }

  /** Ends every worker at once, whatever it is doing. Invocations under way become function errors. */
  async kill(): Promise<number> {
    const doomed = [...this.#workers];
    for (const worker of doomed) this.#forget(worker);
    await Promise.all(doomed.map((worker) => worker.kill()));
    return doomed.length;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const resume of this.#waiting.splice(0)) resume();
    await this.kill();
  }

  async #run(payload: string, requestId: string): Promise<InvocationResult> {
    const worker = this.#takeIdle() ?? this.#startWorker();
    const result = await worker.invoke(requestId, payload);
    if (result.kind === 'function-error') this.#logger('stderr', `${requestId} ${describe(result)}`);
    if (worker.isAlive && this.#workers.has(worker)) this.#rest(worker);
    return result;
  }

  /** The slot goes to whoever waits longest, or is free again. */
  #handOver(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }

  #takeIdle(): FunctionWorker | undefined {
    for (const [worker, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(worker);
      if (worker.isAlive) return worker;
    }
    return undefined;
  }

  #startWorker(): FunctionWorker {
    const worker = new FunctionWorker(this.definition, this.#logger, (dead) => this.#forget(dead));
    this.#workers.add(worker);
    return worker;
  }

  #rest(worker: FunctionWorker): void {
    const retire = (): void => {
      this.#forget(worker);
      void worker.kill();
    };
    this.#idle.set(worker, setTimeout(retire, this.#limits.idleMilliseconds).unref());
  }

  #forget(worker: FunctionWorker): void {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
    this.#workers.delete(worker);
  }
}

function describe({ error }: Extract<InvocationResult, { kind: 'function-error' }>): string {
  return error.trace.length > 0 ? error.trace.join('\n') : `${error.errorType}: ${error.errorMessage}`;
}
