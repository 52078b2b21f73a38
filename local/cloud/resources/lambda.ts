import * as z from 'zod';
import { functionNameOf } from '../arn.ts';
import { functionEnvironment } from '../functions/function-environment.ts';
import { localArn, type Platform } from '../platform.ts';
import { REASONS } from './reasons.ts';
import {
  type Declared,
  generatedName,
  ignored,
  inertKind,
  number,
  type ResourceKind,
  refusal,
  resourceKind,
  text,
  textOf,
} from './resource-kind.ts';

const lambdaFunction = resourceKind(
  'AWS::Lambda::Function',
  {
    FunctionName: z.string().optional(),
    Code: z.strictObject({
      S3Bucket: z.string().optional(),
      S3Key: z.string().optional(),
      ZipFile: z.string().optional(),
      S3ObjectVersion: ignored(REASONS.deployment),
      SourceKMSKeyArn: ignored(REASONS.encryption),
    }),
    Handler: z.string(),
    Runtime: z.string().regex(/^nodejs\d+\.x$/, 'only Node.js functions run here'),
    PackageType: z.literal('Zip').optional(),
    Environment: z.strictObject({ Variables: z.record(z.string(), text).default({}) }).optional(),
    Timeout: number.default(3),
    MemorySize: number.default(128),
    ReservedConcurrentExecutions: number.optional(),
    DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
    Role: ignored(REASONS.permissions),
    CodeSigningConfigArn: ignored(REASONS.permissions),
    Architectures: ignored(REASONS.hardware),
    EphemeralStorage: ignored(REASONS.hardware),
    SnapStart: ignored(REASONS.hardware),
    RuntimeManagementConfig: ignored(REASONS.hardware),
    VpcConfig: ignored(REASONS.network),
    TracingConfig: ignored(REASONS.observability),
    LoggingConfig: ignored(REASONS.observability),
    KmsKeyArn: ignored(REASONS.encryption),
    RecursiveLoop: ignored(REASONS.capacity),
    Description: ignored(REASONS.metadata),
    Tags: ignored(REASONS.tags),
  },
  (properties, declared, platform) => {
    const name = properties.FunctionName ?? generatedName(declared, 64);
    const arn = localArn(platform, 'lambda', `function:${name}`);
    const { Handler, MemorySize, Timeout, Environment } = properties;
    platform.functions.define({
      name,
      arn,
      codeDirectory: codeDirectory(properties.Code, name, declared, platform),
      handler: Handler,
      environment: functionEnvironment(
        { name, handler: Handler, memoryMegabytes: MemorySize, own: Environment?.Variables ?? {} },
        platform,
      ),
      timeoutSeconds: Timeout,
      memoryMegabytes: MemorySize,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
      deadLetterArn: properties.DeadLetterConfig?.TargetArn,
    });
    return { ref: name, attributes: { Arn: arn } };
  },
);

interface Code {
  readonly S3Key?: string | undefined;
  readonly ZipFile?: string | undefined;
}

function codeDirectory(
  { S3Key, ZipFile }: Code,
  name: string,
  declared: Declared,
  platform: Platform,
): string {
  if (ZipFile !== undefined) return platform.code.stageInline(name, ZipFile);
  const asset = S3Key === undefined ? undefined : declared.assets.get(S3Key);
  if (asset === undefined) throw refusal(declared, 'Code', `the assembly has no asset ${S3Key ?? ''}`);
  if (asset.endsWith('.zip')) throw refusal(declared, 'Code', `${asset} is an archive, not a directory`);
  return platform.code.stage(asset);
}

const invokeConfig = resourceKind(
  'AWS::Lambda::EventInvokeConfig',
  {
    FunctionName: z.string(),
    Qualifier: ignored(REASONS.deployment),
    MaximumRetryAttempts: number.optional(),
    MaximumEventAgeInSeconds: number.optional(),
    DestinationConfig: z
      .strictObject({ OnFailure: z.strictObject({ Destination: z.string().optional() }).optional() })
      .optional(),
  },
  (properties, declared, platform) => {
    platform.asyncInvocations.configure(functionNameOf(properties.FunctionName), {
      maximumRetryAttempts: properties.MaximumRetryAttempts,
      maximumEventAgeSeconds: properties.MaximumEventAgeInSeconds,
      onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
    });
    return { ref: generatedName(declared, 128) };
  },
);

const version = resourceKind(
  'AWS::Lambda::Version',
  {
    FunctionName: z.string(),
    CodeSha256: ignored(REASONS.deployment),
    Description: ignored(REASONS.metadata),
    ProvisionedConcurrencyConfig: ignored(REASONS.capacity),
    RuntimePolicy: ignored(REASONS.hardware),
  },
  ({ FunctionName }, _declared, platform) => {
    const FunctionArn = `${localArn(platform, 'lambda', `function:${functionNameOf(FunctionName)}`)}:1`;
    return { ref: FunctionArn, attributes: { Version: '1', FunctionArn } };
  },
);

const alias = resourceKind(
  'AWS::Lambda::Alias',
  {
    FunctionName: z.string(),
    Name: z.string(),
    FunctionVersion: ignored(REASONS.deployment),
    RoutingConfig: ignored(REASONS.deployment),
    Description: ignored(REASONS.metadata),
    ProvisionedConcurrencyConfig: ignored(REASONS.capacity),
  },
  ({ FunctionName, Name }, _declared, platform) => {
    const AliasArn = `${localArn(platform, 'lambda', `function:${functionNameOf(FunctionName)}`)}:${Name}`;
    return { ref: AliasArn, attributes: { AliasArn } };
  },
);

export const LAMBDA_KINDS: readonly ResourceKind[] = [
  lambdaFunction,
  invokeConfig,
  version,
  alias,
  inertKind(
    'AWS::Lambda::Permission',
    REASONS.permissions,
    [
      'Action',
      'EventSourceToken',
      'FunctionName',
      'FunctionUrlAuthType',
      'InvokedViaFunctionUrl',
      'Principal',
      'PrincipalOrgID',
      'SourceAccount',
      'SourceArn',
    ],
    (declared, given) => ({ ref: textOf(given.Id) ?? generatedName(declared, 128) }),
  ),
];
