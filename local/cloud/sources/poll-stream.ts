import type { Background } from '../background.ts';
import type { QueueEngine } from '../engines/queue-engine.ts';
import type { FunctionRegistry } from '../functions/function-registry.ts';
import type { Checkpoints } from './checkpoints.ts';
import { readShard } from './shard-reader.ts';
import type { StreamClient } from './stream-client.ts';
import type { StreamSource } from './stream-source.ts';

export interface StreamPorts {
  readonly stream: StreamClient;
  readonly queues: QueueEngine;
  readonly functions: FunctionRegistry;
  readonly checkpoints: Checkpoints;
  readonly work: Background;
}

const NEW_SHARDS_MILLISECONDS = 10_000;

/** Reads every shard of a stream, those that appear later too, each from where it was left. */
export async function pollStream(source: StreamSource, ports: StreamPorts): Promise<void> {
  const { work, stream, functions, queues, checkpoints } = ports;
  const mapping = `${source.functionName}|${source.engineStreamArn}`;
  const known = new Set<string>();
  while (!work.signal.aborted) {
    const found = await stream.shards(source.engineStreamArn);
    for (const shardId of found.filter((shard) => !known.has(shard))) {
      known.add(shardId);
      work.run(`stream of ${source.functionName}`, (signal) =>
        readShard(source, shardId, {
          stream,
          signal,
          resumeAfter: checkpoints.get(mapping, shardId),
          checkpoint: (sequenceNumber) => checkpoints.set(mapping, shardId, sequenceNumber),
          invoke: (payload, requestId) => functions.invoke(source.functionName, payload, requestId),
          sendToQueue: (queueName, text) => queues.send(queueName, text),
          pause: work.pause,
          now: Date.now,
          report: (error) => work.report(`stream of ${source.functionName}`, error),
        }),
      );
    }
    await work.pause(known.size === 0 ? 250 : NEW_SHARDS_MILLISECONDS);
  }
}
