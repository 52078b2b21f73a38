import { familyOf } from './crashes.ts';
import { type Handler, type Invocation, running, type Sandbox } from './invocation.ts';
import type { SandboxPorts } from './sandbox-ports.ts';
import type { World } from './world.ts';

export interface FunctionDefinition {
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly build: (ports: SandboxPorts) => Handler;
}

export type InvocationResult =
  | { readonly kind: 'returned'; readonly value: unknown }
  /** It threw, it was killed, or its time was up. */
  | { readonly kind: 'failed'; readonly reason: string };

interface Running {
  readonly invocation: Invocation;
  readonly done: (result: InvocationResult) => void;
}

/** AWS Lambda: a sandbox runs one invocation at a time, is kept warm, and dies with the invocation that is killed. */
export class Lambda {
  readonly #world: World;
  readonly #idle = new Map<string, Sandbox[]>();
  readonly #running = new Map<Invocation, Running>();
  #sandboxes = 0;
  #invocations = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get invocations(): number {
    return this.#invocations;
  }

  invoke(definition: FunctionDefinition, event: unknown, done: (result: InvocationResult) => void): void {
    const { world } = { world: this.#world };
    const warm = this.#takeIdle(definition.name);
    const sandbox = warm ?? this.#createSandbox(definition);
    this.#invocations += 1;
    world.meter?.add(`invocations ${definition.name}`);
    const invocation: Invocation = {
      id: `r${this.#invocations}.${definition.name}`,
      functionName: definition.name,
      sandbox,
      deadline: world.now + definition.timeoutSeconds * 1000,
      state: 'running',
      calls: 0,
      frozenUntil: 0,
    };
    this.#running.set(invocation, { invocation, done });
    world.scheduler.at(invocation.deadline, () => {
      if (invocation.state === 'running') this.kill(invocation, 'its time was up');
    });
    const startsAfter = warm === undefined ? world.random('latency').between(100, 600) : 1;
    world.scheduler.after(startsAfter, () => this.#start(invocation, event));
  }

  kill(invocation: Invocation, reason: string): void {
    if (invocation.state !== 'running') return;
    invocation.state = 'killed';
    const isTimeUp = reason === 'its time was up';
    if (isTimeUp)
      this.#world.coverage.reach(`fault: ${familyOf(invocation.functionName)} ran into its time-out`);
    this.#finish(invocation, { kind: 'failed', reason: `killed: ${reason}` });
  }

  /** A deployment: what runs ends, what was warm is gone, and the next invocations know the new configuration. */
  redeploy(): void {
    for (const invocation of [...this.#running.keys()]) this.kill(invocation, 'it was deployed anew');
    this.#idle.clear();
  }

  #start(invocation: Invocation, event: unknown): void {
    if (invocation.state !== 'running') return;
    const { scheduler } = this.#world;
    scheduler.hasWoken = true;
    for (const settle of invocation.sandbox.unseen.splice(0)) settle();
    running.run(invocation, () => {
      invocation.sandbox.handler(event, this.#contextOf(invocation)).then(
        (value) => this.#end(invocation, { kind: 'returned', value }),
        (error: unknown) => this.#end(invocation, { kind: 'failed', reason: String(error) }),
      );
    });
  }

  #end(invocation: Invocation, result: InvocationResult): void {
    if (invocation.state !== 'running') return;
    invocation.state = 'ended';
    const idle = this.#idle.get(invocation.functionName) ?? [];
    idle.push(invocation.sandbox);
    this.#idle.set(invocation.functionName, idle);
    this.#finish(invocation, result);
  }

  #finish(invocation: Invocation, result: InvocationResult): void {
    const entry = this.#running.get(invocation);
    this.#running.delete(invocation);
    const reason = result.kind === 'failed' ? `: ${result.reason.slice(0, 160)}` : '';
    this.#world.note(`${invocation.id} ${result.kind}${reason}`);
    if (result.kind === 'failed' && !result.reason.startsWith('killed'))
      this.#world.judgeThrown(invocation, result.reason);
    entry?.done(result);
  }

  #takeIdle(name: string): Sandbox | undefined {
    const idle = this.#idle.get(name);
    if (idle === undefined || idle.length === 0) return undefined;
    return idle.splice(this.#world.random('sandbox').below(idle.length), 1)[0];
  }

  #createSandbox(definition: FunctionDefinition): Sandbox {
    this.#sandboxes += 1;
    const skew = this.#world.faults.clockSkewMilliseconds;
    const sandbox: Sandbox = {
      id: `s${this.#sandboxes}`,
      clockSkew: Math.round(this.#world.random('skew').between(-skew, skew)),
      handler: () => Promise.reject(new Error('not built')),
      unseen: [],
    };
    sandbox.handler = definition.build(this.#world.portsOf(sandbox));
    return sandbox;
  }

  #contextOf(invocation: Invocation): object {
    return {
      callbackWaitsForEmptyEventLoop: false,
      functionName: invocation.functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${invocation.functionName}`,
      memoryLimitInMB: '256',
      awsRequestId: invocation.id,
      logGroupName: `/aws/lambda/${invocation.functionName}`,
      logStreamName: invocation.sandbox.id,
      getRemainingTimeInMillis: () => Math.max(0, Math.round(invocation.deadline - this.#world.now)),
    };
  }
}
