import type { LocalCloud } from '../../local/cloud/local-cloud.ts';

/** Kills the workers of one function after another, chosen by seed, whatever they are doing. */
export function killWorkersAtRandom(cloud: LocalCloud, everySeconds: number, seed: number) {
  const { functions } = cloud.describe();
  let state = seed;
  let killed = 0;
  let last = Promise.resolve();
  const timer = setInterval(() => {
    state = (state * 48_271) % 2_147_483_647;
    const name = functions[state % functions.length];
    last = last.then(async () => {
      killed += await cloud.killWorkers(name);
    });
  }, everySeconds * 1000);
  return {
    stop: async (): Promise<number> => {
      clearInterval(timer);
      await last;
      return killed;
    },
  };
}
