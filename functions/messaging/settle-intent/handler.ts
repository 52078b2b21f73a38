import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { readTwilioAccess } from '../../shared/aws/twilio-access.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { MessagingSettings } from '../../shared/contract/settings.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { createTwilioCallLedger } from '../../shared/twilio/call-ledger-client.ts';
import { createTwilioLedger } from '../../shared/twilio/ledger-client.ts';
import { DispatchBody } from '../dispatch-body.ts';
import { settleIntent } from './settle-intent.ts';
import type { SettlePorts } from './settle-steps.ts';

/** Asks Twilio about one intent at a time. */
export const createHandler = (settings: MessagingSettings, ports: SettlePorts): QueueHandler =>
  createQueueHandler({
    schema: DispatchBody,
    observer: ports.observer,
    handle: async ({ intentId }, { requestId }) => {
      const owner = `${requestId}#${ports.random.token()}`;
      const outcome = await settleIntent({ intentId, owner }, settings.pools, ports);
      return outcome.kind === 'missing'
        ? { kind: 'dead-letter', reason: 'the queue names an intent that does not exist' }
        : { kind: 'ack' };
    },
  });

const start = onColdStart(() => {
  const clock = systemClock;
  const twilio = readTwilioAccess(clock);
  return createHandler(requireEnvironmentJson(ENVIRONMENT.messagingSettings, MessagingSettings), {
    tables: createFunctionTables(['messaging']),
    ledger: createTwilioLedger(twilio),
    callLedger: createTwilioCallLedger(twilio),
    observer: createObserver('settle-intent'),
    clock,
    random: systemRandomness,
    sleep: systemSleep,
  });
});

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
