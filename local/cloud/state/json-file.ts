import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as z from 'zod';

export interface JsonFile<Value> {
  read(): Value;
  write(value: Value): void;
}

/**
 * One JSON document on disk, replaced atomically and readable by its owner alone.
 * @param fallback the value of a file that does not exist yet
 * @throws when the file exists and does not fit the schema: it was not written by this version
 */
export function jsonFile<Value>(
  path: string,
  schema: z.ZodType<Value>,
  fallback: () => Value,
): JsonFile<Value> {
  return {
    read: () => {
      if (!existsSync(path)) return fallback();
      const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
      if (parsed.success) return parsed.data;
      throw new Error(`${path} cannot be read (start with --fresh to wipe it): ${parsed.error.message}`);
    },
    write: (value) => {
      mkdirSync(dirname(path), { recursive: true });
      const draft = `${path}.${process.pid}.tmp`;
      writeFileSync(draft, JSON.stringify(value, null, 2), { mode: 0o600 });
      renameSync(draft, path);
    },
  };
}
