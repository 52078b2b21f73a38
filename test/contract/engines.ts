import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createHttpTransport } from '../../functions/shared/aws/light/http-transport.ts';
import { createLightAws } from '../../functions/shared/aws/light/light-aws.ts';
import { createLightTables } from '../../functions/shared/aws/light/light-tables.ts';
import { createTableClient } from '../../functions/shared/aws/table-client.ts';
import {
  forEveryTable,
  TABLES,
  type TableName,
  type TableShape,
} from '../../functions/shared/contract/tables.ts';
import type { TableClient } from '../../functions/shared/ports/table-client.ts';
import { systemClock } from '../../functions/shared/runtime/system.ts';
import {
  type DynamoDbEngineKind,
  dynamoDbEngineProblems,
  startDynamoDbEngine,
} from '../../local/cloud/engines/dynamodb-engine.ts';

export interface EngineTables {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  readonly tables: TableClient;
  stop(): Promise<void>;
}

/** Tests wait for nobody, and chance is of no interest to them. */
export const TEST_RANDOM = (() => {
  let tokens = 0;
  return {
    token: () => {
      tokens += 1;
      return `token-${process.pid}-${tokens}`;
    },
    fraction: () => 0.5,
  };
})();

/** Physical names differ from logical ones, so that neither can stand in for the other unseen. */
export const PHYSICAL_NAMES = forEveryTable((table) => `contract-${table}`);

/** Starts an engine in memory and creates the contract's tables in it. */
export const startEngineTables = async (kind: DynamoDbEngineKind): Promise<EngineTables> => {
  const engine = await startDynamoDbEngine({ kind });
  const client = new DynamoDBClient({ endpoint: engine.endpoint, ...LOCAL_ACCESS });
  for (const [name, shape] of Object.entries(TABLES)) {
    await client.send(createTable(PHYSICAL_NAMES[name as TableName], shape));
  }
  const tables = createTableClient({
    client,
    tableNames: PHYSICAL_NAMES,
    random: TEST_RANDOM,
    sleep: () => Promise.resolve(),
  });
  return {
    endpoint: engine.endpoint,
    client,
    tables,
    stop: async () => {
      client.destroy();
      await engine.stop();
    },
  };
};

/** The same tables through the light client, as far as it goes: reads, puts, transactions of puts. */
export const withLightClient = ({ endpoint, tables }: EngineTables): TableClient => {
  const environment = {
    AWS_REGION: LOCAL_ACCESS.region,
    AWS_ACCESS_KEY_ID: LOCAL_ACCESS.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_ACCESS.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  };
  const aws = createLightAws(environment, {
    clock: systemClock,
    randomness: TEST_RANDOM,
    sleep: () => Promise.resolve(),
    transport: createHttpTransport(),
  });
  const light = createLightTables(aws, PHYSICAL_NAMES);
  return {
    ...tables,
    ...light,
    transact: (actions) => (actions.every(({ kind }) => kind === 'put') ? light : tables).transact(actions),
  };
};

export const LOCAL_ACCESS = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/**
 * Why a suite cannot run here, said aloud; undefined where it can. Where engines are required
 * (`CI=true` or `TRUNKLINE_REQUIRE_ENGINES=1`) a missing one is a failure of the suite instead.
 */
export const engineProblem = (kind: DynamoDbEngineKind): string | undefined => {
  const problem = dynamoDbEngineProblems()[kind];
  if (problem === undefined) return undefined;
  if (process.env.CI === 'true' || process.env.TRUNKLINE_REQUIRE_ENGINES === '1') {
    throw new Error(`The engine ${kind} is required and cannot run here: ${problem}`);
  }
  process.stderr.write(`\n*** SKIPPED: contract tests on ${kind}, which cannot run here: ${problem} ***\n\n`);
  return problem;
};

const createTable = (TableName: string, shape: TableShape): CreateTableCommand => {
  const schemas = [shape, ...Object.values(shape.indexes)];
  const attributes = new Set(
    schemas.flatMap((schema) => keySchema(schema).map(({ AttributeName }) => AttributeName)),
  );
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(shape),
    AttributeDefinitions: [...attributes].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S' as const,
    })),
    ...indexesOf(shape),
  });
};

const indexesOf = ({ indexes }: TableShape) =>
  Object.keys(indexes).length === 0
    ? {}
    : {
        GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, schema]) => ({
          IndexName,
          KeySchema: keySchema(schema),
          Projection: { ProjectionType: 'ALL' as const },
        })),
      };

const keySchema = ({
  partitionKey,
  sortKey,
}: {
  readonly partitionKey: string;
  readonly sortKey?: string;
}) => [
  { AttributeName: partitionKey, KeyType: 'HASH' as const },
  ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' as const }]),
];
