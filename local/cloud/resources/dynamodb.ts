import * as z from 'zod';
import type { TableDefinition } from '../engines/table-engine.ts';
import { localArn, type Platform } from '../platform.ts';
import { REASONS } from './reasons.ts';
import {
  boolean,
  type Declared,
  type Deployed,
  generatedName,
  ignored,
  type ResourceKind,
  resourceKind,
} from './resource-kind.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.string() }));

const projection = z.strictObject({
  ProjectionType: z.string().optional(),
  NonKeyAttributes: z.array(z.string()).optional(),
});

const index = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: projection,
  ProvisionedThroughput: ignored(REASONS.capacity),
  OnDemandThroughput: ignored(REASONS.capacity),
  WarmThroughput: ignored(REASONS.capacity),
  WriteProvisionedThroughputSettings: ignored(REASONS.capacity),
  WriteOnDemandThroughputSettings: ignored(REASONS.capacity),
  ReadProvisionedThroughputSettings: ignored(REASONS.capacity),
  ReadOnDemandThroughputSettings: ignored(REASONS.capacity),
  ContributorInsightsSpecification: ignored(REASONS.observability),
});

const common = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(index).default([]),
  LocalSecondaryIndexes: z.array(index).default([]),
  StreamSpecification: z
    .strictObject({ StreamViewType: z.string(), ResourcePolicy: ignored(REASONS.permissions) })
    .optional(),
  TimeToLiveSpecification: z
    .strictObject({ AttributeName: z.string().optional(), Enabled: boolean })
    .optional(),
  BillingMode: ignored(REASONS.capacity),
  SSESpecification: ignored(REASONS.encryption),
  WarmThroughput: ignored(REASONS.capacity),
};

type CommonProperties = z.output<z.ZodObject<typeof common>>;

const table = resourceKind(
  'AWS::DynamoDB::Table',
  {
    ...common,
    ProvisionedThroughput: ignored(REASONS.capacity),
    OnDemandThroughput: ignored(REASONS.capacity),
    TableClass: ignored(REASONS.capacity),
    PointInTimeRecoverySpecification: ignored(REASONS.recovery),
    DeletionProtectionEnabled: ignored(REASONS.protection),
    ContributorInsightsSpecification: ignored(REASONS.observability),
    ResourcePolicy: ignored(REASONS.permissions),
    Tags: ignored(REASONS.tags),
  },
  deployTable,
);

const globalTable = resourceKind(
  'AWS::DynamoDB::GlobalTable',
  {
    ...common,
    Replicas: ignored(REASONS.oneRegion),
    WriteProvisionedThroughputSettings: ignored(REASONS.capacity),
    WriteOnDemandThroughputSettings: ignored(REASONS.capacity),
    ReadProvisionedThroughputSettings: ignored(REASONS.capacity),
    ReadOnDemandThroughputSettings: ignored(REASONS.capacity),
  },
  deployTable,
);

async function deployTable(
  properties: CommonProperties,
  declared: Declared,
  platform: Platform,
): Promise<Deployed> {
  const TableName = properties.TableName ?? generatedName(declared, 255);
  const ensured = await platform.ensureTable(tableDefinition(TableName, properties));
  if (ensured.differences.length > 0) {
    platform.notice(
      `table ${TableName} is kept as it is, although its definition has changed in: ${ensured.differences.join(', ')} (--fresh makes it anew)`,
    );
  }
  platform.plan.tables.push(TableName);
  const Arn = localArn(platform, 'dynamodb', `table/${TableName}`);
  if (ensured.engineStreamArn === undefined)
    return { ref: TableName, attributes: { Arn, TableId: ensured.tableId } };
  platform.plan.streams.set(TableName, ensured.engineStreamArn);
  const StreamArn = `${Arn}/stream/${ensured.streamLabel}`;
  return { ref: TableName, attributes: { Arn, StreamArn, TableId: ensured.tableId } };
}

function tableDefinition(TableName: string, properties: CommonProperties): TableDefinition {
  const ttl = properties.TimeToLiveSpecification;
  return {
    TableName,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes.map(onlyKeys),
    LocalSecondaryIndexes: properties.LocalSecondaryIndexes.map(onlyKeys),
    StreamViewType: properties.StreamSpecification?.StreamViewType,
    timeToLiveAttribute: ttl?.Enabled === true ? ttl.AttributeName : undefined,
  };
}

function onlyKeys({
  IndexName,
  KeySchema,
  Projection,
}: z.infer<typeof index>): TableDefinition['GlobalSecondaryIndexes'][number] {
  return { IndexName, KeySchema, Projection };
}

export const DYNAMODB_KINDS: readonly ResourceKind[] = [table, globalTable];
