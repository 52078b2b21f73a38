import { createHmac } from 'node:crypto';

/**
 * Tokens of a call's steps are derived from the call's secret, 128 random bits: so the present one can be said again
 * without keeping it, every earlier one is known as stale, and nobody else's fits. A letter before them tells them from
 * the attempts' tokens, under which outbound calls begin.
 */
export const stepToken = (secret: string, step: number): string => `s${derive(secret, `step ${step}`)}`;

export const waitToken = (secret: string, step: number): string => `w${derive(secret, `wait ${step}`)}`;

const derive = (secret: string, label: string): string =>
  createHmac('sha256', secret).update(label).digest('base64url').slice(0, 22);

/** Whether a token is one of the call's first `steps`, the present one left out. */
export const isEarlierStep = (secret: string, token: string, steps: number): boolean => {
  for (let step = steps - 1; step > 0; step -= 1) if (stepToken(secret, step) === token) return true;
  return false;
};
