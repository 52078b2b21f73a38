import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, test } from '@jest/globals';
import { awsJsonClient } from '../../../local/cloud/engines/aws-json.ts';
import {
  type DynamoDbEngineKind,
  dynamoDbEngineProblems,
  startDynamoDbEngine,
} from '../../../local/cloud/engines/dynamodb-engine.ts';
import { ensureTable, type TableDefinition } from '../../../local/cloud/engines/table-engine.ts';
import { streamClient } from '../../../local/cloud/sources/stream-client.ts';
import { eventually, putItem } from './engine-calls.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const definition: TableDefinition = {
  TableName: 'sample',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'due', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'due',
      KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  LocalSecondaryIndexes: [],
  StreamViewType: 'NEW_AND_OLD_IMAGES',
  timeToLiveAttribute: 'expires',
};

const kinds: readonly DynamoDbEngineKind[] = ['dynoxide', 'dynamodb-local'];
const problems = dynamoDbEngineProblems();
for (const kind of kinds) {
  if (problems[kind] !== undefined)
    process.stderr.write(`SKIPPED: no test runs on ${kind}: ${problems[kind]}\n`);
}

describe.each(kinds.filter((kind) => problems[kind] === undefined))('the engine %s', (kind) => {
  const directory = temporaryDirectory();
  afterAll(() => directory.remove());

  test('serves tables and their streams, and keeps both over a restart', async () => {
    const { signal } = new AbortController();
    let engine = await startDynamoDbEngine({ kind, dataDir: directory.path });
    let client = awsJsonClient(engine.endpoint, 'dynamodb', 'us-east-1');
    const { engineStreamArn = '' } = await ensureTable(client, definition);
    await putItem(engine.endpoint, 'sample', { pk: { S: 'a' } });
    await putItem(engine.endpoint, 'sample', { pk: { S: 'b' } });
    const [shard = ''] = await streamClient(client).shards(engineStreamArn);
    const start = await streamClient(client).iterator(engineStreamArn, shard, { kind: 'oldest' });
    const { records } = await streamClient(client).read(start, 100, signal);
    expect(records.map((record) => record.dynamodb.NewImage)).toEqual([
      { pk: { S: 'a' } },
      { pk: { S: 'b' } },
    ]);
    await engine.stop();

    engine = await startDynamoDbEngine({ kind, dataDir: directory.path });
    client = awsJsonClient(engine.endpoint, 'dynamodb', 'us-east-1');
    const again = await ensureTable(client, definition);
    expect(again).toMatchObject({ engineStreamArn, differences: [] });
    const after = { kind: 'after', sequenceNumber: records[0]?.dynamodb.SequenceNumber ?? '' } as const;
    const resumed = await streamClient(client).iterator(engineStreamArn, shard, after);
    const rest = await streamClient(client).read(resumed, 100, signal);
    expect(rest.records.map((record) => record.dynamodb.NewImage)).toEqual([{ pk: { S: 'b' } }]);
    const other = await ensureTable(client, { ...definition, GlobalSecondaryIndexes: [] });
    expect(other.differences).toEqual(['global secondary indexes']);
    await engine.stop();
  }, 120_000);

  test('does not outlive a process that is killed', async () => {
    const module = new URL('../../../local/cloud/engines/dynamodb-engine.ts', import.meta.url).href;
    const script = `const { startDynamoDbEngine } = await import('${module}');
      console.log((await startDynamoDbEngine({ kind: '${kind}' })).endpoint);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const endpoint = line.toString().trim();
    expect((await fetch(endpoint)).status).toBeGreaterThan(0);
    parent.kill('SIGKILL');
    const gone = await eventually(async () =>
      fetch(endpoint).then(
        () => undefined,
        () => true,
      ),
    );
    expect(gone).toBe(true);
  }, 60_000);
});
