import { describe, expect, test } from '@jest/globals';
import type { AccountSecrets } from '../../../functions/shared/ports/account-secrets.ts';
import type { CreateCallRequest } from '../../../functions/shared/ports/twilio-calls.ts';
import { createTwilioCallLedger } from '../../../functions/shared/twilio/call-ledger-client.ts';
import { createTwilioCalls } from '../../../functions/shared/twilio/calls-client.ts';
import { answering, httpAnswer, startRawServer } from './support/raw-server.ts';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const CALL = `CA${'a'.repeat(32)}`;
const NAME = { accountSid: ACCOUNT, callSid: CALL };

const REQUEST: CreateCallRequest = {
  accountSid: ACCOUNT,
  to: '+14155550123',
  from: '+14155550100',
  url: 'https://hooks.example/voice/steps/token',
  statusCallback: 'https://hooks.example/voice/status/token',
  timeoutSeconds: 30,
};

const secrets: AccountSecrets = {
  read: async () => ({ accountSid: ACCOUNT, authTokens: ['auth-token'] }),
  refresh: async () => undefined,
};

const RESOURCE = {
  sid: CALL,
  account_sid: ACCOUNT,
  direction: 'outbound-api',
  to: '+14155550123',
  from: '+14155550100',
  status: 'ringing',
  date_created: 'Sun, 01 Mar 2026 12:00:01 +0000',
};

const SEEN = {
  callSid: CALL,
  accountSid: ACCOUNT,
  direction: 'outbound-api',
  to: '+14155550123',
  from: '+14155550100',
  status: 'ringing',
  createdAt: Date.parse('2026-03-01T12:00:01Z'),
};

const formOf = (received: string | undefined) => [
  ...new URLSearchParams((received ?? '').split('\r\n\r\n')[1] ?? ''),
];

const place = async (answer: string, request = REQUEST) => {
  await using server = await startRawServer(answering(answer));
  const outcome = await createTwilioCalls({ baseUrl: server.origin, secrets }).create(request);
  return { outcome, received: server.received };
};

const created = (changes: object = {}) =>
  httpAnswer('201 CREATED', JSON.stringify({ ...RESOURCE, status: 'queued', ...changes }));

describe('POST Calls.json', () => {
  test('is one form, with every event asked for', async () => {
    const { outcome, received } = await place(created());
    expect(received[0]).toMatch(/^POST \/2010-04-01\/Accounts\/AC1{32}\/Calls\.json HTTP\/1\.1\r\n/);
    expect(formOf(received[0])).toEqual([
      ['To', '+14155550123'],
      ['From', '+14155550100'],
      ['Url', 'https://hooks.example/voice/steps/token'],
      ['StatusCallback', 'https://hooks.example/voice/status/token'],
      ['StatusCallbackEvent', 'initiated'],
      ['StatusCallbackEvent', 'ringing'],
      ['StatusCallbackEvent', 'answered'],
      ['StatusCallbackEvent', 'completed'],
      ['Timeout', '30'],
    ]);
    expect(outcome).toMatchObject({ kind: 'accepted', sid: CALL, status: 'queued' });
  });

  test('names a fallback that is fetched by GET, and how machines are told from people', async () => {
    const { received } = await place(created(), {
      ...REQUEST,
      fallbackUrl: 'https://fallback.example/',
      machineDetection: { mode: 'Enable', callback: 'https://hooks.example/voice/amd' },
    });
    const form = new Map(formOf(received[0]).map(([name, value]) => [name, value]));
    expect(Object.fromEntries(form)).toMatchObject({
      FallbackUrl: 'https://fallback.example/',
      FallbackMethod: 'GET',
      MachineDetection: 'Enable',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: 'https://hooks.example/voice/amd',
    });
  });

  test.each([
    ['a message instead of a call', created({ sid: `SM${'a'.repeat(32)}` }), '201 without a call'],
    [
      "another account's call",
      created({ account_sid: `AC${'2'.repeat(32)}` }),
      "201 with another account's call",
    ],
  ])('is not believed with %s', async (_what, answer, reason) => {
    expect((await place(answer)).outcome).toMatchObject({ kind: 'unknown', reason });
  });
});

const ask = async <Result>(
  answer: string,
  question: (ledger: ReturnType<typeof createTwilioCallLedger>) => Promise<Result>,
) => {
  await using server = await startRawServer(answering(answer));
  const result = await question(createTwilioCallLedger({ baseUrl: server.origin, secrets }));
  return { result, received: server.received };
};

const LIST = { accountSid: ACCOUNT, to: '+14155550123', from: '+14155550100', pageSize: 200 };
const page = (calls: readonly object[], next: string | null = null) =>
  httpAnswer('200 OK', JSON.stringify({ calls, next_page_uri: next }));

describe('the list of calls', () => {
  test('is asked for by both numbers, and not by time: what is queued has none', async () => {
    const next = `/2010-04-01/Accounts/${ACCOUNT}/Calls.json?Page=1`;
    const { result, received } = await ask(page([RESOURCE], next), (ledger) => ledger.listCalls(LIST));
    expect(received[0]).toMatch(
      /^GET .*Calls\.json\?PageSize=200&To=%2B14155550123&From=%2B14155550100 HTTP/,
    );
    expect(result).toEqual({ kind: 'page', calls: [SEEN], nextPage: next });
  });

  test.each([
    ['a page with an odd call', page([{ ...RESOURCE, sid: 'CA1' }])],
    ["a page with another account's call", page([{ ...RESOURCE, account_sid: `AC${'2'.repeat(32)}` }])],
    ['a next page somewhere else', page([], 'https://elsewhere.example/Calls.json?Page=1')],
    ['rubbish', httpAnswer('200 OK', '<html>')],
  ])('is no answer with %s', async (_what, answer) => {
    expect((await ask(answer, (ledger) => ledger.listCalls(LIST))).result).toMatchObject({
      kind: 'unavailable',
    });
  });
});

describe('one call', () => {
  test('is found, or is not there by Twilio’s own word', async () => {
    const found = httpAnswer('200 OK', JSON.stringify(RESOURCE));
    expect((await ask(found, (ledger) => ledger.fetchCall(NAME))).result).toEqual({
      kind: 'found',
      call: SEEN,
    });
    const absent = httpAnswer('404 NOT FOUND', JSON.stringify({ code: 20_404 }));
    expect((await ask(absent, (ledger) => ledger.fetchCall(NAME))).result).toEqual({ kind: 'absent' });
    const proxy = httpAnswer('404 NOT FOUND', '<html>');
    expect((await ask(proxy, (ledger) => ledger.fetchCall(NAME))).result).toMatchObject({
      kind: 'unavailable',
    });
  });

  test('is cancelled by one request; too late is Twilio’s word, a failure of credentials is not', async () => {
    const canceled = httpAnswer('200 OK', JSON.stringify({ ...RESOURCE, status: 'canceled' }));
    const { result, received } = await ask(canceled, (ledger) => ledger.cancelCall(NAME));
    expect(result).toMatchObject({ kind: 'asked', call: { status: 'canceled' } });
    expect(formOf(received[0])).toEqual([['Status', 'canceled']]);
    const late = httpAnswer('400 BAD REQUEST', JSON.stringify({ code: 21_220 }));
    expect((await ask(late, (ledger) => ledger.cancelCall(NAME))).result).toEqual({
      kind: 'too-late',
      errorCode: 21_220,
    });
    const forbidden = httpAnswer('401 UNAUTHORIZED', JSON.stringify({ code: 20_003 }));
    expect((await ask(forbidden, (ledger) => ledger.cancelCall(NAME))).result).toMatchObject({
      kind: 'unavailable',
    });
  });
});
