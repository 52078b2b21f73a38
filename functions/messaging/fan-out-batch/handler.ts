import { createConsentGuard } from '../../consent/consent-guard.ts';
import { createContactKey } from '../../shared/aws/contact-key.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { MessagingSettings } from '../../shared/contract/settings.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { readGatePolicy } from '../gate-policy.ts';
import { createGate, type GatePorts } from '../send-gate.ts';
import { type FanOutPorts, fanOutBatch } from './fan-out-batch.ts';

/** Turns each chunk of a batch into intents. */
export const createHandler = (
  settings: MessagingSettings,
  given: Omit<FanOutPorts, 'gate'> & Pick<GatePorts, 'consent'>,
): QueueHandler => {
  const ports = { ...given, gate: createGate(readGatePolicy(), given) };
  return createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }) => {
      if (event.type !== 'batch.chunk-requested.v1') {
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      }
      const outcome = await fanOutBatch(event, settings, ports);
      return outcome === 'missing'
        ? { kind: 'dead-letter', reason: 'the batch, or the rows of the chunk, are gone' }
        : { kind: 'ack' };
    },
  });
};

const start = onColdStart(() => {
  const parts = { clock: systemClock, random: systemRandomness, sleep: systemSleep };
  const tables = createFunctionTables(['messaging', 'consent']);
  const consent = requireEnvironmentJson(ENVIRONMENT.consentSettings, ConsentSettings);
  return createHandler(requireEnvironmentJson(ENVIRONMENT.messagingSettings, MessagingSettings), {
    ...parts,
    tables,
    consent: createConsentGuard(consent, { ...parts, tables, key: createContactKey() }),
    observer: createObserver('fan-out-batch'),
  });
});

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
