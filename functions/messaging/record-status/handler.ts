import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { type RecordStatusPorts, recordStatus } from './record-status.ts';

/** Joins every reported status to its intent, in any order and any number of times. */
export const createHandler = (ports: RecordStatusPorts): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId }) => {
      if (event.type !== 'message.status-reported.v1') {
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      }
      const outcome = await recordStatus(event, `${requestId}#${ports.random.token()}`, ports);
      return outcome.kind === 'missing'
        ? { kind: 'dead-letter', reason: 'the inbox item of the event is gone' }
        : { kind: 'ack' };
    },
  });

const start = onColdStart(() =>
  createHandler({
    tables: createFunctionTables(['inbox', 'messaging']),
    observer: createObserver('record-status'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
