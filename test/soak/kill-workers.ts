import type { LocalCloud } from '../../local/cloud/local-cloud.ts';

/** Kills the workers of one function after another, chosen by seed, whatever they are doing, at each `kill`. */
export function killWorkersAtRandom(cloud: LocalCloud, seed: number) {
  const { functions } = cloud.describe();
  let state = seed;
  let killed = 0;
  let last = Promise.resolve();
  return {
    kill: (): void => {
      state = (state * 48_271) % 2_147_483_647;
      const name = functions[state % functions.length];
      last = last.then(async () => {
        killed += await cloud.killWorkers(name);
      });
    },
    /** @returns how many were killed */
    end: async (): Promise<number> => {
      await last;
      return killed;
    },
  };
}
