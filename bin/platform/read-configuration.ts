import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../lib/config/configuration-error.ts';
import type { EnvironmentConfiguration } from '../../lib/config/environment-configuration.ts';
import { loadConfiguration } from '../../lib/config/load-configuration.ts';
import { CommandError } from '../commands/command-error.ts';

const CONFIGURATIONS = fileURLToPath(new URL('../../config/environments', import.meta.url));

/** An environment's configuration, with overrides as for cdk. @throws CommandError that names the key */
export function readConfiguration(
  environment: string,
  overrides: Readonly<Record<string, string>>,
): EnvironmentConfiguration {
  try {
    return loadConfiguration({ environment, directory: CONFIGURATIONS, overrides }).configuration;
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CommandError(error.message, { cause: error });
    throw error;
  }
}
