import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SampleStack {
  readonly stackName: string;
  readonly template: Readonly<Record<string, unknown>>;
  /** Source of `index.js` by the object key that the template names. */
  readonly code?: Readonly<Record<string, string>>;
  readonly dependencies?: readonly string[];
}

/** Writes a cloud assembly as `cdk synth` does. */
export function writeAssembly(directory: string, stacks: readonly SampleStack[]): string {
  mkdirSync(directory, { recursive: true });
  const artifacts = Object.assign({}, ...stacks.map((stack) => writeStack(directory, stack)));
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts }));
  return directory;
}

function writeStack(
  directory: string,
  { stackName, template, code = {}, dependencies = [] }: SampleStack,
): unknown {
  const files = Object.entries(code).map(([objectKey, source]) => {
    const hash = createHash('sha256').update(source).digest('hex');
    const path = `asset.${hash}`;
    mkdirSync(join(directory, path), { recursive: true });
    writeFileSync(join(directory, path, 'index.js'), source);
    const destinations = { current: { bucketName: 'assets', objectKey } };
    return [`${hash}-${objectKey}`, { source: { path, packaging: 'zip' }, destinations }] as const;
  });
  writeFileSync(
    join(directory, `${stackName}.assets.json`),
    JSON.stringify({ files: Object.fromEntries(files) }),
  );
  writeFileSync(join(directory, `${stackName}.template.json`), JSON.stringify(template));
  return {
    [`${stackName}.assets`]: { type: 'cdk:asset-manifest', properties: { file: `${stackName}.assets.json` } },
    [stackName]: {
      type: 'aws:cloudformation:stack',
      environment: 'aws://unknown-account/unknown-region',
      properties: { templateFile: `${stackName}.template.json` },
      dependencies: [`${stackName}.assets`, ...dependencies],
    },
  };
}

/** A function whose code is the asset with this key. */
export const sampleFunction = (
  S3Key: string,
  Variables: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): unknown => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: 'assets', S3Key },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::000000000000:role/any',
    Environment: { Variables },
    ...more,
  },
});
