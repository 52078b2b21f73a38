import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import type { Deployment } from '../deployment.ts';

export interface ContactKeySecretProps {
  readonly deployment: Deployment;
  readonly key: IKey;
}

/**
 * The key of addresses' hashes. Drawn once and kept for good: with another key every opt-out would name somebody else,
 * so it is never rotated, and goes with no stack of a real environment.
 */
export class ContactKeySecret extends Construct {
  readonly secretName: string;
  readonly key: IKey;

  constructor(scope: Construct, id: string, { deployment, key }: ContactKeySecretProps) {
    super(scope, id);
    this.key = key;
    this.secretName = `trunkline/${deployment.environment.name}/contact-key`;
    const { retainOnDelete } = deployment.environment.configuration.protection;
    const secret = new Secret(this, 'Secret', {
      secretName: this.secretName,
      description: `Key of the keyed hashes of addresses of Trunkline, ${deployment.environment.name}; never rotate it`,
      encryptionKey: key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: retainOnDelete ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(secret, 'keyedForGood');
  }
}
