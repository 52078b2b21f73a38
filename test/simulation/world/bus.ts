import { CONSUMERS, type Consumer } from '../../../functions/shared/contract/consumers.ts';
import { EVENT_SOURCE, type TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import type { Queue } from './queue.ts';
import type { World } from './world.ts';

const RULES: readonly (readonly [string, Consumer])[] = Object.entries(CONSUMERS);

/** EventBridge: each rule has what it matches delivered at least once; what cannot be delivered waits in a dead-letter queue. */
export class Bus {
  readonly #world: World;
  readonly #queues: ReadonlyMap<string, Queue>;
  #undeliverable: { readonly queue: Queue; readonly body: string }[] = [];
  #taken = 0;

  /** `queues` by consumer name. */
  constructor(world: World, queues: ReadonlyMap<string, Queue>) {
    this.#world = world;
    this.#queues = queues;
  }

  get pending(): number {
    return this.#undeliverable.length;
  }

  /** Takes an event for good; its deliveries come some time after. */
  take(event: TrunklineEvent): void {
    this.#taken += 1;
    this.#world.meter?.add('events');
    const body = JSON.stringify({
      version: '0',
      id: `bus-${this.#taken}`,
      'detail-type': event.type,
      source: EVENT_SOURCE,
      account: '000000000000',
      time: `${new Date(this.#world.now).toISOString().slice(0, 19)}Z`,
      region: 'us-east-1',
      resources: [],
      detail: event,
    });
    for (const [name, consumer] of RULES) {
      const queue = this.#queues.get(name);
      if (queue !== undefined && matches(consumer, event)) this.#deliver(queue, body);
    }
  }

  redrive(): void {
    for (const { queue, body } of this.#undeliverable.splice(0)) queue.send(body);
  }

  #deliver(queue: Queue, body: string): void {
    const { faults, coverage, scheduler } = this.#world;
    const random = this.#world.random('bus');
    if (random.chance(faults.busUndeliverable)) {
      coverage.reach('fault: bus cannot deliver, dead-letter queue of the rule');
      this.#undeliverable.push({ queue, body });
      return;
    }
    scheduler.after(random.chance(0.03) ? random.between(1_000, 90_000) : random.between(20, 300), () =>
      queue.send(body),
    );
    if (!random.chance(faults.busDuplicate)) return;
    coverage.reach('fault: bus delivers an event twice');
    scheduler.after(random.between(20, 20_000), () => queue.send(body));
  }
}

const matches = ({ events, channels, keywords }: Consumer, event: TrunklineEvent): boolean => {
  if (!events.includes(event.type)) return false;
  const fields: Readonly<Record<string, unknown>> = { ...event.data };
  const isAmong = (values: readonly string[] | undefined, field: string): boolean =>
    values === undefined || values.includes(String(fields[field]));
  return isAmong(channels, 'channel') && isAmong(keywords, 'keyword');
};
