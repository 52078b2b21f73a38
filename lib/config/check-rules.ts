import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { KeywordSet, keywordFindings, TwilioKeywords } from '../../functions/shared/contract/keyword-sets.ts';
import { RecordingPolicy } from '../../functions/shared/contract/recording-policy.ts';
import { FrequencyFile, frequencyProblems } from '../../functions/shared/contract/rules/frequency.ts';
import { QuietHoursFile, quietHoursProblems } from '../../functions/shared/contract/rules/quiet-hours.ts';
import { ConfigurationError } from './configuration-error.ts';
import { findingsOfIssue, readJson } from './load-configuration.ts';

/**
 * The rules that functions carry in their bundles, checked before anything is bundled.
 * @throws ConfigurationError that names the file, and what overlaps, contradicts, or is missing.
 */
export const checkRules = (directory: string): void => {
  const quietHours = readRuleFiles(join(directory, 'quiet-hours'), 'config/quiet-hours', QuietHoursFile);
  const findings = quietHoursProblems(quietHours);
  if (findings.length > 0) throw new ConfigurationError('config/quiet-hours', findings);
  const caps = frequencyProblems(
    readRuleFiles(join(directory, 'frequency'), 'config/frequency', FrequencyFile),
  );
  if (caps.length > 0) throw new ConfigurationError('config/frequency', caps);
  readRuleFiles(join(directory, 'recording'), 'config/recording', RecordingPolicy);
  const words = keywordFindings(...readKeywordFiles(join(directory, 'keywords')));
  if (words.length > 0) throw new ConfigurationError('config/keywords', words);
};

const readRuleFiles = <Schema extends z.ZodType>(
  directory: string,
  source: string,
  schema: Schema,
  isMeant: (file: string) => boolean = () => true,
): readonly z.infer<Schema>[] =>
  readdirSync(directory)
    .filter((file) => file.endsWith('.json') && isMeant(file))
    .sort()
    .map((file) => readRuleFile(join(directory, file), `${source}/${file}`, schema));

const readRuleFile = <Schema extends z.ZodType>(
  path: string,
  source: string,
  schema: Schema,
): z.infer<Schema> => {
  const parsed = schema.safeParse(readJson(path, source), { reportInput: false });
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(source, parsed.error.issues.flatMap(findingsOfIssue));
};

const TWILIO = 'twilio.json';

/** A file a language, and one of what Twilio itself answers. */
const readKeywordFiles = (directory: string) =>
  [
    readRuleFiles(directory, 'config/keywords', KeywordSet, (file) => file !== TWILIO),
    readRuleFile(join(directory, TWILIO), `config/keywords/${TWILIO}`, TwilioKeywords),
  ] as const;
