import * as z from 'zod';
import { functionNameOf, queueNameOf, streamTableOf } from '../arn.ts';
import { errorText } from '../errors.ts';
import { type EventMatcher, eventPattern } from '../events/event-pattern.ts';
import { localArn, type Platform } from '../platform.ts';
import { REASONS } from './reasons.ts';
import {
  boolean,
  type Declared,
  generatedName,
  ignored,
  number,
  type ResourceKind,
  refusal,
  resourceKind,
} from './resource-kind.ts';

const shape = {
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: boolean.default(true),
  BatchSize: number.optional(),
  MaximumBatchingWindowInSeconds: number.default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: number.optional() }).optional(),
  FilterCriteria: z
    .strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })).default([]) })
    .optional(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  MaximumRetryAttempts: number.default(-1),
  MaximumRecordAgeInSeconds: number.default(-1),
  BisectBatchOnFunctionError: boolean.default(false),
  ParallelizationFactor: number.default(1),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string().optional() }).optional() })
    .optional(),
  KmsKeyArn: ignored(REASONS.encryption),
  MetricsConfig: ignored(REASONS.observability),
  Tags: ignored(REASONS.tags),
};
type Mapping = z.output<z.ZodObject<typeof shape>>;

/** Batches of one queue under way at a time, where the mapping sets no limit; Lambda starts with five pollers. */
const DEFAULT_CONCURRENCY = 5;

const mapping = resourceKind('AWS::Lambda::EventSourceMapping', shape, (properties, declared, platform) => {
  const queueName = queueNameOf(properties.EventSourceArn);
  const tableName = streamTableOf(properties.EventSourceArn);
  if (queueName === undefined && tableName === undefined) {
    throw refusal(
      declared,
      'EventSourceArn',
      `${properties.EventSourceArn} is neither a queue nor a table's stream`,
    );
  }
  if (properties.Enabled && queueName !== undefined)
    planQueueSource(queueName, properties, declared, platform);
  if (properties.Enabled && tableName !== undefined)
    planStreamSource(tableName, properties, declared, platform);
  const id = generatedName(declared, 128);
  const attributes = {
    Id: id,
    EventSourceMappingArn: localArn(platform, 'lambda', `event-source-mapping:${id}`),
  };
  return { ref: id, attributes };
});

function planQueueSource(
  queueName: string,
  properties: Mapping,
  declared: Declared,
  platform: Platform,
): void {
  const { BatchSize = 10, MaximumBatchingWindowInSeconds } = properties;
  if (BatchSize > 10 && MaximumBatchingWindowInSeconds < 1) {
    throw refusal(declared, 'BatchSize', 'more than 10 needs a MaximumBatchingWindowInSeconds');
  }
  platform.plan.queueSources.push({
    queueName,
    queueArn: properties.EventSourceArn,
    region: platform.region,
    functionName: functionNameOf(properties.FunctionName),
    batchSize: BatchSize,
    batchingWindowSeconds: MaximumBatchingWindowInSeconds,
    reportsItemFailures: properties.FunctionResponseTypes.length > 0,
    maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? DEFAULT_CONCURRENCY,
    filters: filtersOf(properties, declared),
  });
}

function planStreamSource(
  tableName: string,
  properties: Mapping,
  declared: Declared,
  platform: Platform,
): void {
  const engineStreamArn = platform.plan.streams.get(tableName);
  if (engineStreamArn === undefined)
    throw refusal(declared, 'EventSourceArn', `table ${tableName} has no stream`);
  if (properties.StartingPosition === undefined)
    throw refusal(declared, 'StartingPosition', 'a stream needs one');
  const functionName = functionNameOf(properties.FunctionName);
  const destination = properties.DestinationConfig?.OnFailure?.Destination;
  const onFailureQueue = destination === undefined ? undefined : queueNameOf(destination);
  if (destination !== undefined && onFailureQueue === undefined) {
    throw refusal(declared, 'DestinationConfig.OnFailure.Destination', `${destination} is not a queue`);
  }
  platform.plan.streamSources.push({
    streamArn: properties.EventSourceArn,
    engineStreamArn,
    region: platform.region,
    functionName,
    functionArn: localArn(platform, 'lambda', `function:${functionName}`),
    batchSize: properties.BatchSize ?? 100,
    batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
    startsAt: properties.StartingPosition,
    reportsItemFailures: properties.FunctionResponseTypes.length > 0,
    bisectsOnError: properties.BisectBatchOnFunctionError,
    maximumRetryAttempts: properties.MaximumRetryAttempts,
    maximumRecordAgeSeconds: properties.MaximumRecordAgeInSeconds,
    parallelizationFactor: properties.ParallelizationFactor,
    filters: filtersOf(properties, declared),
    onFailureQueue,
  });
}

function filtersOf({ FilterCriteria }: Mapping, declared: Declared): EventMatcher[] {
  return (FilterCriteria?.Filters ?? []).map(({ Pattern }) => {
    try {
      return eventPattern(JSON.parse(Pattern));
    } catch (error) {
      throw refusal(declared, 'FilterCriteria', errorText(error));
    }
  });
}

export const EVENT_SOURCE_KINDS: readonly ResourceKind[] = [mapping];
