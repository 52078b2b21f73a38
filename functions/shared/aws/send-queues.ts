import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Dispatch, OutboxEntry } from '../contract/outbox.ts';
import type { PublishResult } from '../ports/event-bus.ts';
import type { DispatchMessage, PublishFailedQueue, SendQueues } from '../ports/send-queues.ts';
import { inChunks } from './in-chunks.ts';

type Sqs = Pick<SQSClient, 'send'>;
type Numbered = { readonly index: number; readonly message: DispatchMessage };

/** Amazon SQS: SendMessageBatch takes 10 messages; a dispatch is far below its 256 KB. */
const BATCH_LIMITS = { count: 10, bytes: Number.POSITIVE_INFINITY, sizeOf: () => 0 };

/** The pools' send queues on SQS, by pool name. */
export const createSendQueues = (sqs: Sqs, queueUrls: Readonly<Record<string, string>>): SendQueues => ({
  enqueue: async (messages) => {
    const failed: PublishResult['failed'][number][] = [];
    for (const [pool, numbered] of byPool(messages)) {
      const queueUrl = Object.hasOwn(queueUrls, pool) ? queueUrls[pool] : undefined;
      if (queueUrl === undefined)
        failed.push(...numbered.map(({ index }) => ({ index, reason: 'NoQueueOfPool' })));
      else
        for (const batch of inChunks(numbered, BATCH_LIMITS))
          failed.push(...(await sendBatch(sqs, queueUrl, batch)));
    }
    return { failed };
  },
});

/** Amazon SQS: a message of 256 KB; an entry is some hundred bytes. */
const FAILURE_LIMITS = {
  count: 100,
  bytes: 200_000,
  sizeOf: (entry: OutboxEntry) => Buffer.byteLength(JSON.stringify(entry)),
};

/** What could not be published, in as many messages as it takes. Throws where SQS does not take one. */
export const createPublishFailedQueue = (sqs: Sqs, queueUrl: string): PublishFailedQueue => ({
  add: async ({ entries, ...failure }) => {
    const chunks = entries.length === 0 ? [[]] : inChunks(entries, FAILURE_LIMITS);
    for (const chunk of chunks) {
      const MessageBody = JSON.stringify({ ...failure, entries: chunk });
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    }
  },
});

const byPool = (messages: readonly DispatchMessage[]): ReadonlyMap<string, Numbered[]> => {
  const pools = new Map<string, Numbered[]>();
  for (const [index, message] of messages.entries())
    pools.set(message.pool, [...(pools.get(message.pool) ?? []), { index, message }]);
  return pools;
};

const sendBatch = async (
  sqs: Sqs,
  queueUrl: string,
  batch: readonly Numbered[],
): Promise<PublishResult['failed']> => {
  try {
    const answer = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: batch.map(toEntry) }),
    );
    const sent = new Set(answer.Successful?.map(({ Id }) => Id));
    const reasons = new Map(answer.Failed?.map(({ Id, Code }) => [Id, Code]));
    return batch
      .filter(({ index }) => !sent.has(String(index)))
      .map(({ index }) => ({ index, reason: reasons.get(String(index)) ?? 'NoResult' }));
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'Unknown';
    return batch.map(({ index }) => ({ index, reason }));
  }
};

const toEntry = ({ index, message }: Numbered) => {
  const dispatch: Dispatch = { intentId: message.intentId };
  return { Id: String(index), MessageBody: JSON.stringify(dispatch), DelaySeconds: message.delaySeconds };
};
