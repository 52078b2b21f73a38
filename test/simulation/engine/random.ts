/** One concern's share of chance: draws of one concern never shift another's. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  fraction(): number;
  chance(probability: number): boolean;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** Lower-case hex digits. */
  hex(digits: number): string;
}

export type RandomSource = (concern: string) => RandomStream;

export const createRandomSource = (seed: number): RandomSource => {
  const streams = new Map<string, RandomStream>();
  return (concern) => {
    const known = streams.get(concern) ?? createStream(`${seed}/${concern}`);
    streams.set(concern, known);
    return known;
  };
};

const createStream = (name: string): RandomStream => {
  const next = sfc32(name);
  const fraction = () => next() / 4_294_967_296;
  const below = (limit: number) => Math.floor(fraction() * limit);
  return {
    fraction,
    chance: (probability) => fraction() < probability,
    between: (low, high) => low + fraction() * (high - low),
    below,
    pick: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += next().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
};

/** Chris Doty-Humphrey's small fast counter generator, 32 bits a draw, seeded by a hash of the name. */
const sfc32 = (name: string): (() => number) => {
  let [a, b, c, d] = [hash32(name, 1), hash32(name, 2), hash32(name, 3), 1];
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
};

/** FNV-1a with a final mix. */
const hash32 = (text: string, salt: number): number => {
  let hash = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1);
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};
