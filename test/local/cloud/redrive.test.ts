import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHandler } from '../../../functions/messaging/handle-inbound-message/handler.ts';
import { createDeadLetters, sendLetters } from '../../../functions/shared/aws/dead-letters.ts';
import { redriveQueue } from '../../../functions/support/redrive-queue.ts';
import { reserveEphemeralPort } from '../../../local/cloud/engines/ephemeral-port.ts';
import { type QueueEngine, startQueueEngine } from '../../../local/cloud/engines/queue-engine.ts';
import { busMessage, lambdaContext, sqsEvent } from '../../fakes/messaging/lambda-events.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';
import { receiveText } from '../../fakes/messaging/webhook-events.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** 10,000 in the unit tests, over a queue in memory; `REDRIVE_LETTERS=10000` for as many here, in minutes. */
const LETTERS = Number(process.env.REDRIVE_LETTERS ?? 500);
/** Every fifth letter is one that is in the queue already, as after a delivery that came twice. */
const TEXTS = (LETTERS * 4) / 5;

const directory = temporaryDirectory();
let engine: QueueEngine;
let sqs: SQSClient;

beforeAll(async () => {
  const port = await reserveEphemeralPort();
  engine = await startQueueEngine({ region: 'eu-west-1', port, dataDir: directory.path });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sqs = new SQSClient({ endpoint: engine.endpoint, region: 'eu-west-1', credentials });
});
afterAll(async () => {
  sqs.destroy();
  await engine.stop();
  directory.remove();
});

test('a dead-letter queue on the real engine, redriven in two goes: every text has its effect once', async () => {
  await engine.ensureQueue('sms-dlq', {});
  await engine.ensureQueue('sms', { VisibilityTimeout: '180' });
  const stage = new Stage('2026-03-01T12:00:00Z');
  const handle = handlerOf(stage);
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
  for (let index = 0; index < LETTERS; index += 1) engine.send('sms-dlq', busMessage(events[index % TEXTS]!));
  // Some were handled although they were given up: the answer to the queue was lost.
  await handle(events.slice(0, TEXTS / 10).map(busMessage));

  const first = await redriveUntil(LETTERS / 2);
  expect(first.delivered).toBeGreaterThanOrEqual(LETTERS / 2);
  expect(first.delivered).toBeLessThan(LETTERS);
  const second = await redriveUntil(Number.POSITIVE_INFINITY);
  expect(first.delivered + second.delivered).toBe(LETTERS);
  expect(await lettersOf('sms-dlq').count()).toBe(0);

  expect(await drain(handle)).toBe(LETTERS);
  const replies = stage.tables.items('messaging').filter(({ inReplyTo }) => inReplyTo !== undefined);
  expect(replies.length).toBe(TEXTS);
  expect(new Set(replies.map(({ inReplyTo }) => inReplyTo)).size).toBe(TEXTS);
}, 600_000);

const handlerOf = (stage: Stage) => {
  const handler = createHandler(SETTINGS, stage);
  return async (bodies: readonly string[]): Promise<void> => {
    const { batchItemFailures } = await handler(sqsEvent(...bodies), lambdaContext());
    expect(batchItemFailures).toEqual([]);
  };
};

const urlOf = (name: string): string => `${engine.endpoint}/000000000000/${name}`;
const lettersOf = (name: string) => createDeadLetters(sqs, urlOf(name));

/** Ends, as by a signal, once so many are through. */
const redriveUntil = async (enough: number) => {
  let delivered = 0;
  return redriveQueue(
    { perSecond: 100_000, isStopped: () => delivered >= enough },
    {
      letters: lettersOf('sms-dlq'),
      deliver: (letters) => sendLetters(sqs, urlOf('sms'), letters),
      clock: () => 0,
      sleep: async () => undefined,
      report: (progress) => {
        delivered = progress.delivered;
      },
    },
  );
};

/** The event source mapping: ten at a time through the real handler. */
const drain = async (handle: (bodies: readonly string[]) => Promise<void>): Promise<number> => {
  let handled = 0;
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: urlOf('sms'), MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return handled;
    await handle(Messages.map(({ Body = '' }) => Body));
    handled += Messages.length;
  }
};
