import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Template, templateSchema } from './template.ts';

/** One stack of a cloud assembly, with the files that its assets stand for. */
export interface AssembledStack {
  readonly id: string;
  readonly stackName: string;
  /** The region the stack names, when it names one. */
  readonly region: string | undefined;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  /** Directory or file of an asset by its object key, which is how a template refers to it. */
  readonly assets: ReadonlyMap<string, string>;
}

const artifactSchema = z.looseObject({
  type: z.string(),
  environment: z.string().optional(),
  displayName: z.string().optional(),
  dependencies: z.array(z.string()).default([]),
  properties: z
    .looseObject({
      templateFile: z.string().optional(),
      stackName: z.string().optional(),
      parameters: z.record(z.string(), z.string()).optional(),
      file: z.string().optional(),
      directoryName: z.string().optional(),
    })
    .default({}),
});
type Artifact = z.infer<typeof artifactSchema>;

const manifestSchema = z.looseObject({ artifacts: z.record(z.string(), artifactSchema).default({}) });

const assetsSchema = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/**
 * The stacks of a synthesized assembly (`cdk.out`), stages included, each after the stacks that it depends on.
 * @throws when a manifest or template is missing or has an unknown shape
 */
export function readAssembly(directory: string): readonly AssembledStack[] {
  const { artifacts } = manifestSchema.parse(readJson(join(directory, 'manifest.json')));
  const assets = readAssets(directory, Object.values(artifacts));
  const stacks: AssembledStack[] = [];
  for (const [id, artifact] of inDependencyOrder(artifacts)) {
    if (artifact.type === 'aws:cloudformation:stack') stacks.push(readStack(directory, id, artifact, assets));
    if (artifact.type === 'cdk:cloud-assembly' && artifact.properties.directoryName !== undefined) {
      stacks.push(...readAssembly(join(directory, artifact.properties.directoryName)));
    }
  }
  return stacks;
}

function readStack(
  directory: string,
  id: string,
  { properties, environment }: Artifact,
  assets: ReadonlyMap<string, string>,
): AssembledStack {
  if (properties.templateFile === undefined) throw new Error(`Stack ${id} names no template file`);
  const region = environment?.split('/').at(-1);
  return {
    id,
    stackName: properties.stackName ?? id,
    region: region === 'unknown-region' ? undefined : region,
    template: templateSchema.parse(readJson(join(directory, properties.templateFile))),
    parameters: properties.parameters ?? {},
    assets,
  };
}

function readAssets(directory: string, artifacts: readonly Artifact[]): ReadonlyMap<string, string> {
  const assets = new Map<string, string>();
  for (const { type, properties } of artifacts) {
    if (type !== 'cdk:asset-manifest' || properties.file === undefined) continue;
    const { files } = assetsSchema.parse(readJson(join(directory, properties.file)));
    for (const { source, destinations } of Object.values(files)) {
      if (source.path === undefined) continue;
      for (const { objectKey } of Object.values(destinations))
        assets.set(objectKey, join(directory, source.path));
    }
  }
  return assets;
}

function inDependencyOrder(artifacts: Readonly<Record<string, Artifact>>): [string, Artifact][] {
  const ordered = new Map<string, Artifact>();
  const visit = (id: string): void => {
    const artifact = artifacts[id];
    if (artifact === undefined || ordered.has(id)) return;
    artifact.dependencies.forEach(visit);
    ordered.set(id, artifact);
  };
  Object.keys(artifacts).forEach(visit);
  return [...ordered];
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
