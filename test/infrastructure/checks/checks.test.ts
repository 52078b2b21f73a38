import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { withoutCode } from '../../../lib/bundles/code-source.ts';
import { acknowledge } from '../../../lib/checks/acknowledge.ts';
import { addChecks } from '../../../lib/checks/add-checks.ts';
import { loadConfiguration } from '../../../lib/config/load-configuration.ts';
import { createApp } from '../../../lib/trunkline-app.ts';
import { ENVIRONMENTS, ENVIRONMENTS_DIRECTORY } from '../templates/synthesized.ts';

let outputDirectory: string;
beforeAll(() => {
  outputDirectory = mkdtempSync(join(tmpdir(), 'trunkline-checks-'));
});
afterAll(() => rmSync(outputDirectory, { recursive: true }));

describe('checks', () => {
  test.each(ENVIRONMENTS)('%s has no finding without a recorded reason', (name) => {
    const environment = loadConfiguration({ environment: name, directory: ENVIRONMENTS_DIRECTORY });
    const app = createApp({
      environment,
      codeOf: withoutCode,
      checks: true,
      outputDirectory: join(outputDirectory, name),
    });

    expect(() => app.synth()).not.toThrow();
  });

  const appWithQueue = (name: string) => {
    const app = new App({ outdir: join(outputDirectory, name), autoSynth: false });
    const queue = new Queue(new Stack(app, 'Stack'), 'Queue', { enforceSSL: true });
    addChecks(app);
    return { app, queue };
  };

  test('a queue without a dead-letter queue fails synthesis', () => {
    expect(() => appWithQueue('found').app.synth()).toThrow(
      /AwsSolutions-SQS3[\s\S]*Serverless-SQSRedrivePolicy/,
    );
  });

  test('a recorded reason settles what it names', () => {
    const { app, queue } = appWithQueue('settled');
    acknowledge(queue, 'lastQueue');

    expect(() => app.synth()).not.toThrow();
  });
});
