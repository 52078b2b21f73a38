import { DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Deployment, resourceName } from '../deployment.ts';

export type StackSubject =
  | 'state'
  | 'fallback'
  | 'ingress'
  | 'channels'
  | 'consent'
  | 'support'
  | 'observability';

/** A stack of one deployment: named `trunkline-<env>-<subject>`, in the configured account and region, protected as configured. */
export class TrunklineStack extends Stack {
  constructor(
    scope: Construct,
    { subject, deployment }: { readonly subject: StackSubject; readonly deployment: Deployment },
  ) {
    const { account, region, protection } = deployment.environment.configuration;
    super(scope, resourceName(deployment, subject), {
      env: { account, region },
      description: `Trunkline, ${deployment.environment.name}: ${subject}`,
      terminationProtection: protection.deletionProtection,
      tags: { application: 'trunkline', environment: deployment.environment.name },
      synthesizer: parameterless(),
    });
  }
}

/**
 * The command line compares the bootstrap version itself; so templates need no parameter that is looked up.
 * The cast: the library's class declares `string | undefined` where its own interface says optional.
 */
const parameterless = (): IStackSynthesizer =>
  new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer;
