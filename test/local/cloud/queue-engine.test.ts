import { networkInterfaces } from 'node:os';
import { afterAll, expect, test } from '@jest/globals';
import { reserveEphemeralPort } from '../../../local/cloud/engines/ephemeral-port.ts';
import { type QueueEngine, startQueueEngine } from '../../../local/cloud/engines/queue-engine.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const { signal } = new AbortController();
afterAll(() => directory.remove());

const start = async (): Promise<QueueEngine> =>
  startQueueEngine({ region: 'eu-west-1', port: await reserveEphemeralPort(), dataDir: directory.path });

test('a queue and its messages survive a restart, and take changed attributes', async () => {
  const first = await start();
  await first.ensureQueue('work', { VisibilityTimeout: '0' });
  first.send('work', 'kept');
  await first.stop();
  const second = await start();
  await second.ensureQueue('work', { VisibilityTimeout: '60' });
  const take = () => second.receive('work', { maximumMessages: 10, waitSeconds: 0, signal });
  expect((await take()).map((message) => [message.body, message.attributes.ApproximateReceiveCount])).toEqual(
    [['kept', '1']],
  );
  expect(await take()).toEqual([]);
  expect(() => second.send('nowhere', 'x')).toThrow("Queue 'nowhere' not found");
  await second.stop();
});

test('nobody on the network reaches the queues', async () => {
  const engine = await start();
  const { port } = new URL(engine.endpoint);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  for (const { address } of addresses.filter(({ internal, family }) => !internal && family === 'IPv4')) {
    await expect(fetch(`http://${address}:${port}/health`)).rejects.toThrow();
  }
  await engine.stop();
});
