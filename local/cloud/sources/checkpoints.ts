import { join } from 'node:path';
import * as z from 'zod';
import { jsonFile } from '../state/json-file.ts';

/** How far each mapping has got in each shard, on disk. */
export interface Checkpoints {
  get(mapping: string, shardId: string): string | undefined;
  set(mapping: string, shardId: string, sequenceNumber: string): void;
}

const schema = z.record(z.string(), z.string());

export function fileCheckpoints(stateDirectory: string): Checkpoints {
  const file = jsonFile(join(stateDirectory, 'stream-checkpoints.json'), schema, () => ({}));
  const positions = new Map<string, string>(Object.entries(file.read()));
  const key = (mapping: string, shardId: string): string => `${mapping}|${shardId}`;
  return {
    get: (mapping, shardId) => positions.get(key(mapping, shardId)),
    set: (mapping, shardId, sequenceNumber) => {
      positions.set(key(mapping, shardId), sequenceNumber);
      file.write(Object.fromEntries(positions));
    },
  };
}
