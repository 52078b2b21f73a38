import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { bundleFunctions } from './bundles/bundle-functions.ts';
import { type CodeSource, withoutCode } from './bundles/code-source.ts';
import { checkRules } from './config/check-rules.ts';
import { requireSoundFlows } from './config/check-voice.ts';
import { checkErrorPolicy } from './config/error-policy-checks.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import type { Overrides } from './config/overrides.ts';
import { createApp } from './trunkline-app.ts';

export interface SynthesizeInput {
  /** Name of the environment: `config/environments/<environment>.json`. */
  readonly environment: string | undefined;
  /** Values given by `-c`, as text: `{'twilio.baseUrl': 'http://127.0.0.1:4010'}`. */
  readonly overrides?: Overrides;
  /** Where the cloud assembly is written. @default where the CDK command line says, else a temporary directory */
  readonly outputDirectory?: string;
  /** Check the templates against CloudFormation's schema and cdk-nag's packs. @default true */
  readonly checks?: boolean;
  /** Bundle the functions; without, the templates are complete and the code is empty. @default true */
  readonly bundles?: boolean;
  /** @default this repository */
  readonly root?: string;
}

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

/** Configuration, bundles, stacks, checks: the cloud assembly of one environment. Calls nothing on the network. */
export const synthesize = async (input: SynthesizeInput): Promise<CloudAssembly> => {
  const root = input.root ?? REPOSITORY;
  const environment = loadConfiguration({
    environment: input.environment,
    directory: join(root, 'config', 'environments'),
    overrides: input.overrides ?? {},
  });
  checkRules(join(root, 'config'));
  requireSoundFlows();
  checkErrorPolicy(root);
  const codeOf: CodeSource =
    (input.bundles ?? true)
      ? await bundleFunctions({ root, cacheDirectory: join(root, '.trunkline', 'bundles') })
      : withoutCode;
  return createApp({
    environment,
    codeOf,
    checks: input.checks ?? true,
    outputDirectory: input.outputDirectory,
  }).synth();
};
