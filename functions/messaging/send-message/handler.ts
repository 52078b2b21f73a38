import { createConsentGuard } from '../../consent/consent-guard.ts';
import { createContactKey } from '../../shared/aws/contact-key.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { readTwilioAccess } from '../../shared/aws/twilio-access.ts';
import { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { createTwilioCalls } from '../../shared/twilio/calls-client.ts';
import { createTwilioLedger } from '../../shared/twilio/ledger-client.ts';
import { createTwilioMessages } from '../../shared/twilio/messages-client.ts';
import { createCallStarts } from '../../voice/call-starts.ts';
import { DispatchBody } from '../dispatch-body.ts';
import { readGatePolicy } from '../gate-policy.ts';
import { createSendGate } from './decide-sending.ts';
import { type DeliverPorts, deliverIntent } from './deliver-intent.ts';
import { readSenderSettings, type SenderSettings } from './sender-settings.ts';

const UNKNOWN_INTENT = { kind: 'dead-letter', reason: 'the queue names no intent that exists' } as const;

/** One queue message, one intent, at most one POST. */
export const createHandler = (
  { pools, ...origins }: SenderSettings,
  given: Omit<DeliverPorts, 'gate'>,
): QueueHandler => {
  const ports = { ...given, gate: createSendGate(pools, readGatePolicy(), given) };
  return createQueueHandler({
    schema: DispatchBody,
    observer: ports.observer,
    handle: async ({ intentId }, { requestId, remainingMilliseconds }) => {
      const owner = `${requestId}#${ports.random.token()}`;
      const outcome = await deliverIntent({ intentId, owner, remainingMilliseconds, ...origins }, ports);
      return outcome.kind === 'done' ? { kind: 'ack' } : UNKNOWN_INTENT;
    },
  });
};

const start = onColdStart(() => {
  const parts = { clock: systemClock, random: systemRandomness, sleep: systemSleep };
  const tables = createFunctionTables(['messaging', 'consent', 'voice']);
  const consent = requireEnvironmentJson(ENVIRONMENT.consentSettings, ConsentSettings);
  const twilio = readTwilioAccess(systemClock);
  const ports = {
    ...parts,
    tables,
    consent: createConsentGuard(consent, { ...parts, tables, key: createContactKey() }),
    twilio: createTwilioMessages(twilio),
    twilioCalls: createTwilioCalls(twilio),
    ledger: createTwilioLedger(twilio),
    callStarts: createCallStarts(),
    observer: createObserver('send-message'),
  };
  return createHandler(readSenderSettings(), ports);
});

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
