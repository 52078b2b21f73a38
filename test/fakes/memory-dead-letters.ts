import type { DeadLetter, DeadLetters } from '../../functions/shared/ports/dead-letters.ts';

const BATCH = 10;

/** A dead-letter queue in memory: what is received is hidden until `reveal`; removals can be lost. */
export class MemoryDeadLetters implements DeadLetters {
  readonly #letters = new Map<string, string>();
  readonly #hidden = new Set<string>();
  /** Removals that go wrong from now on. */
  lostRemovals = 0;

  constructor(bodies: readonly string[]) {
    for (const [index, body] of bodies.entries()) this.#letters.set(`letter-${index}`, body);
  }

  get left(): readonly string[] {
    return [...this.#letters.values()];
  }

  /** As after the visibility time-out. */
  reveal(): void {
    this.#hidden.clear();
  }

  async count(): Promise<number> {
    return this.#letters.size;
  }

  async receive(): Promise<readonly DeadLetter[]> {
    const visible = [...this.#letters].filter(([id]) => !this.#hidden.has(id)).slice(0, BATCH);
    for (const [id] of visible) this.#hidden.add(id);
    return visible.map(([id, body]) => ({ id, body, receipt: `receipt of ${id}` }));
  }

  async remove(letters: readonly DeadLetter[]): Promise<readonly DeadLetter[]> {
    const kept = letters.slice(0, this.lostRemovals);
    this.lostRemovals -= kept.length;
    for (const { id } of letters.slice(kept.length)) this.#letters.delete(id);
    return kept;
  }
}
