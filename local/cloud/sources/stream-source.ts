import type { EventMatcher } from '../events/event-pattern.ts';

/** A DynamoDB stream event source mapping. */
export interface StreamSource {
  /** What the function sees as `eventSourceARN`. */
  readonly streamArn: string;
  /** What the engine calls the same stream. */
  readonly engineStreamArn: string;
  readonly region: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly startsAt: 'TRIM_HORIZON' | 'LATEST';
  readonly reportsItemFailures: boolean;
  readonly bisectsOnError: boolean;
  /** -1: until the record is too old, or for ever. */
  readonly maximumRetryAttempts: number;
  /** -1: no limit. */
  readonly maximumRecordAgeSeconds: number;
  readonly parallelizationFactor: number;
  readonly filters: readonly EventMatcher[];
  readonly onFailureQueue: string | undefined;
}
