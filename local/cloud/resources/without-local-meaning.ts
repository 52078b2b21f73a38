import { createHash } from 'node:crypto';
import { localArn } from '../platform.ts';
import { REASONS } from './reasons.ts';
import { type Declared, generatedName, inertKind, type ResourceKind, textOf } from './resource-kind.ts';

/** A key id in the form of a UUID, the same at every start. */
function keyId({ stackName, logicalId }: Declared): string {
  const digest = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    digest.slice(20, 32),
  ].join('-');
}

const IAM: readonly ResourceKind[] = [
  inertKind(
    'AWS::IAM::Role',
    REASONS.permissions,
    [
      'AssumeRolePolicyDocument',
      'Description',
      'ManagedPolicyArns',
      'MaxSessionDuration',
      'Path',
      'PermissionsBoundary',
      'Policies',
      'RoleName',
      'Tags',
    ],
    (declared, { RoleName }, platform) => {
      const name = textOf(RoleName) ?? generatedName(declared, 64);
      const Arn = `arn:aws:iam::${platform.accountId}:role/${name}`;
      return {
        ref: name,
        attributes: { Arn, RoleId: keyId(declared).replaceAll('-', '').slice(0, 21).toUpperCase() },
      };
    },
  ),
  inertKind('AWS::IAM::Policy', REASONS.permissions, [
    'Groups',
    'PolicyDocument',
    'PolicyName',
    'Roles',
    'Users',
  ]),
  inertKind('AWS::IAM::RolePolicy', REASONS.permissions, ['PolicyDocument', 'PolicyName', 'RoleName']),
  inertKind(
    'AWS::IAM::ManagedPolicy',
    REASONS.permissions,
    ['Description', 'Groups', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles', 'Users'],
    (declared, { ManagedPolicyName }, platform) => {
      const name = textOf(ManagedPolicyName) ?? generatedName(declared, 128);
      const arn = `arn:aws:iam::${platform.accountId}:policy/${name}`;
      return { ref: arn, attributes: { PolicyArn: arn } };
    },
  ),
];

const KMS: readonly ResourceKind[] = [
  inertKind(
    'AWS::KMS::Key',
    REASONS.encryption,
    [
      'BypassPolicyLockoutSafetyCheck',
      'Description',
      'EnableKeyRotation',
      'Enabled',
      'KeyPolicy',
      'KeySpec',
      'KeyUsage',
      'MultiRegion',
      'Origin',
      'PendingWindowInDays',
      'RotationPeriodInDays',
      'Tags',
    ],
    (declared, _given, platform) => {
      const id = keyId(declared);
      return { ref: id, attributes: { Arn: localArn(platform, 'kms', `key/${id}`), KeyId: id } };
    },
  ),
  inertKind(
    'AWS::KMS::Alias',
    REASONS.encryption,
    ['AliasName', 'TargetKeyId'],
    (declared, { AliasName }) => ({
      ref: textOf(AliasName) ?? generatedName(declared, 256),
    }),
  ),
];

const LOGS: readonly ResourceKind[] = [
  inertKind(
    'AWS::Logs::LogGroup',
    REASONS.observability,
    [
      'BearerTokenAuthenticationEnabled',
      'DataProtectionPolicy',
      'DeletionProtectionEnabled',
      'FieldIndexPolicies',
      'KmsKeyId',
      'LogGroupClass',
      'LogGroupName',
      'ResourcePolicyDocument',
      'RetentionInDays',
      'Tags',
    ],
    (declared, { LogGroupName }, platform) => {
      const name = textOf(LogGroupName) ?? generatedName(declared, 512);
      return { ref: name, attributes: { Arn: `${localArn(platform, 'logs', `log-group:${name}`)}:*` } };
    },
  ),
  inertKind('AWS::Logs::LogStream', REASONS.observability, ['LogGroupName', 'LogStreamName']),
  inertKind('AWS::Logs::MetricFilter', REASONS.observability, [
    'ApplyOnTransformedLogs',
    'EmitSystemFieldDimensions',
    'FieldSelectionCriteria',
    'FilterName',
    'FilterPattern',
    'LogGroupName',
    'MetricTransformations',
  ]),
  inertKind('AWS::Logs::QueryDefinition', REASONS.observability, [
    'LogGroupNames',
    'Name',
    'Parameters',
    'QueryLanguage',
    'QueryString',
  ]),
  inertKind('AWS::Logs::ResourcePolicy', REASONS.permissions, [
    'PolicyDocument',
    'PolicyName',
    'ResourceArn',
  ]),
];

const ALARM_PROPERTIES = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluateLowSampleCountPercentile',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'InsufficientDataActions',
  'MetricName',
  'Metrics',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Tags',
  'Threshold',
  'ThresholdMetricId',
  'TreatMissingData',
  'Unit',
];

const COMPOSITE_PROPERTIES = [
  'ActionsEnabled',
  'ActionsSuppressor',
  'ActionsSuppressorExtensionPeriod',
  'ActionsSuppressorWaitPeriod',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'AlarmRule',
  'InsufficientDataActions',
  'OKActions',
  'Tags',
];

const alarmKind = (type: string, properties: readonly string[]): ResourceKind =>
  inertKind(type, REASONS.observability, properties, (declared, { AlarmName }, platform) => {
    const name = textOf(AlarmName) ?? generatedName(declared, 255);
    return { ref: name, attributes: { Arn: localArn(platform, 'cloudwatch', `alarm:${name}`) } };
  });

const OBSERVABILITY: readonly ResourceKind[] = [
  alarmKind('AWS::CloudWatch::Alarm', ALARM_PROPERTIES),
  alarmKind('AWS::CloudWatch::CompositeAlarm', COMPOSITE_PROPERTIES),
  inertKind('AWS::CloudWatch::Dashboard', REASONS.observability, ['DashboardBody', 'DashboardName', 'Tags']),
  inertKind('AWS::CloudWatch::AnomalyDetector', REASONS.observability, [
    'Configuration',
    'Dimensions',
    'MetricCharacteristics',
    'MetricMathAnomalyDetector',
    'MetricName',
    'Namespace',
    'SingleMetricAnomalyDetector',
    'Stat',
  ]),
  inertKind('AWS::XRay::Group', REASONS.observability, [
    'FilterExpression',
    'GroupName',
    'InsightsConfiguration',
    'Tags',
  ]),
  inertKind('AWS::XRay::SamplingRule', REASONS.observability, ['SamplingRule', 'Tags']),
];

/** Types that are there for AWS's sake: permissions, keys, alarms, log groups. Their references still resolve. */
export const INERT_KINDS: readonly ResourceKind[] = [
  ...IAM,
  ...KMS,
  ...LOGS,
  ...OBSERVABILITY,
  inertKind('AWS::CDK::Metadata', REASONS.metadata, ['Analytics']),
];
