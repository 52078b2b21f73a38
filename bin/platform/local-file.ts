import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** `.trunkline/local.json`: where a running local platform is, for scripts and for the command line. */
export const LocalFile = z.object({
  hooksUrl: z.string(),
  applicationUrl: z.string(),
  consoleUrl: z.string().nullable(),
  simulatorUrl: z.string(),
  accountSid: z.string(),
  authToken: z.string(),
  /** Access token with every scope. */
  applicationToken: z.string(),
  /** Static document for calls whose webhooks fail. */
  voiceFallbackUrl: z.string().optional(),
  /** Number of each sender pool. */
  numbers: z.record(z.string(), z.string()),
  /** Environment variables that point an AWS SDK at the local engines. */
  aws: z.record(z.string(), z.string()),
});
export type LocalFile = z.infer<typeof LocalFile>;

export const localFilePath = (stateDirectory: string): string => join(stateDirectory, 'local.json');

/** The running platform's file (TRUNKLINE_STATE names another directory), or undefined where none has run here. */
export function readLocalFile(
  stateDirectory = process.env.TRUNKLINE_STATE ?? '.trunkline',
): LocalFile | undefined {
  let text: string;
  try {
    text = readFileSync(localFilePath(stateDirectory), 'utf8');
  } catch {
    return undefined;
  }
  return LocalFile.parse(JSON.parse(text));
}
