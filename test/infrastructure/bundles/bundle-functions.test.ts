import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bundleFunctions } from '../../../lib/bundles/bundle-functions.ts';

let root: string;
let cacheDirectory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trunkline-bundles-'));
  cacheDirectory = join(root, '.trunkline', 'bundles');
  write('package-lock.json', '{}');
  write(
    'functions/greeting/domain/greet.ts',
    'export const greet = (name: string): string => "hello " + name;\n',
  );
  write(
    'functions/greeting/say-hello/handler.ts',
    "import { greet } from '../domain/greet.ts';\nexport const handler = async (): Promise<string> => greet('you');\n",
  );
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
const entries = { 'say-hello': { subject: 'greeting', coldStartDecides: false } };
const bundle = (extra = {}) => bundleFunctions({ root, cacheDirectory, entries: { ...entries, ...extra } });
const generations = (): readonly string[] => readdirSync(cacheDirectory);
const built = (generation: string): string => join(cacheDirectory, generation, 'say-hello', 'index.js');

describe('bundles', () => {
  test('a bundle holds everything it imports and exports its handler as CommonJS', async () => {
    await bundle();

    const { handler } = createRequire(import.meta.url)(built(generations()[0]!));
    expect(await handler()).toBe('hello you');
    expect(readFileSync(built(generations()[0]!), 'utf8')).not.toContain('greet.ts');
  });

  test('unchanged sources are not bundled again', async () => {
    await bundle();
    const first = statSync(built(generations()[0]!)).mtimeMs;
    await bundle();

    expect(generations()).toHaveLength(1);
    expect(statSync(built(generations()[0]!)).mtimeMs).toBe(first);
  });

  test('a changed source, or another installed version, makes new bundles', async () => {
    await bundle();
    write('functions/greeting/domain/greet.ts', "export const greet = (): string => 'good evening';\n");
    await bundle();
    write('package-lock.json', '{"lockfileVersion":3}');
    await bundle();

    expect(generations()).toHaveLength(3);
  });

  test('only functions whose cold start does not decide carry a source map', async () => {
    write('functions/greeting/answer-door/handler.ts', 'export const handler = async () => undefined;\n');
    await bundle({ 'answer-door': { subject: 'greeting', coldStartDecides: true } });
    const directory = join(cacheDirectory, generations()[0]!);

    expect(readdirSync(join(directory, 'say-hello')).sort()).toEqual([
      'index.js',
      'index.js.map',
      'package.json',
    ]);
    expect(readdirSync(join(directory, 'answer-door')).sort()).toEqual(['index.js', 'package.json']);
  });

  test('a function without an entry file fails with its path', async () => {
    await expect(bundle({ 'say-bye': { subject: 'greeting', coldStartDecides: false } })).rejects.toThrow(
      'functions without an entry file: functions/greeting/say-bye/handler.ts',
    );
  });

  test('a source that does not compile fails and leaves no bundle behind', async () => {
    write('functions/greeting/say-hello/handler.ts', 'export const handler = async (=> 1;\n');

    await expect(bundle()).rejects.toThrow('Build failed');
    await expect(bundle()).rejects.toThrow('Build failed');
  });
});
