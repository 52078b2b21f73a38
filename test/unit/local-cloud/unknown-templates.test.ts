import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { refuseUnknown } from '../../../local/cloud/assembly/deploy-stacks.ts';
import type { AssembledStack } from '../../../local/cloud/assembly/read-assembly.ts';
import { templateSchema } from '../../../local/cloud/assembly/template.ts';
import { TemplateRefusedError } from '../../../local/cloud/errors.ts';
import { KNOWN_KINDS } from '../../../local/cloud/resources/known-kinds.ts';

const stack = (Resources: unknown): AssembledStack => ({
  id: 'Messaging',
  stackName: 'Messaging',
  region: undefined,
  template: templateSchema.parse({ Resources }),
  parameters: {},
  assets: new Map(),
});

const problemsOf = (Resources: unknown): readonly string[] => {
  try {
    refuseUnknown([stack(Resources)]);
    return [];
  } catch (error) {
    if (error instanceof TemplateRefusedError) return error.problems;
    throw error;
  }
};

describe('what the platform does not know', () => {
  test('is named with stack, logical id, type and property, all of it at once', () => {
    const problems = problemsOf({
      Topic: { Type: 'AWS::IoT::TopicRule' },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q', Sparkle: true } },
    });
    expect(problems).toEqual([
      'Messaging / Topic (AWS::IoT::TopicRule): the type AWS::IoT::TopicRule is not known',
      'Messaging / Queue (AWS::SQS::Queue): the property Sparkle is not known',
    ]);
  });

  test('custom resources and user pools are refused with a reason', () => {
    expect(problemsOf({ Copy: { Type: 'Custom::CDKBucketDeployment' } })[0]).toContain(
      'custom resource type',
    );
    expect(problemsOf({ Pool: { Type: 'AWS::Cognito::UserPool' } })[0]).toContain('the local issuer');
  });

  test('an unknown section of a template is refused', () => {
    expect(() => templateSchema.parse({ Resources: {}, Transform: 'AWS::Serverless-2016-10-31' })).toThrow(
      'Transform',
    );
  });

  test('known resources pass', () => {
    expect(problemsOf({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } } })).toEqual([]);
  });

  test('nested properties are refused by their path', async () => {
    const kind = KNOWN_KINDS.get('AWS::Lambda::EventSourceMapping');
    const declared = {
      stackName: 'S',
      logicalId: 'Map',
      type: 'AWS::Lambda::EventSourceMapping',
      assets: new Map(),
    };
    const properties = {
      FunctionName: 'f',
      EventSourceArn: 'arn',
      ScalingConfig: { MaximumConcurrency: 2, Glow: 1 },
    };
    await expect(kind?.deploy(declared, properties, Object.create(null))).rejects.toThrow(
      'S / Map (AWS::Lambda::EventSourceMapping): the property ScalingConfig.Glow is not known',
    );
  });

  test('every ignored property says why', () => {
    for (const { type, properties } of KNOWN_KINDS.values()) {
      for (const [name, reason] of Object.entries(properties)) {
        expect([type, name, reason === undefined || reason.length > 10]).toEqual([type, name, true]);
      }
    }
  });

  test('every known type stands in the documentation, and no other', () => {
    const document = readFileSync(new URL('../../../docs/local-platform.md', import.meta.url), 'utf8');
    const named = [...document.matchAll(/`(AWS::\w+::\w+)`/g)].map(([, type]) => type);
    expect([...named].sort()).toEqual([...KNOWN_KINDS.keys()].sort());
  });
});
