import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { RecordingPolicy } from '../../functions/shared/contract/recording-policy.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import { type Deployment, resourceName } from '../deployment.ts';

export interface RecordingsBucketProps {
  readonly deployment: Deployment;
  readonly policy: RecordingPolicy;
  readonly key: IKey;
}

/** Beyond the policy's own time: expiry is the net under keep-recordings, which deletes in time and tells of it. */
const NET_DAYS = 30;

/**
 * Our copies of recordings: encrypted with the customer key, private, over TLS only, without versions (what is deleted is
 * gone), and expired by the bucket itself if nothing else did.
 */
export class RecordingsBucket extends Construct {
  readonly bucket: Bucket;
  readonly bucketName: string;
  readonly key: IKey;

  constructor(scope: Construct, id: string, { deployment, policy, key }: RecordingsBucketProps) {
    super(scope, id);
    const { protection, account } = deployment.environment.configuration;
    this.key = key;
    // Names are unique over all of AWS.
    this.bucketName = `${resourceName(deployment, 'recordings')}-${account}`;
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: this.bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: protection.retainOnDelete ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        {
          id: 'quarantine',
          prefix: 'quarantine/',
          expiration: Duration.days(policy.withoutProof.quarantineDays + NET_DAYS),
        },
        { id: 'recordings', prefix: 'recordings/', expiration: Duration.days(policy.keepDays + NET_DAYS) },
        { id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    acknowledge(this, 'nothingKeptBehind');
  }
}
