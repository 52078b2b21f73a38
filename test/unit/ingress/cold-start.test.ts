import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handler } from '../../../functions/ingress/receive-webhook/handler.ts';
import { readIngressSettings } from '../../../functions/ingress/settings.ts';
import { ACCOUNT } from '../../fakes/ingress/hooks-harness.ts';

const COMPLETE = {
  HOOKS_ORIGIN: 'https://hooks.example.com',
  TWILIO_ACCOUNT_SIDS: ACCOUNT,
  INBOX_RETENTION_DAYS: '35',
  TASK_INSTRUCTIONS: '{}',
};

const environment = { ...process.env };
beforeEach(() => {
  process.env = {};
});
afterEach(() => {
  process.env = environment;
});

const anything = {
  version: '2.0',
  routeKey: 'POST /elsewhere',
  rawPath: '/elsewhere',
  rawQueryString: '',
  headers: {},
  isBase64Encoded: false,
} as never;

test('a start that failed is not remembered', async () => {
  await expect(handler(anything, { awsRequestId: 'r1' })).rejects.toThrow('AWS_REGION');
  Object.assign(process.env, COMPLETE, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'key',
    TABLE_INBOX: 'inbox',
    TABLE_CONSENT: 'consent',
    CONTACT_KEY_SECRET: 'trunkline/contact-key',
    CONSENT_SETTINGS: '{"keywordScope":"everything"}',
    TWILIO_ACCOUNT_SECRET_PREFIX: 'trunkline/twilio/',
  });
  expect((await handler(anything, { awsRequestId: 'r2' })).statusCode).toBe(404);
});

test.each([
  '',
  'hooks.example.com',
  'https://hooks.example.com/',
  'https://u:p@hooks.example.com',
  'ftp://h',
])('the origin %j is no canonical origin', (origin) => {
  expect(() => readIngressSettings({ ...COMPLETE, HOOKS_ORIGIN: origin })).toThrow('HOOKS_ORIGIN');
});

test.each([
  'https://hooks.example.com',
  'https://hooks.example.com:8443',
  'http://127.0.0.1:3000',
  'http://[::1]:3000',
])('the origin %j is one', (origin) => {
  expect(readIngressSettings({ ...COMPLETE, HOOKS_ORIGIN: origin })).toEqual({
    hooksOrigin: origin,
    accountSids: new Set([ACCOUNT]),
    retentionDays: 35,
    taskInstructions: new Map(),
  });
});

test('the instructions for reservations are kept by workflow', () => {
  const documents = '{"*":{},"WW0":{"instruction":"accept"}}';
  const { taskInstructions } = readIngressSettings({ ...COMPLETE, TASK_INSTRUCTIONS: documents });
  expect([...taskInstructions]).toEqual([
    ['*', {}],
    ['WW0', { instruction: 'accept' }],
  ]);
});

test.each(['not json', '[]', '"accept"', '{"*":"accept"}', '{"*":null}'])(
  'the instructions %s are refused at the start',
  (documents) => {
    expect(() => readIngressSettings({ ...COMPLETE, TASK_INSTRUCTIONS: documents })).toThrow(
      'TASK_INSTRUCTIONS',
    );
  },
);
