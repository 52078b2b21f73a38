import { PARKED_SHARD } from '../../../functions/messaging/domain/dispatching.ts';
import type { Item } from '../../../functions/shared/ports/table-client.ts';
import type { ChangeRecord } from '../../fakes/in-memory-table-client.ts';
import type { FunctionDefinition } from './lambda.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;

/**
 * The schedule that invokes a function every minute, at least once. A minute in which nothing can be due is jumped over: the
 * tick would read empty pages and write nothing.
 */
export class MinuteTick {
  readonly #world: World;
  readonly #function: FunctionDefinition;
  readonly #dueAt = new Map<string, number>();

  constructor(world: World, definition: FunctionDefinition) {
    this.#world = world;
    this.#function = definition;
  }

  start(until: number): void {
    const { scheduler } = this.#world;
    const next = (at: number) => {
      if (at > until) return;
      scheduler.at(at, () => {
        this.#ring();
        next(at + MINUTE);
      });
    };
    next(this.#world.now + MINUTE / 2);
  }

  changed({ keys, newImage }: ChangeRecord): void {
    const key = String(keys.pk);
    // Parked intents stand in a partition that the tick does not read.
    if (typeof newImage?.dueAt === 'string' && newImage.dueShard !== PARKED_SHARD)
      this.#dueAt.set(key, Date.parse(newImage.dueAt));
    else this.#dueAt.delete(key);
  }

  restored(items: readonly Item[]): void {
    this.#dueAt.clear();
    for (const { pk, dueAt, dueShard } of items)
      if (typeof dueAt === 'string' && dueShard !== PARKED_SHARD)
        this.#dueAt.set(String(pk), Date.parse(dueAt));
  }

  #ring(): void {
    const horizon = this.#world.now + 1.5 * MINUTE;
    const isAnythingDue = [...this.#dueAt.values()].some((dueAt) => dueAt <= horizon);
    if (!isAnythingDue) return;
    const random = this.#world.random('tick');
    const ring = () =>
      this.#world.lambda.invoke(this.#function, { source: 'aws.scheduler' }, () => undefined);
    this.#world.scheduler.after(random.between(0, 2_000), ring);
    if (!random.chance(0.01)) return;
    this.#world.coverage.reach('fault: minute tick rings twice');
    this.#world.scheduler.after(random.between(0, 5_000), ring);
  }
}
