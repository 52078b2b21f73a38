import type { RandomStream } from '../engine/random.ts';
import type { FateName } from './fates.ts';

const MINUTE = 60_000;

interface Spell {
  readonly from: number;
  readonly to: number;
}

/**
 * Faults rarely come alone: a minute in which POSTs fail in every way, three in which no webhook arrives, half an hour in
 * which nothing can be read.
 */
export class BadWeather {
  readonly #posts: Spell;
  readonly #reads: Spell;
  readonly #hooks: Spell;
  readonly #random: RandomStream;

  /** `share` of worlds have it, each spell by itself. */
  constructor(random: RandomStream, beginning: number, share: number) {
    this.#random = random;
    this.#posts = spell(random, { earliest: beginning, within: 9 * MINUTE, lasts: 2 * MINUTE, share });
    this.#hooks = spell(random, { earliest: beginning, within: 9 * MINUTE, lasts: 3 * MINUTE, share });
    this.#reads = spell(random, { earliest: beginning, within: 30 * MINUTE, lasts: 30 * MINUTE, share });
  }

  /** The fate of a POST in a storm; undefined where the sky is clear. */
  fateAt(now: number): FateName | undefined {
    return isWithin(this.#posts, now) && this.#random.chance(0.7) ? this.#random.pick(STORMY) : undefined;
  }

  areHooksDownAt(now: number): boolean {
    return isWithin(this.#hooks, now);
  }

  isUnreadableAt(now: number): boolean {
    return isWithin(this.#reads, now);
  }
}

const STORMY: readonly FateName[] = [
  'server-error',
  'server-error-accepted',
  'timeout',
  'timeout-accepted',
  'reset',
  'reset-accepted',
  'throttled',
  'refused',
];

const spell = (
  random: RandomStream,
  { earliest, within, lasts, share }: { earliest: number; within: number; lasts: number; share: number },
): Spell => {
  const from = earliest + random.between(0, within);
  const to = from + random.between(0.2, 1) * lasts;
  return random.chance(share) ? { from, to } : { from, to: from };
};

const isWithin = ({ from, to }: Spell, now: number): boolean => now >= from && now < to;
