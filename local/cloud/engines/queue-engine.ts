import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import * as z from 'zod';
import { EngineError } from '../errors.ts';
import { type AwsJsonClient, awsJsonClient } from './aws-json.ts';

/** The account that fauxqs puts in every ARN and queue URL, and so the account of the whole local platform. */
export const LOCAL_ACCOUNT_ID = '000000000000';

export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
}

interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

interface ReceiveOptions {
  readonly maximumMessages: number;
  readonly waitSeconds: number;
  readonly visibilityTimeoutSeconds?: number;
  readonly signal: AbortSignal;
}

interface SendOptions {
  readonly delaySeconds?: number;
  readonly messageGroupId?: string;
}

/** SQS and S3 (and SNS, STS) in this process. */
export interface QueueEngine {
  readonly endpoint: string;
  /** Creates the queue, or sets the attributes of the one that the state directory holds. */
  ensureQueue(name: string, attributes: Readonly<Record<string, string>>): Promise<void>;
  ensureTopic(name: string): void;
  ensureBucket(name: string): Promise<void>;
  hasQueue(name: string): boolean;
  /** Durable when it returns. @throws when there is no such queue or the body is too large */
  send(queueName: string, body: string, options?: SendOptions): void;
  receive(queueName: string, options: ReceiveOptions): Promise<readonly QueueMessage[]>;
  delete(queueName: string, receiptHandles: readonly string[]): Promise<void>;
  changeVisibility(queueName: string, receiptHandle: string, seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export const queueUrl = (endpoint: string, name: string): string => `${endpoint}/${LOCAL_ACCOUNT_ID}/${name}`;

export interface QueueEngineOptions {
  readonly region: string;
  readonly port: number;
  /** @default in memory */
  readonly dataDir?: string;
}

export async function startQueueEngine({ region, port, dataDir }: QueueEngineOptions): Promise<QueueEngine> {
  const refuseStrangers = loopbackOnly(port);
  const server = await startFauxqs({
    port,
    logger: false,
    defaultRegion: region,
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const sqs = awsJsonClient(endpoint, 'sqs', region);
  const url = (name: string): string => queueUrl(endpoint, name);
  return {
    endpoint,
    ensureQueue: (name, attributes) => ensureQueue(server, sqs, url(name), { name, attributes }),
    ensureTopic: (name) => void server.createTopic(name),
    ensureBucket: async (name) => {
      const found = await fetch(`${endpoint}/${name}`, { method: 'HEAD' });
      if (found.status === 404) server.createBucket(name);
    },
    hasQueue: (name) => server.inspectQueue(name) !== undefined,
    send: (name, body, options = {}) => void server.sendMessage(name, body, { ...options, region }),
    receive: (name, options) => receive(sqs, url(name), options),
    delete: (name, receiptHandles) => deleteAll(sqs, url(name), receiptHandles),
    changeVisibility: async (name, ReceiptHandle, VisibilityTimeout) => {
      await sqs.call('AmazonSQS.ChangeMessageVisibility', {
        QueueUrl: url(name),
        ReceiptHandle,
        VisibilityTimeout,
      });
    },
    stop: async () => {
      await server.stop();
      refuseStrangers.stop();
    },
  };
}

/** fauxqs listens on every interface; nothing of this machine's queues and objects is meant for the network. */
function loopbackOnly(port: number): { stop(): void } {
  const channel = 'net.server.socket';
  const drop = (message: unknown): void => {
    const { socket } = message as { socket: Socket }; // the documented shape of this channel's message
    const local = socket.remoteAddress === '127.0.0.1' || socket.remoteAddress === '::ffff:127.0.0.1';
    if (socket.localPort === port && !local) socket.destroy();
  };
  subscribe(channel, drop);
  return { stop: () => void unsubscribe(channel, drop) };
}

async function ensureQueue(
  server: FauxqsServer,
  sqs: AwsJsonClient,
  url: string,
  queue: { readonly name: string; readonly attributes: Readonly<Record<string, string>> },
): Promise<void> {
  const existing = server.inspectQueue(queue.name);
  // Creating a queue again would drop its messages.
  if (existing === undefined) server.createQueue(queue.name, { attributes: { ...queue.attributes } });
  else if (Object.entries(queue.attributes).some(([name, value]) => existing.attributes[name] !== value)) {
    const { FifoQueue: _immutable, ...mutable } = queue.attributes;
    await sqs.call('AmazonSQS.SetQueueAttributes', { QueueUrl: url, Attributes: mutable });
  }
}

const receivedSchema = z.looseObject({
  Messages: z
    .array(
      z.looseObject({
        MessageId: z.string(),
        ReceiptHandle: z.string(),
        Body: z.string(),
        MD5OfBody: z.string(),
        Attributes: z.record(z.string(), z.string()).default({}),
        MessageAttributes: z
          .record(
            z.string(),
            z.looseObject({
              DataType: z.string(),
              StringValue: z.string().optional(),
              BinaryValue: z.string().optional(),
            }),
          )
          .default({}),
      }),
    )
    .default([]),
});

async function receive(
  sqs: AwsJsonClient,
  url: string,
  options: ReceiveOptions,
): Promise<readonly QueueMessage[]> {
  const answer = await sqs.call(
    'AmazonSQS.ReceiveMessage',
    {
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(10, options.maximumMessages),
      WaitTimeSeconds: options.waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      ...(options.visibilityTimeoutSeconds === undefined
        ? {}
        : { VisibilityTimeout: options.visibilityTimeoutSeconds }),
    },
    options.signal,
  );
  return receivedSchema.parse(answer).Messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    md5OfBody: message.MD5OfBody,
    attributes: message.Attributes,
    messageAttributes: message.MessageAttributes,
  }));
}

const deletedSchema = z.looseObject({
  Failed: z.array(z.looseObject({ Message: z.string().optional() })).default([]),
});

async function deleteAll(sqs: AwsJsonClient, url: string, receiptHandles: readonly string[]): Promise<void> {
  for (let start = 0; start < receiptHandles.length; start += 10) {
    const Entries = receiptHandles
      .slice(start, start + 10)
      .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
    const answer = await sqs.call('AmazonSQS.DeleteMessageBatch', { QueueUrl: url, Entries });
    const { Failed } = deletedSchema.parse(answer);
    if (Failed.length > 0) throw new EngineError(`${Failed.length} messages of ${url} were not deleted`);
  }
}
