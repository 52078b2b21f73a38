import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { METRICS } from '../contract/metrics.ts';
import type { Observer } from '../ports/observer.ts';
import type { FunctionObserver } from './powertools-observer.ts';

/** What becomes of one message. */
export type RecordOutcome =
  | { readonly kind: 'ack' }
  /** Comes back after the queue's visibility timeout; `afterSeconds` says when a try is worth while, for the log. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterSeconds?: number }
  /** No later try can help: left to the redrive policy, which moves it to the dead-letter queue. */
  | { readonly kind: 'dead-letter'; readonly reason: string };

export interface RecordContext {
  readonly messageId: string;
  /** 1 on the first delivery. */
  readonly receiveCount: number;
  /** When the message was put on the queue, epoch milliseconds. */
  readonly sentAt: number;
  /** Id of the Lambda invocation. */
  readonly requestId: string;
  /** What is left of the invocation, in milliseconds. */
  readonly remainingMilliseconds: () => number;
}

export interface QueueHandlerOptions<Body> {
  /** Shape of the message's JSON body. */
  readonly schema: z.ZodType<Body>;
  /** One message, one use case, one outcome. What it throws is logged, and the message retried. */
  readonly handle: (body: Body, context: RecordContext) => Promise<RecordOutcome>;
  readonly observer: Observer & Partial<Pick<FunctionObserver, 'addContext' | 'flush'>>;
  /** @default true */
  readonly inParallel?: boolean;
}

export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Tells Powertools that a record failed; the reason has been logged where it was known. */
class RecordNotDone extends Error {
  override readonly name = 'RecordNotDone';
}

/** The handler of a function behind an SQS event source with ReportBatchItemFailures. */
export const createQueueHandler = <Body>(options: QueueHandlerOptions<Body>): QueueHandler => {
  const processor = new BatchProcessor(EventType.SQS);
  return async (event, context) => {
    options.observer.addContext?.(context);
    try {
      return await processPartialResponse(
        event,
        (record: SQSRecord) => handleRecord(record, context, options),
        processor,
        {
          processInParallel: options.inParallel ?? true,
          // A whole batch that has to come again is no failure of the function: its alarm would ring for every retry.
          throwOnFullBatchFailure: false,
        },
      );
    } finally {
      options.observer.flush?.();
    }
  };
};

const handleRecord = async <Body>(
  record: SQSRecord,
  context: Context,
  { schema, handle, observer }: QueueHandlerOptions<Body>,
): Promise<void> => {
  const body = parseBody(record, schema);
  if (body.kind === 'poison') return refuse(record, body.reason, observer);
  const outcome = await outcomeOf(() => handle(body.value, contextOf(record, context)), record, observer);
  switch (outcome.kind) {
    case 'ack':
      return;
    case 'retry':
      observer.info('message comes again', {
        messageId: record.messageId,
        reason: outcome.reason,
        afterSeconds: outcome.afterSeconds,
      });
      throw new RecordNotDone(outcome.reason);
    case 'dead-letter':
      return refuse(record, outcome.reason, observer);
  }
};

const outcomeOf = async (
  handle: () => Promise<RecordOutcome>,
  record: SQSRecord,
  observer: Observer,
): Promise<RecordOutcome> => {
  try {
    return await handle();
  } catch (error) {
    observer.error('message failed', error, {
      messageId: record.messageId,
      receiveCount: receiveCountOf(record),
    });
    throw new RecordNotDone('failed', { cause: error });
  }
};

const refuse = (record: SQSRecord, reason: string, observer: Observer): never => {
  observer.warn('message goes to the dead-letter queue', {
    messageId: record.messageId,
    receiveCount: receiveCountOf(record),
    reason,
  });
  observer.count(METRICS.poisonMessage);
  throw new RecordNotDone(reason);
};

type ParsedBody<Body> =
  | { readonly kind: 'parsed'; readonly value: Body }
  | { readonly kind: 'poison'; readonly reason: string };

const parseBody = <Body>(record: SQSRecord, schema: z.ZodType<Body>): ParsedBody<Body> => {
  let body: unknown;
  try {
    body = JSON.parse(record.body);
  } catch {
    return { kind: 'poison', reason: 'the body is not JSON' };
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { kind: 'parsed', value: parsed.data };
  const paths = new Set(
    parsed.error.issues.map((issue) => `${issue.path.join('.') || '(root)'} ${issue.code}`),
  );
  return { kind: 'poison', reason: `the body is not as agreed: ${[...paths].join(', ')}` };
};

const receiveCountOf = (record: SQSRecord): number => Number(record.attributes.ApproximateReceiveCount);

const contextOf = (record: SQSRecord, context: Context): RecordContext => ({
  messageId: record.messageId,
  receiveCount: receiveCountOf(record),
  sentAt: Number(record.attributes.SentTimestamp),
  requestId: context.awsRequestId,
  remainingMilliseconds: () => context.getRemainingTimeInMillis(),
});
