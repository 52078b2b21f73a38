import type { DeadLetter, DeadLetters } from '../../../functions/shared/ports/dead-letters.ts';
import type { World } from './world.ts';

interface Letter extends DeadLetter {
  hiddenUntil: number;
}

const HIDDEN_MILLISECONDS = 300_000;
const BATCH = 10;

/** The publish-failed queue, as publish-events fills it and an operator's redrive empties it. */
export class PublishFailed {
  readonly #world: World;
  readonly #letters = new Map<string, Letter>();
  #added = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get size(): number {
    return this.#letters.size;
  }

  add(body: string): void {
    this.#added += 1;
    const id = `failed-${this.#added}`;
    this.#letters.set(id, { id, body, receipt: id, hiddenUntil: 0 });
  }

  /** Each call a port call of the invocation that makes it. */
  asPort(): DeadLetters {
    const { ports } = this.#world;
    const call = <Result>(name: string, about: string, value: () => Result): Promise<Result> =>
      ports.call({ name, about, effect: () => ({ kind: 'value', value: value() }) });
    return {
      count: () => call('count letters', '', () => this.size),
      receive: () => call('receive letters', '', () => this.#receive()),
      remove: (letters) =>
        call('remove letters', letters.map(({ id }) => id).join(' '), () => {
          for (const { id } of letters) this.#letters.delete(id);
          return [];
        }),
    };
  }

  #receive(): readonly DeadLetter[] {
    const { now } = this.#world;
    const visible = [...this.#letters.values()]
      .filter(({ hiddenUntil }) => hiddenUntil <= now)
      .slice(0, BATCH);
    for (const letter of visible) letter.hiddenUntil = now + HIDDEN_MILLISECONDS;
    return visible;
  }
}
