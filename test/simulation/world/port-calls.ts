import { currentInvocation, type Invocation } from './invocation.ts';
import type { World } from './world.ts';

/** What the far end of a port call does; `after` is how long its answer takes, in milliseconds. */
export type Effect<Result> = () =>
  | { readonly kind: 'value'; readonly value: Result; readonly after?: number }
  | { readonly kind: 'error'; readonly error: Error; readonly after?: number }
  /** The client library tries again, if its process still runs. */
  | { readonly kind: 'again'; readonly after: number; readonly effect: Effect<Result> };

export interface PortCall<Result> {
  /** `put messaging`; names the crash point. */
  readonly name: string;
  /** Ids that the call is about, for the story. */
  readonly about: string;
  readonly effect: Effect<Result>;
}

const never = new Promise<never>(() => undefined);

/**
 * Every way out of an invocation leads through here: a crash point before and one after it took effect, a freeze on
 * either side, a seeded time each way. What a killed invocation began may still take effect; it never hears of it.
 */
export class PortCalls {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  call<Result>(call: PortCall<Result>): Promise<Result> {
    const { world } = { world: this.#world };
    const invocation = currentInvocation();
    if (invocation.state === 'killed') return never;
    if (invocation.state === 'ended') {
      world.violate(
        'code-after-end',
        `${invocation.functionName} called ${call.name} after it had answered`,
        call.about,
      );
      return never;
    }
    invocation.calls += 1;
    world.meter?.add(`calls ${invocation.functionName} ${call.name}`);
    const point = { invocation, number: invocation.calls, name: call.name };
    world.note(`${invocation.id} ${call.name} ${call.about}`);
    world.judge.called(invocation, call.name, call.about);
    if (world.crashes.killsBefore(point)) {
      world.lambda.kill(invocation, `before ${call.name}`);
      return never;
    }
    const killsAfter = world.crashes.killsAfter(point);
    return new Promise((resolve, reject) => {
      const leaves = Math.max(world.now, invocation.frozenUntil) + this.#freeze(invocation, 'before a call');
      const run = (effect: Effect<Result>) => {
        const answer = effect();
        if (answer.kind === 'again') {
          world.scheduler.after(answer.after, () => {
            if (invocation.state !== 'killed') run(answer.effect);
          });
          return;
        }
        if (killsAfter) {
          world.lambda.kill(invocation, `after ${call.name}`);
          return;
        }
        const takes = (answer.after ?? this.#travel()) + this.#freeze(invocation, 'before an answer');
        world.scheduler.after(takes, () =>
          this.#deliver(invocation, () => {
            if (answer.kind === 'value') resolve(answer.value);
            else reject(answer.error);
          }),
        );
      };
      world.scheduler.at(leaves, () => {
        if (invocation.state === 'killed') return;
        world.scheduler.after(this.#travel(), () => run(call.effect));
      });
    });
  }

  /** An answer waits for the end of a freeze, and for the thaw where the invocation has ended. */
  #deliver(invocation: Invocation, settle: () => void): void {
    const { scheduler, coverage } = this.#world;
    if (invocation.state === 'killed') return;
    if (invocation.state === 'ended') {
      coverage.reach('fault: answer after the end, seen at the thaw');
      invocation.sandbox.unseen.push(settle);
      return;
    }
    if (scheduler.now < invocation.frozenUntil) {
      scheduler.at(invocation.frozenUntil, () => this.#deliver(invocation, settle));
      return;
    }
    scheduler.hasWoken = true;
    settle();
  }

  #travel(): number {
    const random = this.#world.random('latency');
    return random.chance(0.02) ? random.between(20, 400) : random.between(0.5, 8);
  }

  #freeze(invocation: Invocation, where: string): number {
    const { faults, coverage } = this.#world;
    if (faults.freeze === 0) return 0;
    const random = this.#world.random('freeze');
    if (!random.chance(faults.freeze)) return 0;
    const milliseconds = random.fraction() ** 2 * faults.freezeMilliseconds;
    coverage.reach(`fault: frozen ${where}`);
    invocation.frozenUntil = Math.max(invocation.frozenUntil, this.#world.now + milliseconds);
    return milliseconds;
  }
}
