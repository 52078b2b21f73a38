import { expect, test } from '@jest/globals';
import { createHandler } from '../../../functions/messaging/handle-inbound-message/handler.ts';
import { redriveQueue } from '../../../functions/support/redrive-queue.ts';
import { MemoryDeadLetters } from '../../fakes/memory-dead-letters.ts';
import { busMessage, lambdaContext, sqsEvent } from '../../fakes/messaging/lambda-events.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';
import { receiveText } from '../../fakes/messaging/webhook-events.ts';

const LETTERS = 10_000;
/** The others are second copies of the first texts. */
const TEXTS = 8_000;

test('10,000 dead letters, copies among them, redriven twice because removals were lost, have 8,000 effects', async () => {
  const stage = new Stage('2026-03-01T12:00:00Z');
  const handler = createHandler(SETTINGS, stage);
  const events = await Promise.all(
    Array.from({ length: TEXTS }, (_, index) =>
      receiveText(stage.tables, {
        messageSid: sidOf(index),
        from: `+1415555${String(index).padStart(4, '0')}`,
        body: 'hours',
        time: '2026-03-01T12:00:00.000Z',
      }),
    ),
  );
  const bodies = Array.from({ length: LETTERS }, (_, index) => busMessage(events[index % TEXTS]!));
  const letters = new MemoryDeadLetters(bodies);
  letters.lostRemovals = 1_000;
  const redrive = () =>
    redriveQueue(
      { perSecond: 50 },
      {
        letters,
        // The queue and its worker behind one another: what arrives is handled.
        deliver: async (batch) => {
          const event = sqsEvent(...batch.map(({ body }) => body));
          expect(await handler(event, lambdaContext())).toEqual({ batchItemFailures: [] });
          return { failed: [] };
        },
        clock: stage.clock,
        sleep: stage.sleep,
        report: () => undefined,
      },
    );
  expect(await redrive()).toMatchObject({ delivered: LETTERS });
  letters.reveal();
  expect(await redrive()).toMatchObject({ delivered: 1_000 });
  expect(letters.left).toEqual([]);
  const replies = stage.tables.items('messaging').filter(({ inReplyTo }) => inReplyTo !== undefined);
  expect(replies.length).toBe(TEXTS);
  expect(new Set(replies.map(({ inReplyTo }) => inReplyTo)).size).toBe(TEXTS);
}, 60_000);
