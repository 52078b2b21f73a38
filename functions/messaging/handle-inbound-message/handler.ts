import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { MessagingSettings } from '../../shared/contract/settings.ts';
import { BusEvent } from '../../shared/runtime/bus-event.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { createQueueHandler, type QueueHandler } from '../../shared/runtime/queue-handler.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { type AnswerPorts, answerInboundMessage } from './answer-inbound-message.ts';

/** Handles every inbound SMS and MMS once. */
export const createHandler = (settings: MessagingSettings, ports: AnswerPorts): QueueHandler =>
  createQueueHandler({
    schema: BusEvent,
    observer: ports.observer,
    handle: async ({ event }, { requestId }) => {
      if (event.type !== 'message.received.v1') {
        return { kind: 'dead-letter', reason: `${event.type} is not for this consumer` };
      }
      const owner = `${requestId}#${ports.random.token()}`;
      const outcome = await answerInboundMessage(event, owner, settings, ports);
      return outcome.kind === 'missing'
        ? { kind: 'dead-letter', reason: 'the inbox item of the event is gone' }
        : { kind: 'ack' };
    },
  });

const start = onColdStart(() =>
  createHandler(requireEnvironmentJson(ENVIRONMENT.messagingSettings, MessagingSettings), {
    tables: createFunctionTables(['inbox', 'messaging']),
    observer: createObserver('handle-inbound-message'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: QueueHandler = async (event, context) => (await start())(event, context);
