import { createAccountSecrets } from '../../shared/aws/account-secrets.ts';
import { createContactKey } from '../../shared/aws/contact-key.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironment, requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { createTwilioLedger } from '../../shared/twilio/ledger-client.ts';
import { handleKeyword, type KeywordPorts } from './handle-keyword.ts';

/** Enters STOP, START and what may be a revocation into the consent ledger, each message once. */
export const createHandler = (
  settings: ConsentSettings,
  ports: KeywordPorts & { readonly observer: Observer },
): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId }) => {
      if (event.type !== 'message.received.v1')
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      const outcome = await handleKeyword(event, `${requestId}#${ports.random.token()}`, settings, ports);
      ports.observer.count(METRICS.consentKeyword, 1, outcome.kind);
      return outcome.kind === 'missing'
        ? { kind: 'dead-letter', reason: 'the inbox item of the event is gone' }
        : { kind: 'ack' };
    },
  });

const start = onColdStart(() => {
  const prefix = requireEnvironment(ENVIRONMENT.accountSecretPrefix);
  const secrets = createAccountSecrets({ prefix, clock: systemClock });
  return createHandler(requireEnvironmentJson(ENVIRONMENT.consentSettings, ConsentSettings), {
    tables: createFunctionTables(['inbox', 'consent']),
    ledger: createTwilioLedger({ baseUrl: requireEnvironment(ENVIRONMENT.twilioBaseUrl), secrets }),
    key: createContactKey(),
    observer: createObserver('handle-keyword'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  });
});

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
