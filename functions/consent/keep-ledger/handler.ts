import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import type { RecordPorts } from '../record-consent.ts';
import { keepLedger } from './keep-ledger.ts';

/** Keeps the ledger of consent: every record in its chain, once. */
export const createHandler = (
  settings: Pick<ConsentSettings, 'ledgerRetentionDays'>,
  ports: RecordPorts & { readonly observer: Observer },
): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    // One after the other: records of one shard would only get into each other's way.
    inParallel: false,
    handle: async ({ event }, { requestId }) => {
      const outcome = await keepLedger(event, `${requestId}#${ports.random.token()}`, settings, ports);
      switch (outcome.kind) {
        case 'missing':
          return { kind: 'dead-letter', reason: 'the record of the event is gone' };
        case 'not-for-this-consumer':
          return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
        default:
          return { kind: 'ack' };
      }
    },
  });

const start = onColdStart(() =>
  createHandler(requireEnvironmentJson(ENVIRONMENT.consentSettings, ConsentSettings), {
    tables: createFunctionTables(['consent']),
    observer: createObserver('keep-ledger'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
