import * as z from 'zod';
import { generatePassword, type SecretValue } from '../endpoint/secret-store.ts';
import { localArn } from '../platform.ts';
import { REASONS } from './reasons.ts';
import {
  boolean,
  generatedName,
  ignored,
  inertKind,
  number,
  type ResourceKind,
  resourceKind,
  text,
} from './resource-kind.ts';

const generate = z.strictObject({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: number.optional(),
  ExcludeCharacters: z.string().optional(),
  ExcludeLowercase: boolean.optional(),
  ExcludeUppercase: boolean.optional(),
  ExcludeNumbers: boolean.optional(),
  ExcludePunctuation: boolean.optional(),
  IncludeSpace: boolean.optional(),
  RequireEachIncludedType: boolean.optional(),
});

const secret = resourceKind(
  'AWS::SecretsManager::Secret',
  {
    Name: z.string().optional(),
    SecretString: z.string().optional(),
    GenerateSecretString: generate.optional(),
    Description: ignored(REASONS.metadata),
    KmsKeyId: ignored(REASONS.encryption),
    ReplicaRegions: ignored(REASONS.oneRegion),
    Tags: ignored(REASONS.tags),
  },
  ({ Name, SecretString, GenerateSecretString }, declared, platform) => {
    const name = Name ?? generatedName(declared, 256);
    const templateText = JSON.stringify([SecretString, GenerateSecretString]);
    const arn = platform.secrets.declare(name, templateText, () =>
      initialValue(SecretString, GenerateSecretString),
    );
    return { ref: arn, attributes: { Id: arn } };
  },
);

function initialValue(fixed: string | undefined, rules: z.infer<typeof generate> | undefined): SecretValue {
  if (fixed !== undefined || rules === undefined) return { secretString: fixed };
  const password = generatePassword(rules);
  if (rules.GenerateStringKey === undefined) return { secretString: password };
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(rules.SecretStringTemplate ?? '{}'));
  return { secretString: JSON.stringify({ ...template, [rules.GenerateStringKey]: password }) };
}

const parameter = resourceKind(
  'AWS::SSM::Parameter',
  {
    Name: z.string().optional(),
    Type: z.enum(['String', 'StringList']),
    Value: text,
    Description: ignored(REASONS.metadata),
    Tier: ignored(REASONS.capacity),
    AllowedPattern: ignored(REASONS.metadata),
    Policies: ignored(REASONS.lifecycle),
    DataType: ignored(REASONS.metadata),
    Tags: ignored(REASONS.tags),
  },
  ({ Name, Type, Value }, declared, platform) => {
    const name = Name ?? generatedName(declared, 1024);
    platform.parameters.declare(name, Type, Value);
    return { ref: name, attributes: { Type, Value } };
  },
);

const bucket = resourceKind(
  'AWS::S3::Bucket',
  {
    BucketName: z.string().optional(),
    AccessControl: ignored(REASONS.permissions),
    BucketEncryption: ignored(REASONS.encryption),
    PublicAccessBlockConfiguration: ignored(REASONS.permissions),
    OwnershipControls: ignored(REASONS.permissions),
    LifecycleConfiguration: ignored(REASONS.lifecycle),
    IntelligentTieringConfigurations: ignored(REASONS.lifecycle),
    VersioningConfiguration: ignored('fauxqs keeps one version of an object'),
    ObjectLockEnabled: ignored('fauxqs locks no objects'),
    ObjectLockConfiguration: ignored('fauxqs locks no objects'),
    LoggingConfiguration: ignored(REASONS.observability),
    MetricsConfigurations: ignored(REASONS.observability),
    InventoryConfigurations: ignored(REASONS.observability),
    CorsConfiguration: ignored('browsers reach no bucket here'),
    ReplicationConfiguration: ignored(REASONS.oneRegion),
    Tags: ignored(REASONS.tags),
  },
  async ({ BucketName }, declared, platform) => {
    const name = BucketName ?? generatedName(declared, 63).toLowerCase().replaceAll('_', '-');
    await platform.queues.ensureBucket(name);
    platform.plan.buckets.push(name);
    const { host } = new URL(platform.endpoints.s3);
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${host}/${name}`,
        RegionalDomainName: `${host}/${name}`,
        DualStackDomainName: `${host}/${name}`,
      },
    };
  },
);

const topic = resourceKind(
  'AWS::SNS::Topic',
  {
    TopicName: z.string().optional(),
    DisplayName: ignored(REASONS.metadata),
    Subscription: ignored('mail and telephones are for people; nothing subscribes here'),
    KmsMasterKeyId: ignored(REASONS.encryption),
    SignatureVersion: ignored(REASONS.encryption),
    TracingConfig: ignored(REASONS.observability),
    DeliveryStatusLogging: ignored(REASONS.observability),
    DataProtectionPolicy: ignored(REASONS.permissions),
    Tags: ignored(REASONS.tags),
  },
  ({ TopicName }, declared, platform) => {
    const name = TopicName ?? generatedName(declared, 256);
    platform.queues.ensureTopic(name);
    const arn = localArn(platform, 'sns', name);
    return { ref: arn, attributes: { TopicName: name, TopicArn: arn } };
  },
);

export const STORAGE_KINDS: readonly ResourceKind[] = [
  secret,
  parameter,
  bucket,
  topic,
  inertKind('AWS::SecretsManager::ResourcePolicy', REASONS.permissions, [
    'BlockPublicPolicy',
    'ResourcePolicy',
    'SecretId',
  ]),
  inertKind('AWS::SecretsManager::RotationSchedule', REASONS.rotation, [
    'ExternalSecretRotationMetadata',
    'ExternalSecretRotationRoleArn',
    'HostedRotationLambda',
    'RotateImmediatelyOnUpdate',
    'RotationLambdaARN',
    'RotationRules',
    'SecretId',
  ]),
  inertKind('AWS::S3::BucketPolicy', REASONS.permissions, ['Bucket', 'PolicyDocument']),
  inertKind('AWS::SNS::TopicPolicy', REASONS.permissions, ['PolicyDocument', 'Topics']),
  inertKind('AWS::SNS::TopicInlinePolicy', REASONS.permissions, ['PolicyDocument', 'TopicArn']),
  inertKind('AWS::SNS::Subscription', 'mail and telephones are for people; nothing subscribes here', [
    'DeliveryPolicy',
    'Endpoint',
    'FilterPolicy',
    'FilterPolicyScope',
    'Protocol',
    'RawMessageDelivery',
    'RedrivePolicy',
    'Region',
    'ReplayPolicy',
    'SubscriptionRoleArn',
    'TopicArn',
  ]),
];
