import type { CodeSource } from './bundles/code-source.ts';
import type { Environment } from './config/environment-configuration.ts';
import type { AlarmRegistry } from './monitoring/alarm-registry.ts';

/** What every construct of one deployment shares. */
export interface Deployment {
  readonly environment: Environment;
  readonly alarms: AlarmRegistry;
  readonly codeOf: CodeSource;
}

/** Physical names: `trunkline-<environment>-<part>-<part>`. */
export const resourceName = ({ environment }: Deployment, ...parts: readonly string[]): string =>
  ['trunkline', environment.name, ...parts].join('-');
