import { describe, expect, test } from '@jest/globals';
import { contextArguments } from '../../../lib/config/context-overrides.ts';

describe('the context of the CDK command line', () => {
  test("keeps CDK's own keys apart from configuration", () => {
    expect(
      contextArguments({
        env: 'staging',
        'aws:cdk:enable-asset-metadata': true,
        '@aws-cdk/core:newStyleStackSynthesis': true,
        'twilio.baseUrl': 'https://api.twilio.com',
        'pools[0].concurrency': 7,
      }),
    ).toEqual({
      environment: 'staging',
      overrides: { 'twilio.baseUrl': 'https://api.twilio.com', 'pools[0].concurrency': '7' },
      checks: true,
      bundles: true,
    });
  });

  test('without -c env there is no environment, which loading refuses', () => {
    expect(contextArguments({}).environment).toBeUndefined();
  });

  test('checks and bundles can be switched off by name', () => {
    expect(contextArguments({ 'trunkline:checks': 'off', 'trunkline:bundles': 'off' })).toMatchObject({
      checks: false,
      bundles: false,
    });
  });

  test('a switch with another value, and a switch that is none, fail with their names', () => {
    expect(() => contextArguments({ 'trunkline:checks': 'no' })).toThrow(
      '-c trunkline:checks: "no" is neither',
    );
    expect(() => contextArguments({ 'trunkline:nag': 'off' })).toThrow('-c trunkline:nag: unknown switch');
  });
});
