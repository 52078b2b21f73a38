import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { recordCallBegan } from './record-call-began.ts';
import { type RecordCallStatusPorts, recordCallStatus } from './record-call-status.ts';

/** Joins what Twilio tells of a call to the intent that placed it, in any order and any number of times. */
export const createHandler = (ports: RecordCallStatusPorts): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId }) => {
      const owner = `${requestId}#${ports.random.token()}`;
      if (event.type === 'call.began.v1') {
        await recordCallBegan(event, owner, ports);
        return { kind: 'ack' };
      }
      if (event.type !== 'call.status-reported.v1')
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      const outcome = await recordCallStatus(event, owner, ports);
      return outcome.kind === 'missing'
        ? { kind: 'dead-letter', reason: 'the inbox item of the event is gone' }
        : { kind: 'ack' };
    },
  });

const start = onColdStart(() =>
  createHandler({
    tables: createFunctionTables(['inbox', 'messaging']),
    observer: createObserver('record-call-status'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
