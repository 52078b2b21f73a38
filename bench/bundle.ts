import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Bundles {
  readonly ours: string;
  readonly baseline: string;
}

type Handlers = Readonly<Record<keyof Bundles, URL>>;

const WEBHOOK_HANDLERS: Handlers = {
  ours: new URL('../functions/ingress/receive-webhook/handler.ts', import.meta.url),
  baseline: new URL('./baseline/receive-webhook.ts', import.meta.url),
};

/**
 * A script as one file, with its source's dependencies: a measuring process then strips no types, which would occupy a
 * second core while it measures.
 */
export const bundleScript = async (script: URL): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'trunkline-bench-'));
  const outfile = join(folder, 'script.mjs');
  await bundle(script, outfile, 'esm');
  return outfile;
};

/** Both handlers as they would be deployed: one minified CommonJS file each. */
export const bundleHandlers = async (handlers: Handlers = WEBHOOK_HANDLERS): Promise<Bundles> => {
  const folder = await mkdtemp(join(tmpdir(), 'trunkline-bench-'));
  const bundles = { ours: join(folder, 'ours.cjs'), baseline: join(folder, 'baseline.cjs') };
  await bundle(handlers.ours, bundles.ours);
  await bundle(handlers.baseline, bundles.baseline);
  return bundles;
};

const bundle = async (entry: URL, outfile: string, format: 'cjs' | 'esm' = 'cjs'): Promise<void> => {
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format,
    ...(format === 'esm' && { banner: { js: REQUIRE } }),
    logLevel: 'error',
  });
};

/** Lets CommonJS dependencies within an ES module load Node's own modules. */
const REQUIRE =
  "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);";
