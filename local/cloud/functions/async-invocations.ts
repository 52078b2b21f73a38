import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { queueNameOf } from '../arn.ts';
import type { Background } from '../background.ts';
import type { QueueEngine, QueueMessage } from '../engines/queue-engine.ts';
import type { InvocationResult } from './function-definition.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** How a function takes events that nobody waits for (AWS::Lambda::EventInvokeConfig). */
interface AsyncSettings {
  /** @default 2, Lambda's */
  readonly maximumRetryAttempts?: number | undefined;
  /** @default 21600, Lambda's six hours */
  readonly maximumEventAgeSeconds?: number | undefined;
  readonly onFailureArn?: string | undefined;
}

export interface AsyncInvocations {
  configure(functionName: string, settings: AsyncSettings): void;
  /** Durable when it returns. @param payload JSON text */
  enqueue(functionName: string, payload: string): void;
}

const QUEUE = 'trunkline-local-async-invocations';
const IN_FLIGHT = 50;
/** After a crash of this process an event comes back so long after its function's timeout. */
const SPARE_SECONDS = 30;
/** Lambda waits one minute, then two; here a second stands for a minute, so that nobody waits for a retry. */
const RETRY_DELAYS_SECONDS = [1, 2];

const entrySchema = z.strictObject({
  functionName: z.string(),
  payload: z.string(),
  requestId: z.string(),
  attempt: z.number(),
  enqueuedAt: z.number(),
});
type Entry = z.infer<typeof entrySchema>;

/** Lambda's own queue in front of functions: two retries, then the function's dead-letter queue or failure destination. */
export async function startAsyncInvocations(
  queues: QueueEngine,
  functions: FunctionRegistry,
  work: Background,
): Promise<AsyncInvocations> {
  await queues.ensureQueue(QUEUE, { VisibilityTimeout: String(SPARE_SECONDS) });
  const settings = new Map<string, AsyncSettings>();
  const put = (entry: Entry, delaySeconds = 0): void =>
    queues.send(QUEUE, JSON.stringify(entry), { delaySeconds });
  const handle = async (message: QueueMessage): Promise<void> => {
    const entry = entrySchema.parse(JSON.parse(message.body));
    if (functions.has(entry.functionName)) {
      const { deadLetterArn, timeoutSeconds } = functions.definition(entry.functionName);
      await queues.changeVisibility(QUEUE, message.receiptHandle, timeoutSeconds + SPARE_SECONDS);
      const result = await functions.invoke(entry.functionName, entry.payload, entry.requestId);
      if (result.kind !== 'ok' && work.signal.aborted) {
        return queues.changeVisibility(QUEUE, message.receiptHandle, 0);
      }
      const own = { deadLetterArn, ...settings.get(entry.functionName) };
      const next = settlement(entry, result, own);
      if (next.kind === 'again') put({ ...entry, attempt: next.attempt }, next.delaySeconds);
      if (next.kind === 'given-up') giveUp(entry, result, own, queues);
    }
    await queues.delete(QUEUE, [message.receiptHandle]);
  };
  work.keep('asynchronous invocations', (signal) => poll(queues, work, signal, handle));
  return {
    configure: (functionName, own) => void settings.set(functionName, own),
    enqueue: (functionName, payload) =>
      put({ functionName, payload, requestId: randomUUID(), attempt: 1, enqueuedAt: Date.now() }),
  };
}

async function poll(
  queues: QueueEngine,
  work: Background,
  signal: AbortSignal,
  handle: (message: QueueMessage) => Promise<void>,
): Promise<void> {
  let inFlight = 0;
  while (!signal.aborted) {
    const messages = await queues.receive(QUEUE, {
      maximumMessages: Math.max(1, Math.min(10, IN_FLIGHT - inFlight)),
      waitSeconds: 20,
      signal,
    });
    for (const message of messages) {
      inFlight += 1;
      work.run('asynchronous invocation', () =>
        handle(message).finally(() => {
          inFlight -= 1;
        }),
      );
    }
    while (inFlight >= IN_FLIGHT && !signal.aborted) await work.pause(20);
  }
}

/** What becomes of an asynchronous event after an attempt. */
type Settlement =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly attempt: number; readonly delaySeconds: number }
  | { readonly kind: 'given-up' };

function settlement(entry: Entry, result: InvocationResult, settings: AsyncSettings): Settlement {
  if (result.kind === 'ok') return { kind: 'done' };
  if (Date.now() - entry.enqueuedAt > (settings.maximumEventAgeSeconds ?? 21_600) * 1000)
    return { kind: 'given-up' };
  // A throttled event was never tried: it waits as long as its age allows.
  if (result.kind === 'throttled') return { kind: 'again', attempt: entry.attempt, delaySeconds: 1 };
  if (entry.attempt > (settings.maximumRetryAttempts ?? 2)) return { kind: 'given-up' };
  return {
    kind: 'again',
    attempt: entry.attempt + 1,
    delaySeconds: RETRY_DELAYS_SECONDS[entry.attempt - 1] ?? 2,
  };
}

function giveUp(
  entry: Entry,
  result: InvocationResult,
  settings: AsyncSettings & { readonly deadLetterArn: string | undefined },
  queues: QueueEngine,
): void {
  const deadLetters = settings.deadLetterArn === undefined ? undefined : queueNameOf(settings.deadLetterArn);
  const destination = settings.onFailureArn === undefined ? undefined : queueNameOf(settings.onFailureArn);
  if (deadLetters !== undefined) queues.send(deadLetters, entry.payload);
  if (destination !== undefined) queues.send(destination, JSON.stringify(failureRecord(entry, result)));
}

/** The record that Lambda sends to an on-failure destination. */
function failureRecord(entry: Entry, result: InvocationResult): unknown {
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: entry.requestId,
      functionArn: entry.functionName,
      condition: result.kind === 'throttled' ? 'EventAgeExceeded' : 'RetriesExhausted',
      approximateInvokeCount: entry.attempt,
    },
    requestPayload: JSON.parse(entry.payload),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: result.kind === 'function-error' ? result.error : null,
  };
}
