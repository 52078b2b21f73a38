import { describe, expect, test } from '@jest/globals';
import { loadConfiguration } from '../../../lib/config/load-configuration.ts';
import type { Overrides } from '../../../lib/config/overrides.ts';
import { ENVIRONMENTS, ENVIRONMENTS_DIRECTORY } from '../templates/synthesized.ts';

const load = (environment: string | undefined, overrides: Overrides = {}) =>
  loadConfiguration({ environment, directory: ENVIRONMENTS_DIRECTORY, overrides });

describe('configuration', () => {
  test.each(ENVIRONMENTS)('the shipped environment %s is valid', (environment) => {
    expect(load(environment).name).toBe(environment);
  });

  test('an environment that is not named fails with the list of those there are', () => {
    expect(() => load(undefined)).toThrow('-c env: is missing; there are: local, production, staging');
  });

  test('an environment without a file fails with its name', () => {
    expect(() => load('qa')).toThrow(
      '-c env: "qa" has no configuration; there are: local, production, staging',
    );
  });

  test.each<[string, Overrides, (c: ReturnType<typeof load>['configuration']) => unknown, unknown]>([
    ['text', { 'twilio.baseUrl': 'http://127.0.0.1:9999' }, (c) => c.twilio.baseUrl, 'http://127.0.0.1:9999'],
    ['a number', { 'hooks.throttle.rateLimit': '7' }, (c) => c.hooks.throttle.rateLimit, 7],
    ['a boolean', { acceptTestNumbers: 'false' }, (c) => c.acceptTestNumbers, false],
    ['digits where text is wanted', { account: '123456789012' }, (c) => c.account, '123456789012'],
    ['a place in a list', { 'pools[1].concurrency': '3' }, (c) => c.pools[1]?.concurrency, 3],
    ['a place in a list, with dots', { 'pools.1.concurrency': '4' }, (c) => c.pools[1]?.concurrency, 4],
    [
      'a whole list',
      { 'alarms.pageEmails': '["a@example.com"]' },
      (c) => c.alarms.pageEmails,
      ['a@example.com'],
    ],
    [
      'a value that the file leaves out',
      { 'tables.inbox': 'inbox-restored' },
      (c) => c.tables.inbox,
      'inbox-restored',
    ],
    [
      'a member of a union',
      { 'auth.issuer': 'http://127.0.0.1:5' },
      (c) => c.auth,
      expect.objectContaining({ issuer: 'http://127.0.0.1:5' }),
    ],
  ])('-c overrides %s', (_what, overrides, read, expected) => {
    expect(read(load('local', overrides).configuration)).toEqual(expected);
  });

  test.each<[string, Overrides]>([
    ['-c twilio.baseURL: unknown configuration key', { 'twilio.baseURL': 'http://127.0.0.1:1' }],
    ['-c colour: unknown configuration key', { colour: 'red' }],
    ['-c pools.otp.concurrency: unknown configuration key', { 'pools.otp.concurrency': '3' }],
    ['-c pools[0].concurrency: "many" is not JSON', { 'pools[0].concurrency': 'many' }],
    ['-c pools[9].concurrency: the configuration has nothing at this place', { 'pools[9].concurrency': '3' }],
  ])('an override that means nothing fails: %s', (message, overrides) => {
    expect(() => load('local', overrides)).toThrow(message);
  });

  test.each<[string, string, Overrides]>([
    ['local', 'pools[0].concurrency: ', { 'pools[0].concurrency': '1' }],
    ['local', 'pools[0].trafficClass: ', { 'pools[0].trafficClass': 'urgent' }],
    ['local', 'pools[0].colour: unknown configuration key', { pools: '[{"channel":"sms","colour":"red"}]' }],
    ['local', 'hooks.throttle.limit: unknown configuration key', { 'hooks.throttle': '{"limit":1}' }],
    ['local', 'twilio.accounts[0]: must be an AccountSid', { 'twilio.accounts': '["AC123"]' }],
    ['local', 'twilio.baseUrl: must be an origin', { 'twilio.baseUrl': 'https://api.twilio.com/' }],
    ['local', 'retention.logDays: must be one of', { 'retention.logDays': '8' }],
    ['local', 'ingress.reservedConcurrency: ', { 'ingress.reservedConcurrency': '0' }],
    [
      'production',
      'application.domain.mutualTls.truststoreUri: must be an s3://',
      { 'application.domain.mutualTls.truststoreUri': 'https://bucket/clients.pem' },
    ],
    [
      'production',
      'application.domain.name: ',
      { 'application.domain': '{"mutualTls":{"truststoreUri":"s3://bucket/a.pem"}}' },
    ],
    ['production', 'alarms.pageEmails[0]: ', { 'alarms.pageEmails': '["nobody"]' }],
    [
      'production',
      'hooks.domain.certificateArn: must be the ARN',
      { 'hooks.domain.certificateArn': 'arn:aws:iam::1:x' },
    ],
    ['production', 'auth.domainPrefix: ', { 'auth.domainPrefix': 'aws-trunkline' }],
  ])('%s with a wrong value fails with the key: %s', (environment, message, overrides) => {
    expect(() => load(environment, overrides)).toThrow(`config/environments/${environment}.json: ${message}`);
  });

  test.each<[string, string, Overrides]>([
    [
      'local',
      'pools[1].accountSid: is not among twilio.accounts',
      { 'pools[1].accountSid': `AC${'f'.repeat(32)}` },
    ],
    ['local', 'pools[2].name: is used by another pool', { 'pools[2].name': 'otp' }],
    ['local', 'pools[2].trafficClass: the account has another pool', { 'pools[2].trafficClass': 'otp' }],
    [
      'local',
      'twilio.accounts[1]: is listed twice',
      { 'twilio.accounts': `["AC${'0'.repeat(31)}1","AC${'0'.repeat(31)}1"]` },
    ],
    [
      'production',
      'twilio.baseUrl: must be https outside a local environment',
      { 'twilio.baseUrl': 'http://127.0.0.1:1' },
    ],
    [
      'production',
      'auth.issuer: must be https',
      { auth: '{"kind":"oidc","issuer":"http://idp","audience":["a"]}' },
    ],
    ['production', 'acceptTestNumbers: may be true only where local is true', { acceptTestNumbers: 'true' }],
    [
      'production',
      'hooks.origin: contradicts hooks.domain.name',
      { 'hooks.origin': 'https://elsewhere.example.com' },
    ],
    [
      'production',
      'pools[0].name: makes a function name longer than 64 characters',
      { 'pools[0].name': 'transactional-notifications-of-the-shop' },
    ],
  ])(
    '%s with values that contradict each other fails with the key: %s',
    (environment, message, overrides) => {
      expect(() => load(environment, overrides)).toThrow(
        `config/environments/${environment}.json: ${message}`,
      );
    },
  );

  test('every finding is named, not only the first', () => {
    expect(() => load('local', { 'pools[0].concurrency': '1', region: 'nowhere' })).toThrow(
      /region: must be an AWS region[\s\S]*pools\[0\]\.concurrency: /,
    );
  });

  test('a pool with a name just short enough is accepted', () => {
    expect(
      load('production', { 'pools[0].name': 'transactional-notifications-of-the-sho' }).configuration.pools[0]
        ?.name,
    ).toHaveLength(38);
  });
});
