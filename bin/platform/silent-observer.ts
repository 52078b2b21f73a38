import type { Observer } from '../../functions/shared/ports/observer.ts';

/** For use cases that a command runs and reports on itself. */
export const silentObserver: Observer = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  count: () => undefined,
  duration: () => undefined,
};
