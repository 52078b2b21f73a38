import { ConfigurationError } from './configuration-error.ts';
import type { Overrides } from './overrides.ts';

/** What `cdk -c key=value` said, told apart. */
export interface ContextArguments {
  readonly environment: string | undefined;
  readonly overrides: Overrides;
  readonly checks: boolean;
  readonly bundles: boolean;
}

/** Keys that the CDK command line or library puts into the context itself. */
const OWN_KEYS_OF_CDK = /^(@|aws:|aws-cdk|cdk:|cli-|availability-zones|acknowledged-issue-numbers|notices)/;

const SWITCHES = ['trunkline:checks', 'trunkline:bundles'] as const;

/** Every key that is neither CDK's own nor a switch is an override; whether it exists, the schema decides. */
export const contextArguments = (context: Readonly<Record<string, unknown>>): ContextArguments => {
  const ours = Object.entries(context).filter(([key]) => !OWN_KEYS_OF_CDK.test(key));
  const overrides = ours.filter(([key]) => key !== 'env' && !SWITCHES.some((name) => name === key));
  const unknown = overrides.find(([key]) => key.startsWith('trunkline:'));
  if (unknown !== undefined) throw new ConfigurationError(`-c ${unknown[0]}`, ['unknown switch']);
  return {
    environment: context.env === undefined ? undefined : asText(context.env),
    overrides: Object.fromEntries(overrides.map(([key, value]) => [key, asText(value)])),
    checks: switchedOn(context, 'trunkline:checks'),
    bundles: switchedOn(context, 'trunkline:bundles'),
  };
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const switchedOn = (context: Readonly<Record<string, unknown>>, key: (typeof SWITCHES)[number]): boolean => {
  const value = context[key] ?? 'on';
  if (value === 'on') return true;
  if (value === 'off') return false;
  throw new ConfigurationError(`-c ${key}`, [`${JSON.stringify(value)} is neither "on" nor "off"`]);
};
