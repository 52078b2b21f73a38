import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { ConfigurationError, keyPath } from './configuration-error.ts';
import { crossChecks } from './cross-checks.ts';
import { type Environment, EnvironmentConfiguration } from './environment-configuration.ts';
import { applyOverrides, type Overrides } from './overrides.ts';

export interface LoadConfigurationInput {
  /** Name of the environment: the file is `<directory>/<environment>.json`. */
  readonly environment: string | undefined;
  readonly directory: string;
  readonly overrides?: Overrides;
}

/**
 * Reads, overrides and checks the configuration of one environment.
 * Throws ConfigurationError that names the file (or the `-c`) and the key path of every finding.
 */
export const loadConfiguration = ({
  environment,
  directory,
  overrides = {},
}: LoadConfigurationInput): Environment => {
  const name = knownEnvironment(environment, directory);
  const source = `config/environments/${name}.json`;
  const document = applyOverrides(
    readJson(join(directory, `${name}.json`), source),
    overrides,
    EnvironmentConfiguration,
  );
  const parsed = EnvironmentConfiguration.safeParse(document, { reportInput: false });
  if (!parsed.success) throw new ConfigurationError(source, parsed.error.issues.flatMap(findingsOfIssue));
  const findings = crossChecks(name, parsed.data);
  if (findings.length > 0) throw new ConfigurationError(source, findings);
  return { name, configuration: parsed.data };
};

/** Names for which a configuration file exists, sorted. */
export const environmentNames = (directory: string): readonly string[] =>
  readdirSync(directory)
    .filter((file) => /^[a-z][a-z0-9-]{1,19}\.json$/.test(file))
    .map((file) => file.replace(/\.json$/, ''))
    .sort();

const knownEnvironment = (environment: string | undefined, directory: string): string => {
  const names = environmentNames(directory);
  if (environment !== undefined && names.includes(environment)) return environment;
  const problem =
    environment === undefined ? 'is missing' : `${JSON.stringify(environment)} has no configuration`;
  throw new ConfigurationError('-c env', [`${problem}; there are: ${names.join(', ')}`]);
};

/** @throws ConfigurationError that names the source */
export const readJson = (path: string, source: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError(source, [
      `cannot be read as JSON: ${cause instanceof Error ? cause.message : cause}`,
    ]);
  }
};

/** In the words of an operator: key path and sentence. */
export const findingsOfIssue = (issue: z.core.$ZodIssue): readonly string[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => `${keyPath([...issue.path, key])}: unknown configuration key`)
    : [`${keyPath(issue.path)}: ${issue.message}`];
