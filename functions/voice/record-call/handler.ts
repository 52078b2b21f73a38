import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import type { RecordingPolicy } from '../../shared/contract/recording-policy.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { readRecordingPolicy } from '../recording-policy.ts';
import { type RecordCallPorts, recordCall } from './record-call.ts';

/** Folds what is told of a call into its record, in whatever order it comes. */
export const createHandler = (policy: RecordingPolicy, ports: RecordCallPorts): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId }) => {
      switch (event.type) {
        case 'call.status-reported.v1':
        case 'call.machine-detected.v1':
        case 'call.notice-given.v1': {
          const outcome = await recordCall(event, `${requestId}#${ports.random.token()}`, ports, policy);
          return outcome === 'missing'
            ? { kind: 'dead-letter', reason: 'the inbox item of the event is gone' }
            : { kind: 'ack' };
        }
        default:
          return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      }
    },
  });

const start = onColdStart(() =>
  createHandler(readRecordingPolicy(), {
    tables: createFunctionTables(['inbox', 'voice']),
    observer: createObserver('record-call'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
