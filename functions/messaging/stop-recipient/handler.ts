import { createContactAddresses } from '../../consent/contact-addresses.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import { MessagingSettings } from '../../shared/contract/settings.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { type StopPorts, stopRecipient } from './stop-recipient.ts';

/** Takes back what was pending for somebody who opted out, and confirms the opt-out once. */
export const createHandler = (
  settings: Parameters<typeof stopRecipient>[2],
  ports: StopPorts & { readonly observer: Observer },
): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId, remainingMilliseconds }) => {
      if (event.type !== 'consent.opted-out.v1')
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      const owner = `${requestId}#${ports.random.token()}`;
      const outcome = await stopRecipient(event, { owner, remainingMilliseconds }, settings, ports);
      if (outcome.kind === 'out-of-time')
        return { kind: 'retry', reason: 'more is pending than one run can mark' };
      const elapsed = ports.clock() - Date.parse(event.time);
      if (outcome.kind === 'stopped') ports.observer.duration(METRICS.optOutToStopped, Math.max(0, elapsed));
      return { kind: 'ack' };
    },
  });

const start = onColdStart(() => {
  const tables = createFunctionTables(['messaging', 'consent']);
  const { pools } = requireEnvironmentJson(ENVIRONMENT.messagingSettings, MessagingSettings);
  const consent = requireEnvironmentJson(ENVIRONMENT.consentSettings, ConsentSettings);
  return createHandler(
    { pools, consent },
    {
      tables,
      addresses: createContactAddresses(tables),
      observer: createObserver('stop-recipient'),
      clock: systemClock,
      random: systemRandomness,
      sleep: systemSleep,
    },
  );
});

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
