import type { Background } from '../background.ts';
import type { QueueEngine, QueueMessage } from '../engines/queue-engine.ts';
import type { EventMatcher } from '../events/event-pattern.ts';
import type { FunctionRegistry } from '../functions/function-registry.ts';
import { batchVerdict } from './batch-response.ts';

/** An SQS event source mapping. */
export interface QueueSource {
  readonly queueName: string;
  readonly queueArn: string;
  readonly region: string;
  readonly functionName: string;
  /** At most 10, or 10,000 with a batching window. */
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportsItemFailures: boolean;
  /** Batches under way at a time. */
  readonly maximumConcurrency: number;
  /** A message that fits none is deleted unseen, as Lambda does. */
  readonly filters: readonly EventMatcher[];
}

export interface SourcePorts {
  readonly queues: QueueEngine;
  readonly functions: FunctionRegistry;
  readonly work: Background;
}

/**
 * Receives batches and invokes the function. Success deletes; failure leaves the message to its visibility timeout,
 * and so to the queue's redrive policy. Messages are only received when the function has room, so that waiting for
 * this machine's few workers never counts as a receive.
 */
export async function pollQueue(source: QueueSource, ports: SourcePorts): Promise<void> {
  const { work, functions } = ports;
  let underWay = 0;
  while (!work.signal.aborted) {
    if (underWay >= source.maximumConcurrency || !functions.hasRoom(source.functionName)) {
      await work.pause(10);
      continue;
    }
    const batch = await receiveBatch(source, ports);
    if (batch.length === 0) continue;
    underWay += 1;
    work.run(`batch of ${source.queueName}`, () =>
      processBatch(source, batch, ports).finally(() => {
        underWay -= 1;
      }),
    );
  }
}

/** One long poll, and with a batching window more of them until the batch is full or the window is over. */
async function receiveBatch(
  source: QueueSource,
  { queues, work }: SourcePorts,
): Promise<readonly QueueMessage[]> {
  const { signal } = work;
  const take = (maximumMessages: number, waitSeconds: number): Promise<readonly QueueMessage[]> =>
    queues.receive(source.queueName, { maximumMessages, waitSeconds, signal });
  const batch = [...(await take(source.batchSize, 20))];
  const windowEnd = Date.now() + source.batchingWindowSeconds * 1000;
  while (batch.length > 0 && batch.length < source.batchSize && Date.now() < windowEnd && !signal.aborted) {
    const waitSeconds = Math.max(1, Math.round((windowEnd - Date.now()) / 1000));
    batch.push(...(await take(source.batchSize - batch.length, waitSeconds)));
  }
  return batch;
}

async function processBatch(
  source: QueueSource,
  batch: readonly QueueMessage[],
  { queues, functions }: SourcePorts,
): Promise<void> {
  const wanted = batch.filter((message) => isWanted(source, message));
  const unwanted = batch.filter((message) => !wanted.includes(message));
  if (unwanted.length > 0) await queues.delete(source.queueName, receipts(unwanted));
  if (wanted.length === 0) return;
  const event = { Records: wanted.map((message) => queueRecord(source, message)) };
  const result = await functions.invoke(source.functionName, JSON.stringify(event));
  const verdict = batchVerdict(
    result,
    source.reportsItemFailures,
    new Set(wanted.map((message) => message.messageId)),
  );
  switch (verdict.kind) {
    case 'all-failed':
      return;
    case 'all-succeeded':
      return queues.delete(source.queueName, receipts(wanted));
    case 'some-failed': {
      const done = wanted.filter((message) => !verdict.identifiers.has(message.messageId));
      return queues.delete(source.queueName, receipts(done));
    }
  }
}

const receipts = (messages: readonly QueueMessage[]): string[] =>
  messages.map((message) => message.receiptHandle);

function isWanted(source: QueueSource, message: QueueMessage): boolean {
  if (source.filters.length === 0) return true;
  const record = { ...queueRecord(source, message), body: parsedOrText(message.body) };
  return source.filters.some((matches) => matches(record));
}

function parsedOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function queueRecord(source: QueueSource, message: QueueMessage): Readonly<Record<string, unknown>> {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.messageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          dataType: DataType,
          stringValue: StringValue,
          binaryValue: BinaryValue,
          stringListValues: [],
          binaryListValues: [],
        },
      ]),
    ),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: source.queueArn,
    awsRegion: source.region,
  };
}
