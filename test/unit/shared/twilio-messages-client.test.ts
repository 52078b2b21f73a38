import type { LookupFunction } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { AccountSecret } from '../../../functions/shared/contract/settings.ts';
import {
  type AccountSecrets,
  SecretUnavailableError,
} from '../../../functions/shared/ports/account-secrets.ts';
import type { CreateMessageRequest } from '../../../functions/shared/ports/twilio-messages.ts';
import { createTwilioMessages } from '../../../functions/shared/twilio/messages-client.ts';
import {
  answering,
  httpAnswer,
  isWhole,
  type RawServer,
  type Script,
  startRawServer,
  startUntrustedTlsServer,
} from './support/raw-server.ts';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const MESSAGE = `SM${'a'.repeat(32)}`;

const REQUEST: CreateMessageRequest = {
  accountSid: ACCOUNT,
  to: '+14155550123',
  messagingServiceSid: `MG${'2'.repeat(32)}`,
  body: 'Grüße & more',
  mediaUrls: ['https://media.example/1.png', 'https://media.example/2.png'],
  statusCallback: `https://hooks.example/twilio/${ACCOUNT}/messages/status/token`,
  validityPeriod: 3600,
};

const KEYED: AccountSecret = {
  accountSid: ACCOUNT,
  authTokens: ['auth-token'],
  apiKeySid: 'SK1',
  apiKeySecret: 'key-secret',
};

const secretsOf = (secret: AccountSecret): AccountSecrets => ({
  read: async () => secret,
  refresh: async () => undefined,
});

const created = (fields: object = {}): string =>
  httpAnswer(
    '201 CREATED',
    JSON.stringify({ sid: MESSAGE, account_sid: ACCOUNT, status: 'accepted', ...fields }),
    {
      'twilio-request-id': 'RQ1',
    },
  );

const sendTo = (server: RawServer, secret: AccountSecret = KEYED) =>
  createTwilioMessages({
    baseUrl: server.origin,
    secrets: secretsOf(secret),
    timeoutMilliseconds: 300,
    clock: () => Date.parse('2026-03-01T12:00:00.000Z'),
  }).create(REQUEST);

const sendAgainst = async (script: Script) => {
  await using server = await startRawServer(script);
  return await sendTo(server);
};

describe('the request', () => {
  test('is one form to the account with every media URL, on a connection of its own', async () => {
    await using server = await startRawServer(answering(created()));
    await sendTo(server);
    await sendTo(server);
    expect(server.received).toHaveLength(2);
    const [head = '', body = ''] = (server.received[0] ?? '').split('\r\n\r\n');
    expect(head).toMatch(/^POST \/2010-04-01\/Accounts\/AC1{32}\/Messages\.json HTTP\/1\.1\r\n/);
    expect(head).toMatch(/connection: close/i);
    expect([...new URLSearchParams(body)]).toEqual([
      ['To', '+14155550123'],
      ['MessagingServiceSid', `MG${'2'.repeat(32)}`],
      ['Body', 'Grüße & more'],
      ['MediaUrl', 'https://media.example/1.png'],
      ['MediaUrl', 'https://media.example/2.png'],
      ['StatusCallback', `https://hooks.example/twilio/${ACCOUNT}/messages/status/token`],
      ['ValidityPeriod', '3600'],
    ]);
  });

  test.each([
    ['an API key where the secret has one', KEYED, 'SK1:key-secret'],
    ['else the first auth token', { accountSid: ACCOUNT, authTokens: ['one', 'two'] }, `${ACCOUNT}:one`],
  ])('authenticates with %s', async (_, secret, credentials) => {
    await using server = await startRawServer(answering(created()));
    await sendTo(server, secret);
    const authorization = /authorization: Basic (\S+)/i.exec(server.received[0] ?? '')?.[1] ?? '';
    expect(Buffer.from(authorization, 'base64').toString('utf8')).toBe(credentials);
  });
});

describe('proof of acceptance', () => {
  test('is a 201 with a MessageSid of this account', async () => {
    expect(await sendAgainst(answering(created()))).toEqual({
      kind: 'accepted',
      httpStatus: 201,
      durationMilliseconds: 0,
      twilioRequestId: 'RQ1',
      sid: MESSAGE,
      status: 'accepted',
    });
  });

  test('may end with its connection instead of a length', async () => {
    const body = JSON.stringify({ sid: MESSAGE, account_sid: ACCOUNT, status: 'queued' });
    const outcome = await sendAgainst(answering(`HTTP/1.1 201 CREATED\r\n\r\n${body}`));
    expect(outcome).toMatchObject({ kind: 'accepted', sid: MESSAGE });
  });

  test.each([
    ['truncated JSON', httpAnswer('201 CREATED', `{"sid":"${MESSAGE}","account_sid":"${ACCOUNT}`)],
    ['an empty body', httpAnswer('201 CREATED', '')],
    ['a call instead of a message', created({ sid: `CA${'a'.repeat(32)}` })],
    ['a sid in capitals', created({ sid: `SM${'A'.repeat(32)}` })],
    ["another account's message", created({ account_sid: `AC${'9'.repeat(32)}` })],
    ['no status', created({ status: undefined })],
    [
      'another success status',
      httpAnswer('200 OK', `{"sid":"${MESSAGE}","account_sid":"${ACCOUNT}","status":"queued"}`),
    ],
    ['no content', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['a redirect', httpAnswer('302 Found', '', { location: 'http://127.0.0.1:1/' })],
    ['a permanent redirect', httpAnswer('308 Permanent Redirect', '', { location: '/elsewhere' })],
    ['500 with a Twilio code', httpAnswer('500 Internal Server Error', '{"code":20500}')],
    ['503 of a proxy', httpAnswer('503 Service Unavailable', '<html>')],
    ['404 in HTML', httpAnswer('404 Not Found', '<html>not here</html>')],
    ['400 without a code', httpAnswer('400 Bad Request', '{"message":"bad"}')],
    ['400 with a code that is no number', httpAnswer('400 Bad Request', '{"code":"21211"}')],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
  ])('is not %s', async (_, answer) => {
    expect(await sendAgainst(answering(answer))).toMatchObject({ kind: 'unknown' });
  });

  test('is never looked for behind a redirect', async () => {
    await using elsewhere = await startRawServer(answering(created()));
    const location = `${elsewhere.origin}/2010-04-01`;
    await sendAgainst(answering(httpAnswer('307 Temporary Redirect', '', { location })));
    expect(elsewhere.received).toEqual([]);
  });

  test('is not an answer of 200 kB, which is not read to its end', async () => {
    const outcome = await sendAgainst(answering(created({ padding: 'x'.repeat(200_000) })));
    expect(outcome).toMatchObject({ kind: 'unknown', reason: 'answer too large', httpStatus: 201 });
  });
});

describe('proof of rejection', () => {
  test.each([
    ['400 Bad Request', 21211, 400],
    ['401 Unauthorized', 20003, 401],
    ['403 Forbidden', 20003, 403],
    ['404 Not Found', 20404, 404],
  ])('is %s with a Twilio code', async (status, code, httpStatus) => {
    const answer = httpAnswer(status, JSON.stringify({ code, message: 'no', status: httpStatus }));
    expect(await sendAgainst(answering(answer))).toMatchObject({
      kind: 'rejected',
      httpStatus,
      errorCode: code,
    });
  });
});

describe('429', () => {
  test.each([
    ['seconds', '7', 7],
    ['a date', 'Sun, 01 Mar 2026 12:00:09 GMT', 9],
  ])('carries Retry-After in %s', async (_, header, retryAfterSeconds) => {
    const answer = httpAnswer('429 Too Many Requests', '{"code":20429}', { 'retry-after': header });
    expect(await sendAgainst(answering(answer))).toMatchObject({ kind: 'throttled', retryAfterSeconds });
  });

  test.each(['soon', '-1', 'Sun, 01 Mar 2026 11:59:00 GMT'])(
    'passes over Retry-After: %s',
    async (header) => {
      const answer = httpAnswer('429 Too Many Requests', '', { 'retry-after': header });
      expect(await sendAgainst(answering(answer))).toEqual({
        kind: 'throttled',
        httpStatus: 429,
        durationMilliseconds: 0,
      });
    },
  );
});

describe('a connection that was never ready proves that nothing was sent', () => {
  test('refused port', async () => {
    const server = await startRawServer(() => undefined);
    await server[Symbol.asyncDispose]();
    expect(await sendTo(server)).toMatchObject({ kind: 'not-sent', reason: 'ECONNREFUSED' });
  });

  const clientWith = (lookup: LookupFunction) =>
    createTwilioMessages({
      baseUrl: 'https://api.example',
      secrets: secretsOf(KEYED),
      lookup,
      timeoutMilliseconds: 50,
    });

  test('name that does not resolve', async () => {
    const failing: LookupFunction = (_name, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), '', 4);
    expect(await clientWith(failing).create(REQUEST)).toMatchObject({
      kind: 'not-sent',
      reason: 'ENOTFOUND',
    });
  });

  test('resolver that stays silent', async () => {
    const silent: LookupFunction = () => undefined;
    expect(await clientWith(silent).create(REQUEST)).toMatchObject({ kind: 'not-sent', reason: 'timeout' });
  });

  test('certificate that is not trusted: the server sees no byte of the request', async () => {
    await using server = await startUntrustedTlsServer(answering(created()));
    expect(await sendTo(server)).toMatchObject({ kind: 'not-sent', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(server.received.join('')).toBe('');
  });

  test('peer that does not speak TLS', async () => {
    await using server = await startRawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const client = createTwilioMessages({
      baseUrl: server.origin.replace('http:', 'https:'),
      secrets: secretsOf(KEYED),
      timeoutMilliseconds: 300,
    });
    expect(await client.create(REQUEST)).toMatchObject({ kind: 'not-sent' });
  });

  test('TLS handshake that never ends', async () => {
    await using server = await startRawServer(() => undefined);
    const client = createTwilioMessages({
      baseUrl: server.origin.replace('http:', 'https:'),
      secrets: secretsOf(KEYED),
      timeoutMilliseconds: 50,
    });
    expect(await client.create(REQUEST)).toMatchObject({ kind: 'not-sent', reason: 'timeout' });
  });

  test('account secret that cannot be read', async () => {
    const secrets: AccountSecrets = {
      read: () => Promise.reject(new SecretUnavailableError('no')),
      refresh: async () => undefined,
    };
    const client = createTwilioMessages({ baseUrl: 'http://127.0.0.1:1', secrets });
    expect(await client.create(REQUEST)).toMatchObject({
      kind: 'not-sent',
      reason: 'the account secret cannot be read',
    });
  });
});

describe('a connection that broke later leaves the outcome open', () => {
  test.each<[string, Script, string]>([
    ['reset at the first byte of the request', (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
    [
      'reset after the whole request',
      (socket, received) => isWhole(received) && socket.resetAndDestroy(),
      'ECONNRESET',
    ],
    ['closed without an answer', (socket, received) => isWhole(received) && socket.end(), 'ECONNRESET'],
    ['half an answer', answering(created().slice(0, -10)), 'answer broke off'],
    ['half a head', answering('HTTP/1.1 201 CREATED\r\nconte'), 'ECONNRESET'],
    ['something that is not HTTP', answering('SSH-2.0-OpenSSH_9.2\r\n'), 'HPE_INVALID_CONSTANT'],
    ['silence', () => undefined, 'timeout'],
  ])('%s', async (_, script, reason) => {
    const outcome = await sendAgainst(script);
    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining(reason) });
  });

  test('an answer that trickles ends at the time limit, with what its head said', async () => {
    const trickle: Script = (socket, received) => {
      if (!isWhole(received)) return;
      socket.write(created().slice(0, -40));
      const timer = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(timer));
    };
    expect(await sendAgainst(trickle)).toEqual({
      kind: 'unknown',
      reason: 'timeout',
      httpStatus: 201,
      twilioRequestId: 'RQ1',
      durationMilliseconds: 0,
    });
  });
});
