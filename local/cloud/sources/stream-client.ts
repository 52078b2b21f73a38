import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { AwsJsonClient } from '../engines/aws-json.ts';

const image = z.record(z.string(), z.unknown());

const recordSchema = z.looseObject({
  eventID: z.string(),
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.looseObject({
    SequenceNumber: z.string(),
    ApproximateCreationDateTime: z.number(),
    Keys: image,
    NewImage: image.optional(),
    OldImage: image.optional(),
  }),
});
export type StreamRecord = z.infer<typeof recordSchema>;

const streamSchema = z.looseObject({
  StreamDescription: z.looseObject({
    Shards: z.array(z.looseObject({ ShardId: z.string() })),
    LastEvaluatedShardId: z.string().optional(),
  }),
});
const iteratorSchema = z.looseObject({ ShardIterator: z.string() });
const recordsSchema = z.looseObject({
  Records: z.array(recordSchema),
  NextShardIterator: z.string().nullish(),
});

type StreamPosition =
  | { readonly kind: 'oldest' }
  | { readonly kind: 'newest' }
  | { readonly kind: 'after'; readonly sequenceNumber: string };

interface ReadRecords {
  readonly records: readonly StreamRecord[];
  /** Absent when the shard is closed and read to its end. */
  readonly next: string | undefined;
}

/** The DynamoDB Streams API of an engine. */
export interface StreamClient {
  shards(streamArn: string): Promise<readonly string[]>;
  iterator(streamArn: string, shardId: string, position: StreamPosition): Promise<string>;
  read(iterator: string, limit: number, signal: AbortSignal): Promise<ReadRecords>;
}

const target = (operation: string): string => `DynamoDBStreams_20120810.${operation}`;

export function streamClient(client: AwsJsonClient): StreamClient {
  return {
    shards: async (StreamArn) => {
      const found: string[] = [];
      let ExclusiveStartShardId: string | undefined;
      do {
        const answer = await client.call(target('DescribeStream'), { StreamArn, ExclusiveStartShardId });
        const { Shards, LastEvaluatedShardId } = streamSchema.parse(answer).StreamDescription;
        found.push(...Shards.map((shard) => shard.ShardId));
        ExclusiveStartShardId = LastEvaluatedShardId;
      } while (ExclusiveStartShardId !== undefined);
      return found;
    },
    iterator: async (StreamArn, ShardId, position) => {
      const answer = await client.call(target('GetShardIterator'), {
        StreamArn,
        ShardId,
        ...startOf(position),
      });
      return iteratorSchema.parse(answer).ShardIterator;
    },
    read: async (ShardIterator, Limit, signal) => {
      const answer = await client.call(target('GetRecords'), { ShardIterator, Limit }, signal);
      const { Records, NextShardIterator } = recordsSchema.parse(answer);
      return { records: Records, next: NextShardIterator ?? undefined };
    },
  };
}

function startOf(position: StreamPosition): Readonly<Record<string, string>> {
  switch (position.kind) {
    case 'oldest':
      return { ShardIteratorType: 'TRIM_HORIZON' };
    case 'newest':
      return { ShardIteratorType: 'LATEST' };
    case 'after':
      return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.sequenceNumber };
  }
}

/** A write that changed nothing: DynamoDB puts no record of it on the stream, dynoxide does. */
export function changedNothing({ eventName, dynamodb }: StreamRecord): boolean {
  return (
    eventName === 'MODIFY' &&
    dynamodb.OldImage !== undefined &&
    isDeepStrictEqual(dynamodb.OldImage, dynamodb.NewImage)
  );
}
