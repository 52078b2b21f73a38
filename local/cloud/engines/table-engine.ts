import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { AwsCallError, type AwsJsonClient } from './aws-json.ts';

/** A table as CloudFormation declares it, reduced to what an engine on this machine knows. */
export interface TableDefinition {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes: readonly IndexDefinition[];
  readonly LocalSecondaryIndexes: readonly IndexDefinition[];
  readonly StreamViewType: string | undefined;
  readonly timeToLiveAttribute: string | undefined;
}

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: {
    readonly ProjectionType?: string | undefined;
    readonly NonKeyAttributes?: readonly string[] | undefined;
  };
}

export interface EnsuredTable {
  /** What the engine calls the stream, when there is one. */
  readonly engineStreamArn: string | undefined;
  readonly streamLabel: string | undefined;
  readonly tableId: string;
  /** In what an existing table, which is kept, differs from its definition. */
  readonly differences: readonly string[];
}

const keySchema = z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.string() }));
const indexSchema = z.looseObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.looseObject({
    ProjectionType: z.string().optional(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});
const tableSchema = z.looseObject({
  TableId: z.string().default(''),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(indexSchema).default([]),
  LocalSecondaryIndexes: z.array(indexSchema).default([]),
  StreamSpecification: z.looseObject({ StreamViewType: z.string().optional() }).optional(),
  LatestStreamArn: z.string().optional(),
  LatestStreamLabel: z.string().optional(),
});
type TableDescription = z.infer<typeof tableSchema>;

const described = z.looseObject({ Table: tableSchema });
const created = z.looseObject({ TableDescription: tableSchema });
const timeToLive = z.looseObject({
  TimeToLiveDescription: z.looseObject({
    TimeToLiveStatus: z.string().optional(),
    AttributeName: z.string().optional(),
  }),
});

const operation = (name: string): string => `DynamoDB_20120810.${name}`;

/** Creates the table, or keeps the one that is there and says in what it differs. */
export async function ensureTable(client: AwsJsonClient, definition: TableDefinition): Promise<EnsuredTable> {
  const existing = await describe(client, definition.TableName);
  const table = existing ?? (await create(client, definition));
  await ensureTimeToLive(client, definition);
  return {
    engineStreamArn: definition.StreamViewType === undefined ? undefined : table.LatestStreamArn,
    streamLabel: table.LatestStreamLabel,
    tableId: table.TableId,
    differences: existing === undefined ? [] : differences(definition, existing),
  };
}

async function describe(client: AwsJsonClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return described.parse(await client.call(operation('DescribeTable'), { TableName })).Table;
  } catch (error) {
    if (error instanceof AwsCallError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function create(client: AwsJsonClient, definition: TableDefinition): Promise<TableDescription> {
  const {
    StreamViewType,
    timeToLiveAttribute: _later,
    GlobalSecondaryIndexes,
    LocalSecondaryIndexes,
    ...table
  } = definition;
  const answer = await client.call(operation('CreateTable'), {
    ...table,
    BillingMode: 'PAY_PER_REQUEST',
    ...(GlobalSecondaryIndexes.length === 0 ? {} : { GlobalSecondaryIndexes }),
    ...(LocalSecondaryIndexes.length === 0 ? {} : { LocalSecondaryIndexes }),
    ...(StreamViewType === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType } }),
  });
  return created.parse(answer).TableDescription;
}

async function ensureTimeToLive(
  client: AwsJsonClient,
  { TableName, timeToLiveAttribute }: TableDefinition,
): Promise<void> {
  const answer = timeToLive.parse(await client.call(operation('DescribeTimeToLive'), { TableName }));
  const { TimeToLiveStatus, AttributeName } = answer.TimeToLiveDescription;
  const enabled = TimeToLiveStatus === 'ENABLED' ? AttributeName : undefined;
  if (timeToLiveAttribute === undefined || enabled === timeToLiveAttribute) return;
  await client.call(operation('UpdateTimeToLive'), {
    TableName,
    TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
  });
}

function differences(definition: TableDefinition, table: TableDescription): string[] {
  const pairs = {
    'key schema': [keys(definition.KeySchema), keys(table.KeySchema)],
    'global secondary indexes': [
      indexes(definition.GlobalSecondaryIndexes),
      indexes(table.GlobalSecondaryIndexes),
    ],
    'local secondary indexes': [
      indexes(definition.LocalSecondaryIndexes),
      indexes(table.LocalSecondaryIndexes),
    ],
    stream: [definition.StreamViewType, table.StreamSpecification?.StreamViewType],
  };
  return Object.entries(pairs)
    .filter(([, [wanted, found]]) => !isDeepStrictEqual(wanted, found))
    .map(([name]) => name);
}

const keys = (schema: readonly KeyElement[]): string[] =>
  schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`);

const indexes = (definitions: readonly IndexDefinition[]): unknown[] =>
  definitions
    .map(({ IndexName, KeySchema, Projection }) => [
      IndexName,
      keys(KeySchema),
      Projection.ProjectionType ?? 'ALL',
      [...(Projection.NonKeyAttributes ?? [])].sort(),
    ])
    .sort(([left], [right]) => String(left).localeCompare(String(right)));
