import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, build } from 'esbuild';
import type { CodeSource } from './code-source.ts';
import { FUNCTION_ENTRIES, type FunctionEntry } from './function-entries.ts';

export interface BundleInput {
  /** Root of the repository: `functions/` and `package-lock.json` are read from it. */
  readonly root: string;
  /** Where bundles are kept between syntheses; a directory per state of the sources. */
  readonly cacheDirectory: string;
  /** @default every deployed function */
  readonly entries?: Readonly<Record<string, FunctionEntry>>;
}

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  // Names stay, so that an error's class and a stack can be read.
  keepNames: true,
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Bundles every function into `<cache>/<hash>/<name>/index.js`, everything included, so that a function needs no
 * node_modules. Unchanged sources are not bundled again. Throws where an entry file is missing or does not compile.
 */
export const bundleFunctions = async (input: BundleInput): Promise<CodeSource> => {
  const entries = input.entries ?? FUNCTION_ENTRIES;
  requireEntryFiles(input.root, entries);
  const directory = join(input.cacheDirectory, hashOfSources(input.root, entries));
  if (!existsSync(directory)) await buildInto(directory, input, entries);
  return (entry) => Code.fromAsset(join(directory, entry));
};

const entryFile = (root: string, name: string, entry: FunctionEntry): string =>
  join(root, 'functions', entry.subject, name, 'handler.ts');

const requireEntryFiles = (root: string, entries: Readonly<Record<string, FunctionEntry>>): void => {
  const missing = Object.entries(entries)
    .map(([name, entry]) => entryFile(root, name, entry))
    .filter((file) => !existsSync(file));
  if (missing.length > 0) {
    throw new Error(
      `functions without an entry file: ${missing.map((file) => relative(root, file)).join(', ')}`,
    );
  }
};

/** Built beside its place and renamed, so that a killed build leaves no half-filled directory behind. */
const buildInto = async (
  directory: string,
  { root, cacheDirectory }: BundleInput,
  entries: Readonly<Record<string, FunctionEntry>>,
): Promise<void> => {
  mkdirSync(cacheDirectory, { recursive: true });
  const unfinished = `${directory}.${process.pid}`;
  await Promise.all([
    buildGroup(root, unfinished, only(entries, true), { sourcemap: false }),
    buildGroup(root, unfinished, only(entries, false), { sourcemap: 'linked', sourcesContent: false }),
  ]);
  forgetOldBundles(cacheDirectory);
  // Somebody else may have built the same sources meanwhile: theirs are as good.
  if (existsSync(directory)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, directory);
};

const KEPT_MILLISECONDS = 86_400_000;

/** Young ones stay: another synthesis may be reading them. */
const forgetOldBundles = (cacheDirectory: string): void => {
  for (const name of readdirSync(cacheDirectory)) {
    const path = join(cacheDirectory, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MILLISECONDS) rmSync(path, { recursive: true });
  }
};

const only = (
  entries: Readonly<Record<string, FunctionEntry>>,
  coldStartDecides: boolean,
): readonly (readonly [string, FunctionEntry])[] =>
  Object.entries(entries).filter(([, entry]) => entry.coldStartDecides === coldStartDecides);

const buildGroup = async (
  root: string,
  directory: string,
  entries: readonly (readonly [string, FunctionEntry])[],
  options: BuildOptions,
): Promise<void> => {
  if (entries.length === 0) return;
  await build({
    ...OPTIONS,
    ...options,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      entries.map(([name, entry]) => [`${name}/index`, entryFile(root, name, entry)]),
    ),
    outdir: directory,
  });
  // A package.json of its own: the bundle is CommonJS wherever it is unpacked.
  for (const [name] of entries) writeFileSync(join(directory, name, 'package.json'), '{"type":"commonjs"}\n');
};

/** Everything that can change a bundle: sources, installed versions, options, the list of entries. */
const hashOfSources = (root: string, entries: Readonly<Record<string, FunctionEntry>>): string => {
  const hash = createHash('sha256').update(JSON.stringify([OPTIONS, entries]));
  for (const file of SOURCES.flatMap((folder) => filesUnder(root, folder)))
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
    .slice(0, 32);
};

/** Code, and the data that is bundled with it; what differs between environments comes by environment variable. */
const SOURCES = ['functions', 'config'];
const EVERY_ENVIRONMENT = join('config', 'environments');

const filesUnder = (root: string, folder: string): readonly string[] => {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => /\.(ts|json)$/.test(file) && !file.startsWith(EVERY_ENVIRONMENT))
    .sort();
};
