import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { staticDocuments } from '../../functions/voice/domain/static-documents.ts';
import { StaticAnswer } from '../constructs/static-answer.ts';
import type { Deployment } from '../deployment.ts';
import { TrunklineStack } from './trunkline-stack.ts';

/** What callers hear when everything else fails; needs nothing of any other stack, and is asked nothing by them. */
export class FallbackStack extends TrunklineStack {
  /** Complete address of the document for calls whose webhooks fail. */
  readonly voiceFallbackUrl: string;

  constructor(scope: Construct, deployment: Deployment) {
    super(scope, { subject: 'fallback', deployment });
    const { voice } = deployment.environment.configuration;
    const answer = new StaticAnswer(this, 'Voice', {
      deployment,
      name: 'voice-fallback',
      documents: staticDocuments(voice.fallback),
    });
    this.voiceFallbackUrl = voice.fallbackUrl ?? `${answer.origin}/voice/fallback.xml`;
    new CfnOutput(this, 'VoiceFallbackUrl', { value: this.voiceFallbackUrl });
  }
}
