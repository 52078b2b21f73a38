import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const CONTENT_ADDRESSED = /^asset\.[0-9a-f]{64}$/;
const RUNTIME_SCOPES = ['@aws-sdk', '@smithy'];

export interface StagedCode {
  /** Copies a bundle to where it runs. @returns the directory */
  stage(assetDirectory: string): string;
  /** Writes the code of a function that its template holds inline. @returns the directory */
  stageInline(name: string, source: string): string;
  /** Removes what no function of this run uses. */
  prune(): void;
}

/**
 * Where bundles run: a copy, so that a synth beside a running platform changes nothing under it, and so that `.js` can
 * be given the meaning it has in Lambda (CommonJS unless the bundle says otherwise) whatever package surrounds us.
 * As in Lambda's runtime, `@aws-sdk/*` is there for bundles that left it out.
 */
export function stagedCode(directory: string): StagedCode {
  const used = new Set(['node_modules']);
  linkRuntime(directory);
  const prepare = (name: string): string => {
    used.add(name);
    return join(directory, name);
  };
  return {
    stage: (assetDirectory) => {
      const name = basename(assetDirectory);
      const target = prepare(name);
      if (!CONTENT_ADDRESSED.test(name) || !existsSync(target)) copyBundle(assetDirectory, target);
      return target;
    },
    stageInline: (name, source) => {
      const target = prepare(`inline.${name}`);
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, 'index.js'), source);
      declareCommonJs(target);
      return target;
    },
    prune: () => {
      for (const name of readdirSync(directory)) {
        if (!used.has(name)) rmSync(join(directory, name), { recursive: true });
      }
    },
  };
}

function copyBundle(source: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, { recursive: true });
  declareCommonJs(target);
}

function declareCommonJs(target: string): void {
  const manifest = join(target, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{"type":"commonjs"}');
}

function linkRuntime(directory: string): void {
  const modules = join(directory, 'node_modules');
  mkdirSync(modules, { recursive: true });
  const installed = dirname(findPackage('@aws-sdk/client-sqs'));
  for (const scope of RUNTIME_SCOPES) {
    const link = join(modules, scope);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) rmSync(link);
    symlinkSync(join(dirname(installed), scope), link, 'dir');
  }
}

function findPackage(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  return entry.slice(0, entry.lastIndexOf(name) + name.length);
}
