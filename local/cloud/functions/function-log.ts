import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { FunctionLogger } from './function-definition.ts';

const LARGEST_FILE_BYTES = 20_000_000;

export interface FunctionLogEntry {
  readonly functionName: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

export interface FunctionLogs {
  loggerFor(functionName: string): FunctionLogger;
  close(): Promise<void>;
}

/** `<directory>/<function>.log`, one line per line the function wrote; the file of an earlier, long run is kept as `.1`. */
export function functionLogs(directory: string, onLog: (entry: FunctionLogEntry) => void): FunctionLogs {
  mkdirSync(directory, { recursive: true });
  const files = new Map<string, WriteStream>();
  return {
    loggerFor: (functionName) => (stream, line) => {
      const file = files.get(functionName) ?? openLog(join(directory, `${functionName}.log`));
      files.set(functionName, file);
      file.write(`${line}\n`);
      onLog({ functionName, stream, line });
    },
    close: async () => {
      await Promise.all([...files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
    },
  };
}

function openLog(path: string): WriteStream {
  if (existsSync(path) && statSync(path).size > LARGEST_FILE_BYTES) renameSync(path, `${path}.1`);
  return createWriteStream(path, { flags: 'a' });
}
