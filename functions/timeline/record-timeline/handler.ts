import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentInteger } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock } from '../../shared/runtime/system.ts';
import { type RecordEventPorts, recordEvent } from './record-event.ts';

/** Keeps the story of every subject. */
export const createHandler = (
  settings: { readonly retentionDays: number },
  ports: RecordEventPorts & { readonly observer: Observer },
): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async (published) => {
      await recordEvent(published, settings.retentionDays, ports);
      return { kind: 'ack' };
    },
  });

const start = onColdStart(() =>
  createHandler(
    { retentionDays: requireEnvironmentInteger(ENVIRONMENT.timelineRetentionDays) },
    {
      tables: createFunctionTables(['timeline']),
      clock: systemClock,
      observer: createObserver('record-timeline'),
    },
  ),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
