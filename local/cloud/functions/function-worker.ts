import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { asError, errorText } from '../errors.ts';
import type { FunctionDefinition, FunctionLogger, InvocationResult } from './function-definition.ts';
import type { FunctionErrorReport, WorkerMessage, WorkerSettings } from './worker-messages.ts';

const START_TIMEOUT_MILLISECONDS = 10_000; // Lambda gives a function's init phase ten seconds

/** One execution environment: a thread that runs one invocation at a time, and dies of a timeout or a crash. */
export class FunctionWorker {
  readonly #definition: FunctionDefinition;
  readonly #worker: Worker;
  readonly #started: Promise<FunctionErrorReport | undefined>;
  #settleStart: (failure: FunctionErrorReport | undefined) => void = () => {};
  #settleInvocation: ((result: InvocationResult) => void) | undefined;
  #dead = false;

  constructor(
    definition: FunctionDefinition,
    logger: FunctionLogger,
    onDeath: (worker: FunctionWorker) => void,
  ) {
    this.#definition = definition;
    this.#started = new Promise((resolve) => {
      this.#settleStart = resolve;
    });
    this.#worker = startThread(definition);
    forwardLines(this.#worker, logger);
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (error) => {
      logger('stderr', `Uncaught: ${asError(error)?.stack ?? String(error)}`);
      this.#end(crashReport(error));
    });
    this.#worker.on('exit', () => {
      this.#end(exitReport());
      onDeath(this);
    });
  }

  get isAlive(): boolean {
    return !this.#dead;
  }

  /** Runs one event. Never rejects: a crash, a kill and a timeout are function errors, as in Lambda. */
  async invoke(requestId: string, payload: string): Promise<InvocationResult> {
    const startFailure = await withDeadline(this.#started, START_TIMEOUT_MILLISECONDS, initTimeoutReport());
    if (startFailure !== undefined) {
      await this.kill();
      return functionError(startFailure);
    }
    if (this.#dead) return functionError(exitReport());
    const { timeoutSeconds, name, arn, memoryMegabytes } = this.#definition;
    const answer = new Promise<InvocationResult>((resolve) => {
      this.#settleInvocation = resolve;
    });
    const deadline = Date.now() + timeoutSeconds * 1000;
    this.#worker.postMessage({
      requestId,
      payload,
      deadline,
      functionName: name,
      functionArn: arn,
      memoryMegabytes,
    });
    const late = functionError(timeoutReport(requestId, timeoutSeconds));
    const result = await withDeadline(answer, timeoutSeconds * 1000, late);
    this.#settleInvocation = undefined;
    if (result === late) await this.kill();
    return result;
  }

  async kill(): Promise<void> {
    this.#end(exitReport());
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#settleStart(undefined);
        break;
      case 'start-failed':
        this.#settleStart(message.error);
        break;
      case 'returned':
        this.#settleInvocation?.({ kind: 'ok', payload: message.payload });
        break;
      case 'threw':
        this.#settleInvocation?.(functionError(message.error));
        break;
    }
  }

  #end(report: FunctionErrorReport): void {
    this.#dead = true;
    this.#settleStart(report);
    this.#settleInvocation?.(functionError(report));
  }
}

function startThread(definition: FunctionDefinition): Worker {
  const workerData: WorkerSettings = { codeDirectory: definition.codeDirectory, handler: definition.handler };
  return new Worker(new URL('./worker.ts', import.meta.url), {
    name: definition.name,
    workerData,
    env: { ...definition.environment },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMegabytes },
  });
}

function forwardLines(worker: Worker, logger: FunctionLogger): void {
  createInterface({ input: worker.stdout }).on('line', (line) => logger('stdout', line));
  createInterface({ input: worker.stderr }).on('line', (line) => logger('stderr', line));
}

async function withDeadline<Value>(
  promise: Promise<Value>,
  milliseconds: number,
  late: Value,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Value>((resolve) => {
    timer = setTimeout(resolve, milliseconds, late);
  });
  const first = await Promise.race([promise, deadline]);
  clearTimeout(timer);
  return first;
}

const functionError = (error: FunctionErrorReport): InvocationResult => ({ kind: 'function-error', error });

const exitReport = (): FunctionErrorReport => ({
  errorType: 'Runtime.ExitError',
  errorMessage: 'RequestId: Error: Runtime exited without providing a reason',
  trace: [],
});

function crashReport(thrown: unknown): FunctionErrorReport {
  const error = asError(thrown);
  return {
    errorType: error?.name ?? 'Runtime.Unknown',
    errorMessage: errorText(thrown),
    trace: (error?.stack ?? '').split('\n').filter(Boolean),
  };
}

const timeoutReport = (requestId: string, seconds: number): FunctionErrorReport => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  trace: [],
});

const initTimeoutReport = (): FunctionErrorReport => ({
  errorType: 'Runtime.InitTimeout',
  errorMessage: `Error: the init phase took longer than ${START_TIMEOUT_MILLISECONDS / 1000} seconds`,
  trace: [],
});
