import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutCode } from '../../../lib/bundles/code-source.ts';
import { environmentNames, loadConfiguration } from '../../../lib/config/load-configuration.ts';
import { createApp } from '../../../lib/trunkline-app.ts';

export const ENVIRONMENTS_DIRECTORY = fileURLToPath(new URL('../../../config/environments', import.meta.url));
export const ENVIRONMENTS = environmentNames(ENVIRONMENTS_DIRECTORY);

// Templates are free-form documents: tests read them as such.
// biome-ignore lint/suspicious/noExplicitAny: a template has no type worth writing down for a test
export type Properties = Record<string, any>;

export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Properties;
  readonly deletionPolicy: string | undefined;
}

export interface Synthesized {
  readonly environment: string;
  readonly resources: readonly Resource[];
  /** Stack name to output name to value. */
  readonly outputs: Readonly<Record<string, Properties>>;
  readonly of: (type: string) => readonly Resource[];
  /** Name of the queue, function or table that an expression of a template points at, through exports too. */
  readonly target: (stack: string, expression: unknown) => Resource | undefined;
}

const cache = new Map<string, Synthesized>();

/** All templates of one environment, synthesized once per test file. */
export const synthesized = (environment: string): Synthesized => {
  const known = cache.get(environment);
  if (known !== undefined) return known;
  const directory = synthesizeInto(environment);
  const created = readAssembly(environment, directory);
  rmSync(directory, { recursive: true });
  cache.set(environment, created);
  return created;
};

const synthesizeInto = (environment: string): string => {
  const outputDirectory = mkdtempSync(join(tmpdir(), 'trunkline-synth-'));
  createApp({
    environment: loadConfiguration({ environment, directory: ENVIRONMENTS_DIRECTORY }),
    codeOf: withoutCode,
    checks: false,
    outputDirectory,
  }).synth();
  return outputDirectory;
};

const readAssembly = (environment: string, directory: string): Synthesized => {
  const templates: readonly (readonly [string, Properties])[] = readdirSync(directory)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => [
      file.replace('.template.json', ''),
      JSON.parse(readFileSync(join(directory, file), 'utf8')),
    ]);
  const resources = templates.flatMap(([stack, template]) =>
    Object.entries<Properties>(template.Resources).map(([id, resource]) => ({
      stack,
      id,
      type: resource.Type,
      properties: resource.Properties ?? {},
      deletionPolicy: resource.DeletionPolicy,
    })),
  );
  const outputs = Object.fromEntries(templates.map(([stack, template]) => [stack, template.Outputs ?? {}]));
  const target = (stack: string, expression: unknown): Resource | undefined => {
    const {
      Ref: ref,
      'Fn::GetAtt': attribute,
      'Fn::ImportValue': imported,
    } = (expression ?? {}) as Properties;
    if (imported !== undefined) {
      for (const [exporter, named] of Object.entries(outputs)) {
        const output = Object.values<Properties>(named).find(({ Export }) => Export?.Name === imported);
        if (output !== undefined) return target(exporter, output.Value);
      }
    }
    const id = ref ?? attribute?.[0];
    return resources.find((resource) => resource.stack === stack && resource.id === id);
  };
  return {
    environment,
    resources,
    outputs,
    of: (type) => resources.filter((resource) => resource.type === type),
    target,
  };
};
