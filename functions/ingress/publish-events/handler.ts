import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { createEventBus } from '../../shared/aws/event-bus.ts';
import { createPublishFailedQueue, createSendQueues } from '../../shared/aws/send-queues.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironment, requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createObserver, type FunctionObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { type PublishPorts, publishChanges } from '../publish-changes.ts';
import { readStreamRecord } from '../read-stream-record.ts';

type StreamHandler = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

export const createHandler =
  (
    ports: PublishPorts & { readonly observer: Pick<FunctionObserver, 'addContext' | 'flush'> },
  ): StreamHandler =>
  async (event, context) => {
    ports.observer.addContext(context);
    try {
      const failed = await publishChanges(event.Records.map(readStreamRecord), ports);
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      ports.observer.flush();
    }
  };

const CLIENT = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
};

const onFirstBatch = onColdStart(() => {
  const sqs = new SQSClient(CLIENT);
  const queueUrls = requireEnvironmentJson(ENVIRONMENT.sendQueueUrls, z.record(z.string(), z.string()));
  return createHandler({
    eventBus: createEventBus(new EventBridgeClient(CLIENT), requireEnvironment(ENVIRONMENT.eventBusName)),
    sendQueues: createSendQueues(sqs, queueUrls),
    publishFailed: createPublishFailedQueue(sqs, requireEnvironment(ENVIRONMENT.publishFailedQueueUrl)),
    randomness: systemRandomness,
    sleep: systemSleep,
    observer: createObserver('publish-events'),
  });
});

export const handler: StreamHandler = async (event, context) => (await onFirstBatch())(event, context);
