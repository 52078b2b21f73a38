import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, DeadLetters } from '../ports/dead-letters.ts';
import type { PublishResult } from '../ports/event-bus.ts';
import { inChunks } from './in-chunks.ts';

type Sqs = Pick<SQSClient, 'send'>;

/** Vendor limits of SQS: ten messages a call, 256 KB together. */
const BATCH_LIMITS = { count: 10, bytes: 256_000, sizeOf: ({ body }: DeadLetter) => Buffer.byteLength(body) };
/** How long a received letter is hidden: as long as a batch may take to be delivered and removed. */
const HIDDEN_SECONDS = 300;
const WAIT_SECONDS = 2;

/** A dead-letter queue on SQS. */
export const createDeadLetters = (sqs: Sqs, queueUrl: string): DeadLetters => ({
  count: async () => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  },
  receive: async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: BATCH_LIMITS.count,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
      }),
    );
    return Messages.flatMap(letterOf);
  },
  remove: async (letters) => {
    const kept: DeadLetter[] = [];
    for (const batch of inChunks(letters, { ...BATCH_LIMITS, bytes: Number.POSITIVE_INFINITY })) {
      const Entries = batch.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      const { Successful = [] } = await sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
      );
      const removed = new Set(Successful.map(({ Id }) => Id));
      kept.push(...batch.filter((_, index) => !removed.has(String(index))));
    }
    return kept;
  },
});

/** Sends letters on, as they are. Throws only when nothing is known. */
export const sendLetters = async (
  sqs: Sqs,
  queueUrl: string,
  letters: readonly DeadLetter[],
): Promise<PublishResult> => {
  const numbered = letters.map((letter, index) => ({ ...letter, index }));
  const failed: PublishResult['failed'][number][] = [];
  for (const batch of inChunks(numbered, BATCH_LIMITS)) {
    const Entries = batch.map(({ index, body }) => ({ Id: String(index), MessageBody: body }));
    const answer = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    const sent = new Set(answer.Successful?.map(({ Id }) => Id));
    const reasons = new Map(answer.Failed?.map(({ Id, Code }) => [Id, Code]));
    failed.push(
      ...batch
        .filter(({ index }) => !sent.has(String(index)))
        .map(({ index }) => ({ index, reason: reasons.get(String(index)) ?? 'NoResult' })),
    );
  }
  return { failed };
};

const letterOf = ({ MessageId: id, Body: body, ReceiptHandle: receipt }: Message): readonly DeadLetter[] =>
  id === undefined || body === undefined || receipt === undefined ? [] : [{ id, body, receipt }];
