import type { Randomness } from '../../../functions/shared/ports/randomness.ts';

/** The same tokens and fractions in every run; tokens as long as real ones. */
export class SeededRandomness implements Randomness {
  #tokens = 0;
  #state: number;

  constructor(seed = 1) {
    this.#state = seed;
  }

  readonly token = (): string => {
    this.#tokens += 1;
    return `token${String(this.#tokens).padStart(17, '0')}`;
  };

  /** Park and Miller's minimal standard generator. */
  readonly fraction = (): number => {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state / 2_147_483_647;
  };
}
