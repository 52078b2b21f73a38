import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { type FailurePorts, handleFailure } from './handle-failure.ts';

/** Does for every message that was refused or failed what the error policy says. */
export const createHandler = (ports: FailurePorts): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId }) => {
      if (event.type !== 'message.failed.v1' && event.type !== 'message.rejected.v1') {
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      }
      const outcome = await handleFailure(event, `${requestId}#${ports.random.token()}`, ports);
      return outcome.kind === 'missing'
        ? { kind: 'dead-letter', reason: 'the intent of the event is gone' }
        : { kind: 'ack' };
    },
  });

const start = onColdStart(() =>
  createHandler({
    tables: createFunctionTables(['messaging']),
    observer: createObserver('handle-failure'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
