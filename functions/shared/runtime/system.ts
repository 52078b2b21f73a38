import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';
import type { Randomness, Sleep } from '../ports/randomness.ts';

export const systemClock: Clock = () => Date.now();

const FRACTION_STEPS = 2 ** 47;

export const systemRandomness: Randomness = {
  token: () => randomBytes(16).toString('base64url'),
  fraction: () => randomInt(FRACTION_STEPS) / FRACTION_STEPS,
};

export const systemSleep: Sleep = async (milliseconds) => {
  await wait(milliseconds);
};
