import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import type { StorePorts } from '../record-store.ts';
import { recordRecording } from './record-recording.ts';

/** Takes every recording that Twilio tells of into the books, so that none is forgotten. */
export const createHandler = (ports: StorePorts & { readonly observer: Observer }): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId }) => {
      if (event.type !== 'recording.reported.v1')
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      await recordRecording(event, `${requestId}#${ports.random.token()}`, ports);
      return { kind: 'ack' };
    },
  });

const start = onColdStart(() =>
  createHandler({
    tables: createFunctionTables(['voice']),
    observer: createObserver('record-recording'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
