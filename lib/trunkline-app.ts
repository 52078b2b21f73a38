import { createRequire } from 'node:module';
import { App, type AppProps } from 'aws-cdk-lib';
import type { CodeSource } from './bundles/code-source.ts';
import { addChecks } from './checks/add-checks.ts';
import type { Environment } from './config/environment-configuration.ts';
import type { Deployment } from './deployment.ts';
import { AlarmRegistry } from './monitoring/alarm-registry.ts';
import { ChannelsStack } from './stacks/channels-stack.ts';
import { ConsentStack } from './stacks/consent-stack.ts';
import { FallbackStack } from './stacks/fallback-stack.ts';
import { IngressStack } from './stacks/ingress-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { StateStack } from './stacks/state-stack.ts';
import { SupportStack } from './stacks/support-stack.ts';

export interface TrunklineAppProps {
  readonly environment: Environment;
  readonly codeOf: CodeSource;
  /** CloudFormation's own schema and cdk-nag's packs; a finding without a recorded reason fails synth. */
  readonly checks: boolean;
  /** @default where the CDK command line says, else a temporary directory */
  readonly outputDirectory?: string | undefined;
}

const recommendedFlags: Record<string, unknown> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

/**
 * Behaviour of the library as of its pinned version. Two settings of our own: references between stacks are exports
 * and imports, which every CloudFormation endpoint knows and which keep a used resource from being deleted; templates
 * name their assets' paths, which the local platform runs.
 */
const CONTEXT = {
  ...recommendedFlags,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  'aws:cdk:enable-asset-metadata': true,
} satisfies AppProps['context'];

/** The stacks of one deployment: state ← ingress ← channels ← consent ← support ← observability, and fallback ← ingress. */
export const createApp = ({ environment, codeOf, checks, outputDirectory }: TrunklineAppProps): App => {
  const app = new App({
    analyticsReporting: false,
    autoSynth: false,
    builtinCloudFormationValidation: checks,
    postCliContext: CONTEXT,
    ...(outputDirectory === undefined ? {} : { outdir: outputDirectory }),
  });
  const deployment: Deployment = { environment, codeOf, alarms: new AlarmRegistry() };
  const state = new StateStack(app, deployment);
  const fallback = new FallbackStack(app, deployment);
  const ingress = new IngressStack(app, deployment, { state, fallback });
  const channels = new ChannelsStack(app, deployment, state, ingress);
  const consent = new ConsentStack(app, deployment, state, ingress);
  const support = new SupportStack(app, deployment, state, ingress);
  const observability = new ObservabilityStack(app, deployment, state, ingress);
  ingress.addStackDependency(state);
  ingress.addStackDependency(fallback);
  channels.addStackDependency(ingress);
  consent.addStackDependency(channels);
  support.addStackDependency(consent);
  observability.addStackDependency(support);
  if (checks) addChecks(app);
  return app;
};
