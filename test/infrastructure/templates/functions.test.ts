import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENT } from '../../../functions/shared/contract/environment.ts';
import { MessagingSettings } from '../../../functions/shared/contract/settings.ts';
import { FUNCTION_ENTRIES } from '../../../lib/bundles/function-entries.ts';
import { ENVIRONMENTS, type Properties, synthesized } from './synthesized.ts';

const LOG_RETENTION: Readonly<Record<string, number>> = { local: 7, staging: 30, production: 90 };

describe.each(ENVIRONMENTS)('functions of %s', (environment) => {
  const { of, target } = synthesized(environment);
  const functions = of('AWS::Lambda::Function');
  const variables = (name: string): Properties =>
    functions.find(({ properties }) => properties.FunctionName === `trunkline-${environment}-${name}`)
      ?.properties.Environment.Variables;

  test('every entry is deployed, send-message once a pool', () => {
    const others = Object.keys(FUNCTION_ENTRIES).filter((name) => name !== 'send-message');
    const names = [...others, 'send-otp', 'send-transactional', 'send-marketing', 'send-calls'];

    expect(functions.map(({ properties }) => properties.FunctionName).sort()).toEqual(
      names.map((name) => `trunkline-${environment}-${name}`).sort(),
    );
  });

  test('every function runs nodejs24.x on arm64, is traced and keeps its log for a stated time under the log key', () => {
    for (const { stack, properties } of functions) {
      const logs = target(stack, properties.LoggingConfig.LogGroup);
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
      expect(logs?.properties).toMatchObject({
        LogGroupName: `/aws/lambda/${properties.FunctionName}`,
        RetentionInDays: LOG_RETENTION[environment],
      });
      expect(target(stack, logs?.properties.KmsKeyId)?.id).toMatch(/^LogKey/);
    }
  });

  test('every function knows its environment and its service name', () => {
    for (const { properties } of functions) {
      const { Variables } = properties.Environment;
      expect(Variables).toMatchObject({
        [ENVIRONMENT.environmentName]: environment,
        POWERTOOLS_METRICS_NAMESPACE: 'Trunkline',
      });
      expect(Object.keys(FUNCTION_ENTRIES)).toContain(Variables.POWERTOOLS_SERVICE_NAME);
    }
  });

  test('no function carries a secret, only the names under which it finds one', () => {
    const text = JSON.stringify(functions.map(({ properties }) => properties.Environment.Variables));

    expect(text).not.toMatch(/SecretString|resolve:secretsmanager|auth_?token|api_?key|password/i);
    expect(variables('receive-webhook')).toMatchObject({
      [ENVIRONMENT.accountSecretPrefix]: `trunkline/${environment}/twilio/`,
      [ENVIRONMENT.accountSids]: expect.stringMatching(/^AC[0-9a-f]{32}$/),
    });
  });

  test('only what Twilio waits for has concurrency of its own', () => {
    const reserved = functions
      .filter(({ properties }) => properties.ReservedConcurrentExecutions !== undefined)
      .map(({ properties }) => properties.FunctionName);

    expect(reserved.sort()).toEqual([
      `trunkline-${environment}-answer-call`,
      `trunkline-${environment}-receive-webhook`,
    ]);
  });

  test('messaging functions get the settings that the contract describes', () => {
    for (const name of ['serve-messages', 'serve-operations', 'handle-inbound-message', 'send-otp']) {
      const settings = MessagingSettings.parse(JSON.parse(variables(name)[ENVIRONMENT.messagingSettings]));
      expect(settings.pools.map((pool) => pool.name)).toEqual(['otp', 'transactional', 'marketing', 'calls']);
      expect(settings.acceptTestNumbers).toBe(environment === 'local');
    }
  });

  test('errors and throttles of every function alarm', () => {
    const alarmed = (metric: string) =>
      of('AWS::CloudWatch::Alarm')
        .filter(({ properties }) => properties.Namespace === 'AWS/Lambda' && properties.MetricName === metric)
        .map(({ properties }) => properties.Dimensions[0].Value)
        .sort();
    const names = functions.map(({ properties }) => properties.FunctionName).sort();

    expect(alarmed('Errors')).toEqual(names);
    expect(alarmed('Throttles')).toEqual(names);
  });

  test('webhooks are answered within the 15 s that Twilio waits', () => {
    const receiver = functions.find(({ properties }) => properties.FunctionName.endsWith('-receive-webhook'));

    expect(receiver?.properties.Timeout).toBe(10);
  });
});

describe('the origin that Twilio signs', () => {
  const originOf = (environment: string) =>
    synthesized(environment)
      .of('AWS::Lambda::Function')
      .filter(({ properties }) => /-(receive-webhook|send-\w+)$/.test(properties.FunctionName))
      .map(({ properties }) => properties.Environment.Variables[ENVIRONMENT.hooksOrigin]);

  test('is the custom domain where one is set, for the receiver and every sender alike', () => {
    expect(new Set(originOf('production'))).toEqual(new Set(['https://hooks.trunkline.example.com']));
  });

  test('is what the configuration says where it says so', () => {
    expect(new Set(originOf('local'))).toEqual(new Set(['http://127.0.0.1:4001']));
  });
});
