/** Percentile of a sample by linear interpolation; `share` in [0, 1]. */
export const percentile = (sample: readonly number[], share: number): number => {
  const sorted = [...sample].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
};

export const median = (sample: readonly number[]): number => percentile(sample, 0.5);

/** Uniform numbers in [0, 1) that a seed repeats (mulberry32). */
export const seededUniform = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Quantile of the standard normal distribution at 99 %. */
const NORMAL_99 = 2.3263;

/** Log-normal numbers with the given median and 99th percentile. */
export const lognormal = (
  uniform: () => number,
  { p50, p99 }: { p50: number; p99: number },
): (() => number) => {
  const sigma = Math.log(p99 / p50) / NORMAL_99;
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    return p50 * Math.exp(sigma * normal);
  };
};
