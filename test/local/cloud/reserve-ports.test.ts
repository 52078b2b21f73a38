import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { reservePorts } from '../../../local/cloud/state/reserve-ports.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('a name keeps its port while it is free, and no two names share one', async () => {
  const directory = temporaryDirectory();
  const first = await reservePorts(directory.path, ['hooks', 'application']);
  expect(first.hooks).not.toBe(first.application);
  expect(await reservePorts(directory.path, ['application', 'hooks'])).toEqual(first);

  const intruder = createServer().listen(first.hooks, '127.0.0.1');
  await once(intruder, 'listening');
  const second = await reservePorts(directory.path, ['hooks', 'application']);
  expect(second.hooks).not.toBe(first.hooks);
  expect(second.application).toBe(first.application);
  intruder.close();
  directory.remove();
});
