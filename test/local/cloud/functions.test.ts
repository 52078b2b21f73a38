import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { InvocationResult } from '../../../local/cloud/functions/function-definition.ts';
import { functionLogs } from '../../../local/cloud/functions/function-log.ts';
import { FunctionRegistry } from '../../../local/cloud/functions/function-registry.ts';
import { stagedCode } from '../../../local/cloud/functions/staged-code.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const CODE = `
exports.echo = async (event, context) => ({ event, name: context.functionName, id: context.awsRequestId, left: context.getRemainingTimeInMillis(), env: process.env.OWN, path: process.env.HOME ?? 'none' });
exports.slow = () => new Promise(() => setInterval(() => {}, 1000));
exports.pause = (event) => new Promise((resolve) => setTimeout(resolve, event.milliseconds));
exports.exits = () => process.exit(1);
exports.rejects = () => { Promise.reject(new TypeError('nobody waits')); return new Promise(() => {}); };
exports.throws = async () => { throw new RangeError('too far'); };
exports.counts = async () => { globalThis.count = (globalThis.count ?? 0) + 1; return globalThis.count; };
exports.speaks = async () => { console.log('one\\ntwo'); console.error('three'); };
`;

const directory = temporaryDirectory();
const bundle = join(directory.path, 'bundle');
mkdirSync(bundle);
writeFileSync(join(bundle, 'index.js'), CODE);
writeFileSync(
  join(bundle, 'module.mjs'),
  'export const handler = async () => import.meta.url.endsWith("module.mjs");',
);
const codeDirectory = stagedCode(join(directory.path, 'staged')).stage(bundle);

let registry: FunctionRegistry;
afterEach(() => registry.stop());
afterAll(() => directory.remove());

interface Wanted {
  readonly timeoutSeconds?: number;
  readonly reservedConcurrency?: number;
  readonly workers?: number;
  readonly idleMilliseconds?: number;
  readonly onLog?: (line: string) => void;
}

function defined(handler: string, wanted: Wanted = {}): (payload?: unknown) => Promise<InvocationResult> {
  const logs = functionLogs(join(directory.path, 'logs'), ({ stream, line }) =>
    wanted.onLog?.(`${stream}: ${line}`),
  );
  const { workers = 4, idleMilliseconds = 60_000 } = wanted;
  registry = new FunctionRegistry(logs, { workersPerFunction: workers, idleMilliseconds });
  registry.define({
    name: 'sample',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:sample',
    codeDirectory,
    handler,
    environment: { OWN: 'value' },
    timeoutSeconds: wanted.timeoutSeconds ?? 5,
    memoryMegabytes: 128,
    reservedConcurrency: wanted.reservedConcurrency,
    deadLetterArn: undefined,
  });
  return (payload = {}) => registry.invoke('sample', JSON.stringify(payload));
}

const returned = (result: InvocationResult): unknown =>
  result.kind === 'ok' ? JSON.parse(result.payload) : result;

describe('a function', () => {
  test('has its own environment, its event and a context', async () => {
    const result = returned(await defined('index.echo')({ a: 1 }));
    expect(result).toMatchObject({
      event: { a: 1 },
      name: 'sample',
      id: expect.any(String),
      env: 'value',
      path: 'none',
    });
    expect(Object(result).left).toBeGreaterThan(3000);
  });

  test('may be an ES module', async () => {
    expect(returned(await defined('module.handler')())).toBe(true);
  });

  test('keeps its globals from one invocation to the next while it is warm', async () => {
    const invoke = defined('index.counts');
    expect([returned(await invoke()), returned(await invoke())]).toEqual([1, 2]);
  });

  test('is killed at its timeout, and the next invocation starts anew', async () => {
    const result = await defined('index.slow', { timeoutSeconds: 0.2 })();
    expect(result).toMatchObject({ kind: 'function-error', error: { errorType: 'Sandbox.Timedout' } });
  });

  test.each([
    ['index.throws', { errorType: 'RangeError', errorMessage: 'too far' }],
    ['index.rejects', { errorType: 'TypeError', errorMessage: 'nobody waits' }],
    ['index.exits', { errorType: 'Runtime.ExitError' }],
    ['index.missing', { errorMessage: 'index.missing is undefined or not exported' }],
    ['absent.handler', { errorMessage: expect.stringContaining("Cannot find module 'absent'") }],
  ])('%s is a function error', async (handler, error) => {
    expect(await defined(handler)()).toMatchObject({ kind: 'function-error', error });
  });

  test('that is killed in the middle is a function error', async () => {
    const invoke = defined('index.slow');
    const result = invoke();
    while ((await registry.kill('sample')) === 0);
    expect(await result).toMatchObject({ kind: 'function-error', error: { errorType: 'Runtime.ExitError' } });
  });

  test('beyond its reserved concurrency is throttled', async () => {
    const invoke = defined('index.pause', { reservedConcurrency: 1 });
    const [first, second] = await Promise.all([invoke({ milliseconds: 100 }), invoke({ milliseconds: 100 })]);
    expect([first.kind, second.kind]).toEqual(['ok', 'throttled']);
  });

  test('beyond the workers of this machine waits for its turn', async () => {
    const invoke = defined('index.pause', { workers: 1 });
    const results = await Promise.all([
      invoke({ milliseconds: 10 }),
      invoke({ milliseconds: 10 }),
      invoke({ milliseconds: 10 }),
    ]);
    expect(results.map((result) => result.kind)).toEqual(['ok', 'ok', 'ok']);
  });

  test('that has been idle for long enough is ended', async () => {
    const invoke = defined('index.counts', { idleMilliseconds: 1 });
    await invoke();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await registry.kill()).toBe(0);
    expect(returned(await invoke())).toBe(1);
  });

  test('writes its lines to a file and to whoever listens', async () => {
    const heard: string[] = [];
    const invoke = defined('index.speaks', { onLog: (line) => heard.push(line) });
    await invoke();
    while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(heard.sort()).toEqual(['stderr: three', 'stdout: one', 'stdout: two']);
    await registry.stop();
    expect(readFileSync(join(directory.path, 'logs', 'sample.log'), 'utf8')).toContain('one\ntwo\n');
  });
});
