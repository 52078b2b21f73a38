/** A repeatable source of randomness: the same keys give the same sequence on every machine. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** True with the given probability; 0 is never and 1 is always. */
  chance(rate: number): boolean;
  /** A whole number between both bounds, inclusive. */
  between(min: number, max: number): number;
  /** Lower-case hexadecimal digits. */
  hex(length: number): string;
}

/**
 * Streams are named by keys (seed, purpose, ordinal), not drawn from one generator, so that
 * requests which arrive interleaved do not disturb each other's draws.
 */
export function createRandom(...keys: readonly (string | number)[]): Random {
  const next = sfc32(hashOf(keys.join('\u0000')));
  const between = (min: number, max: number) => Math.floor(min + next() * (max - min + 1));
  return {
    next,
    between,
    chance: (rate) => next() < rate,
    hex: (length) => Array.from({ length }, () => between(0, 15).toString(16)).join(''),
  };
}

type Words = readonly [number, number, number, number];

/** Four 32-bit words from a text: FNV-1a from four offsets, finished as MurmurHash3 finishes. */
function hashOf(text: string): Words {
  const word = (offset: number) => {
    let hash = offset;
    for (let at = 0; at < text.length; at += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    return (hash ^ (hash >>> 16)) >>> 0;
  };
  return [word(2166136261), word(1597334677), word(3812015801), word(958282917)];
}

/** Chris Doty-Humphrey's "small fast counter" generator, 32-bit (public domain, from PractRand). */
function sfc32(words: Words): () => number {
  let [a, b, c, counter] = words;
  const step = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) step();
  return step;
}
