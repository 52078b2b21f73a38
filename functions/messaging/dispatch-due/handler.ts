import type { Context } from 'aws-lambda';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { createObserver, type FunctionObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { measureParked } from './measure-parked.ts';
import { type WakePorts, type WakeReport, wakeDueIntents } from './wake-due-intents.ts';

export type TickHandler = (event: unknown, context: Context) => Promise<WakeReport>;

type Ports = WakePorts & {
  readonly observer: WakePorts['observer'] & Partial<Pick<FunctionObserver, 'flush'>>;
};

/** Some intents could not be woken; the function's error alarm tells of it, the next tick tries them again. */
class TickIncompleteError extends Error {
  override readonly name = 'TickIncompleteError';
  readonly retryable = true;

  constructor(failed: number) {
    super(`${failed} due intents could not be woken`);
  }
}

/** The minute tick. */
export const createHandler =
  (ports: Ports): TickHandler =>
  async (_event, context) => {
    try {
      const report = await wakeDueIntents(
        {
          owner: `${context.awsRequestId}#${ports.random.token()}`,
          remainingMilliseconds: () => context.getRemainingTimeInMillis(),
        },
        ports,
      );
      await measureParked(ports);
      ports.observer.info('tick', { ...report });
      if (report.failed > 0) throw new TickIncompleteError(report.failed);
      return report;
    } finally {
      ports.observer.flush?.();
    }
  };

const start = onColdStart(() =>
  createHandler({
    tables: createFunctionTables(['messaging']),
    observer: createObserver('dispatch-due'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: TickHandler = async (event, context) => (await start())(event, context);
