import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { type RecordTaskPorts, recordTask } from './record-task.ts';

/** Folds TaskRouter's events into the records of tasks, in whatever order they come. */
export const createHandler = (ports: RecordTaskPorts): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId }) => {
      if (event.type !== 'taskrouter.reported.v1')
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      const outcome = await recordTask(event, `${requestId}#${ports.random.token()}`, ports);
      return outcome === 'missing'
        ? { kind: 'dead-letter', reason: 'the inbox item of the event is gone' }
        : { kind: 'ack' };
    },
  });

const start = onColdStart(() =>
  createHandler({
    tables: createFunctionTables(['inbox', 'voice']),
    observer: createObserver('record-task'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
