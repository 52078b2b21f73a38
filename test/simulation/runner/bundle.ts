import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** A textual change to one file of the platform: a known bug, switched on from outside. */
export interface Patch {
  readonly name: string;
  /** Relative to the repository. */
  readonly file: string;
  /** What to find, and what to put in its place; each stands exactly once in the file, or the build fails. */
  readonly edits: readonly (readonly [find: string, replace: string])[];
}

const HERE = dirname(fileURLToPath(import.meta.url));
export const REPOSITORY = resolve(HERE, '../../..');
const bundles = new Set<string>();
const removeBundles = (): void => {
  for (const bundle of bundles) rmSync(bundle, { force: true });
};

/** The modules that open sockets, and what takes their place. */
const SOCKETS: ReadonlyMap<string, string> = new Map([
  [
    resolve(REPOSITORY, 'functions/shared/twilio/post-once.ts'),
    resolve(HERE, '../twilio/simulated-post-once.ts'),
  ],
  [
    resolve(REPOSITORY, 'functions/shared/twilio/ledger-get.ts'),
    resolve(HERE, '../twilio/simulated-ledger-get.ts'),
  ],
]);

/** Builds the simulation with the real functions in it. @returns path of the module for worker threads */
export const bundleSimulation = async (patches: readonly Patch[] = []): Promise<string> => {
  const name = ['simulation', ...new Set(patches.map((patch) => patch.name))].join('-');
  const outfile = resolve(
    REPOSITORY,
    'node_modules/.cache/trunkline-simulation',
    `${name}-${process.pid}.mjs`,
  );
  mkdirSync(dirname(outfile), { recursive: true });
  const applied = new Set<Patch>();
  await build({
    entryPoints: [resolve(HERE, 'worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
    absWorkingDir: REPOSITORY,
    plugins: [socketPlugin, patchPlugin(patches, applied)],
  });
  for (const patch of patches) {
    if (!applied.has(patch))
      throw new Error(`the patch ${patch.name} names a file that the simulation does not use: ${patch.file}`);
  }
  if (bundles.size === 0) process.once('exit', removeBundles);
  bundles.add(outfile);
  return outfile;
};

/** The one module that opens sockets is replaced; the file that replaces it may still read the real one. */
const socketPlugin: Plugin = {
  name: 'simulated-socket',
  setup({ onResolve }) {
    onResolve({ filter: /(?:post-once|ledger-get)\.ts$/ }, ({ path, importer, resolveDir }) => {
      const simulated = SOCKETS.get(resolve(resolveDir, path));
      return simulated === undefined || importer === simulated ? undefined : { path: simulated };
    });
  },
};

const patchPlugin = (patches: readonly Patch[], applied: Set<Patch>): Plugin => ({
  name: 'known-bugs',
  setup({ onLoad }) {
    const files = new Map<string, Patch[]>();
    for (const patch of patches) {
      const file = resolve(REPOSITORY, patch.file);
      files.set(file, [...(files.get(file) ?? []), patch]);
    }
    onLoad({ filter: /\/functions\/.*\.ts$/ }, ({ path }) => {
      const own = files.get(path);
      if (own === undefined) return undefined;
      let text = readFileSync(path, 'utf8');
      for (const patch of own) {
        text = applyPatch(text, patch);
        applied.add(patch);
      }
      return { contents: text, loader: 'ts' };
    });
  },
});

/** @throws where a text does not stand exactly once: the code has moved on, and the patch must follow */
export const applyPatch = (text: string, { name, file, edits }: Patch): string =>
  edits.reduce((patched, [find, replace]) => {
    const pieces = patched.split(find);
    if (pieces.length !== 2)
      throw new Error(`the patch ${name} finds its text ${pieces.length - 1} times in ${file}: ${find}`);
    return pieces.join(replace);
  }, text);
