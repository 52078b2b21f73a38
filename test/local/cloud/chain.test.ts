import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalCloud } from '../../../local/cloud/local-cloud.ts';
import { startLocalCloud } from '../../../local/cloud/start-local-cloud.ts';
import { chainStack } from './chain-stack.ts';
import { eventually, receiveBodies, scan } from './engine-calls.ts';
import { writeAssembly } from './sample-assembly.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const SECONDS = 1000;

describe('a stack from API to queue', () => {
  const directory = temporaryDirectory();
  const stateDirectory = join(directory.path, 'state');
  const lines: string[] = [];
  const notices: string[] = [];
  let cloud: LocalCloud;

  const start = (assembly: string, fresh = false): Promise<LocalCloud> =>
    startLocalCloud({
      assemblyDirectory: assembly,
      stateDirectory,
      fresh,
      onLog: ({ functionName, line }) => lines.push(`${functionName}: ${line}`),
      onNotice: (text) => notices.push(text),
    });

  const post = (id: string, text: string): Promise<Response> =>
    fetch(`${cloud.outputs.Sample?.ApiUrl}/items/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: text,
    });

  const seen = (id: string) =>
    eventually(async () => (await scan(cloud, 'seen')).find((item) => item.pk?.S === id));

  beforeAll(async () => {
    cloud = await start(writeAssembly(join(directory.path, 'assembly'), [chainStack]));
  }, 30 * SECONDS);
  afterAll(async () => {
    await cloud.stop();
    directory.remove();
  });

  test(
    'a request passes table, stream, bus, rule and queue, each by its own function',
    async () => {
      const response = await post('one', 'hello');
      expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
        202,
        'application/json',
        { id: 'one' },
      ]);
      const item = await seen('one');
      expect(JSON.parse(item.detail?.S ?? '')).toMatchObject({
        text: 'hello',
        region: 'us-east-1',
        arn: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/items\/stream\//),
      });
      expect(lines).toContain('put: stored one');
    },
    15 * SECONDS,
  );

  test(
    'of a batch only the failed message comes again, and goes to the dead letters after two receives',
    async () => {
      await Promise.all([post('bad', 'poison'), post('good', 'fine')]);
      const good = await seen('good');
      expect(good.receiveCount?.N).toBe('1');
      const [dead] = await eventually(async () => {
        const bodies = await receiveBodies(cloud, 'dead-letters');
        return bodies.length > 0 ? bodies : undefined;
      });
      expect(JSON.parse(dead ?? '{}')).toMatchObject({ detail: { id: 'bad' } });
      expect((await scan(cloud, 'seen')).map((item) => item.pk?.S)).not.toContain('bad');
    },
    15 * SECONDS,
  );

  test('an unknown route is a 404', async () => {
    const response = await fetch(`${cloud.outputs.Sample?.ApiUrl}/nowhere`);
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  test('more than 10 MB is a 413', async () => {
    const response = await post('big', 'x'.repeat(10 * 1024 * 1024 + 1));
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
  });

  test('the address that CDK composes for the default stage is this machine’s', () => {
    expect(cloud.outputs.Sample?.DefaultUrl).toBe(`${cloud.apiOrigins['sample-api']}/`);
  });

  test('killed workers are replaced', async () => {
    expect(await cloud.killWorkers('put')).toBeGreaterThan(0);
    expect((await post('after-kill', 'x')).status).toBe(202);
  });

  test('a second platform on the same state is refused', async () => {
    await expect(start(join(directory.path, 'assembly'))).rejects.toThrow('is in use by process');
  });

  test(
    'a restart keeps items, ports and the place in the stream, and says what has changed',
    async () => {
      await seen('after-kill');
      const before = cloud;
      await cloud.stop();
      const changed = structuredClone(chainStack);
      Object(changed.template.Resources).Seen.Properties.StreamSpecification = {
        StreamViewType: 'KEYS_ONLY',
      };
      cloud = await start(writeAssembly(join(directory.path, 'changed'), [changed]));
      expect(cloud.endpoints).toEqual(before.endpoints);
      expect(cloud.apiOrigins).toEqual(before.apiOrigins);
      expect(notices).toEqual([
        expect.stringContaining(
          'table seen is kept as it is, although its definition has changed in: stream',
        ),
      ]);
      const publishedBefore = (await scan(cloud, 'seen')).length;
      await post('two', 'again');
      await seen('two');
      expect(await scan(cloud, 'seen')).toHaveLength(publishedBefore + 1);
    },
    20 * SECONDS,
  );

  test(
    'a fresh start forgets everything but the ports',
    async () => {
      const before = cloud;
      await cloud.stop();
      cloud = await start(join(directory.path, 'assembly'), true);
      expect(await scan(cloud, 'items')).toEqual([]);
      expect(cloud.apiOrigins).toEqual(before.apiOrigins);
    },
    20 * SECONDS,
  );
});

test('a template with an unknown type starts nothing', async () => {
  const directory = temporaryDirectory();
  const template = { Resources: { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: {} } } };
  const assemblyDirectory = writeAssembly(directory.path, [{ stackName: 'Odd', template }]);
  const starting = startLocalCloud({ assemblyDirectory, stateDirectory: join(directory.path, 'state') });
  await expect(starting).rejects.toThrow('Odd / Machine (AWS::StepFunctions::StateMachine)');
  directory.remove();
});
