/** The CDK app that `cdk synth -c env=<name>` starts; the command line hands its context over in the environment. */
import { readFileSync } from 'node:fs';
import { CONTEXT_ENV, CONTEXT_OVERFLOW_LOCATION_ENV } from 'aws-cdk-lib/cx-api';
import { ConfigurationError } from '../lib/config/configuration-error.ts';
import { contextArguments } from '../lib/config/context-overrides.ts';
import { synthesize } from '../lib/synthesize.ts';

/** A context too long for an environment variable is handed over in a file. */
const cdkContext = (): Record<string, unknown> => {
  const overflow = process.env[CONTEXT_OVERFLOW_LOCATION_ENV];
  return {
    ...JSON.parse(process.env[CONTEXT_ENV] ?? '{}'),
    ...(overflow === undefined ? {} : JSON.parse(readFileSync(overflow, 'utf8'))),
  };
};

try {
  await synthesize(contextArguments(cdkContext()));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
