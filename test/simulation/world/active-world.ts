import type { World } from './world.ts';

let active: World | undefined;

/** The world in which this thread's code runs: for what replaces a module of the platform and gets no ports. */
export const activeWorld = (): World => {
  if (active === undefined) throw new Error('no world is active');
  return active;
};

export const activate = (world: World | undefined): void => {
  active = world;
};
