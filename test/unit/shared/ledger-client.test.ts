import { describe, expect, test } from '@jest/globals';
import { SecretUnavailableError } from '../../../functions/shared/ports/account-secrets.ts';
import type { TwilioLedger } from '../../../functions/shared/ports/twilio-ledger.ts';
import { createTwilioLedger } from '../../../functions/shared/twilio/ledger-client.ts';
import {
  answering,
  httpAnswer,
  isWhole,
  type RawServer,
  type Script,
  startRawServer,
} from './support/raw-server.ts';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const MESSAGE = `SM${'a'.repeat(32)}`;
const NAME = { accountSid: ACCOUNT, messageSid: MESSAGE };
const LIST = `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
const NOW = Date.parse('2026-03-01T12:00:00.000Z');

/** As Twilio's OpenAPI description shows a delivered message. */
const resource = (changes: object = {}) => ({
  account_sid: ACCOUNT,
  api_version: '2010-04-01',
  body: 'Grüße',
  date_created: 'Sun, 01 Mar 2026 11:59:58 +0000',
  date_sent: 'Sun, 01 Mar 2026 11:59:59 +0000',
  date_updated: 'Sun, 01 Mar 2026 12:00:00 +0000',
  direction: 'outbound-api',
  error_code: null,
  error_message: null,
  from: '+14155550100',
  messaging_service_sid: `MG${'2'.repeat(32)}`,
  num_media: '0',
  num_segments: '1',
  sid: MESSAGE,
  status: 'delivered',
  to: '+14155550123',
  ...changes,
});

const MESSAGE_READ = {
  messageSid: MESSAGE,
  accountSid: ACCOUNT,
  direction: 'outbound-api',
  to: '+14155550123',
  from: '+14155550100',
  body: 'Grüße',
  status: 'delivered',
  messagingServiceSid: `MG${'2'.repeat(32)}`,
  numMedia: 0,
  numSegments: 1,
  createdAt: Date.parse('2026-03-01T11:59:58Z'),
  sentAt: Date.parse('2026-03-01T11:59:59Z'),
};

const page = (messages: readonly object[], next: string | null = null) =>
  JSON.stringify({ messages, next_page_uri: next, page: 0, page_size: messages.length });

const fault = (code: number, status: number) => JSON.stringify({ code, message: 'x', status });

const ledgerAt = (server: Pick<RawServer, 'origin'>): TwilioLedger =>
  createTwilioLedger({
    baseUrl: server.origin,
    secrets: {
      read: async () => ({ accountSid: ACCOUNT, authTokens: ['t'], apiKeySid: 'SK1', apiKeySecret: 's' }),
      refresh: async () => undefined,
    },
    clock: () => NOW,
    timeoutMilliseconds: 300,
  });

const withServer = async <Result>(
  script: Script,
  ask: (ledger: TwilioLedger, server: RawServer) => Promise<Result>,
): Promise<Result> => {
  await using server = await startRawServer(script);
  return await ask(ledgerAt(server), server);
};

const list = (answer: string, question: object = {}) =>
  withServer(answering(answer), (ledger) =>
    ledger.listMessages({ accountSid: ACCOUNT, pageSize: 50, ...question }),
  );

const breakingOff: Script = (socket, received) => {
  if (isWhole(`${received}`)) socket.destroy();
};

describe('a list of messages', () => {
  test('is read as Twilio writes it', async () => {
    expect(await list(httpAnswer('200 OK', page([resource()])))).toEqual({
      kind: 'page',
      messages: [MESSAGE_READ],
    });
  });

  test('leaves out what Twilio does not know yet', async () => {
    const queued = { status: 'queued', from: null, date_sent: null, messaging_service_sid: null, body: null };
    const answer = await list(httpAnswer('200 OK', page([resource({ ...queued, num_media: null })])));
    const { from: _from, sentAt: _sentAt, messagingServiceSid: _service, ...rest } = MESSAGE_READ;
    expect(answer).toEqual({ kind: 'page', messages: [{ ...rest, status: 'queued', body: '' }] });
  });

  test('keeps words that Twilio adds, and the error of a failed message', async () => {
    const answer = await list(
      httpAnswer('200 OK', page([resource({ direction: 'sideways', status: 'lost', error_code: 30_007 })])),
    );
    expect(answer).toMatchObject({
      kind: 'page',
      messages: [{ direction: 'sideways', status: 'lost', errorCode: 30_007 }],
    });
  });

  test('asks with the filters of the question and the API key of the account', async () => {
    const received = await withServer(
      answering(httpAnswer('200 OK', page([]))),
      async (ledger, { received: requests }) => {
        await ledger.listMessages({
          accountSid: ACCOUNT,
          to: '+14155550123',
          from: 'whatsapp:+14155550100',
          dateSent: { after: '2026-02-27', before: '2026-02-28' },
          pageSize: 1000,
        });
        return requests[0] ?? '';
      },
    );
    const target = new URL(received.split(' ')[1] ?? '', 'http://twilio');
    expect(target.pathname).toBe(LIST);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      PageSize: '1000',
      To: '+14155550123',
      From: 'whatsapp:+14155550100',
      'DateSent>': '2026-02-27',
      'DateSent<': '2026-02-28',
    });
    expect(received).toMatch(
      new RegExp(`^authorization: Basic ${Buffer.from('SK1:s').toString('base64')}\r$`, 'im'),
    );
  });

  test('of one day asks for that day', async () => {
    const first = await withServer(answering(httpAnswer('200 OK', page([]))), async (ledger, server) => {
      await ledger.listMessages({ accountSid: ACCOUNT, dateSent: '2026-02-28', pageSize: 2 });
      return server.received[0] ?? '';
    });
    expect(first).toMatch(/^GET \S+\?PageSize=2&DateSent=2026-02-28 /);
  });

  test('goes on where Twilio says, as long as that is the same list', async () => {
    const next = `${LIST}?PageSize=1&Page=1&PageToken=PA${MESSAGE}`;
    expect(await list(httpAnswer('200 OK', page([resource()], next)))).toMatchObject({ nextPage: next });
    const asked = await withServer(answering(httpAnswer('200 OK', page([]))), async (ledger, server) => {
      await ledger.listMessages({ accountSid: ACCOUNT, pageSize: 1, page: next });
      return server.received[0] ?? '';
    });
    expect(asked.split(' ')[1]).toBe(next);
  });

  test.each([
    ['another host', 'https://evil.example/2010-04-01/Accounts/AC/Messages.json?Page=1'],
    ['another host without a scheme', '//evil.example/x'],
    ['another account', `/2010-04-01/Accounts/AC${'9'.repeat(32)}/Messages.json?Page=1`],
    ['another resource', `/2010-04-01/Accounts/${ACCOUNT}/Calls.json?Page=1`],
    ['a way out of the path', `/2010-04-01/Accounts/${ACCOUNT}/Messages.json/../../x?Page=1`],
  ])('never goes on to %s', async (_, next) => {
    expect(await list(httpAnswer('200 OK', page([resource()], next)))).toEqual({
      kind: 'unavailable',
      reason: 'the next page is somewhere else',
    });
    const asked = await withServer(answering(httpAnswer('200 OK', page([]))), async (ledger, server) => [
      await ledger.listMessages({ accountSid: ACCOUNT, pageSize: 1, page: next }),
      server.received.length,
    ]);
    expect(asked).toEqual([{ kind: 'unavailable', reason: 'the page is not one of this list' }, 0]);
  });

  test.each([
    ['a message of another account', page([resource({ account_sid: `AC${'9'.repeat(32)}` })])],
    ['a message without a time', page([resource({ date_created: 'soon' })])],
    ['a SID that is none', page([resource(), resource({ sid: 'SMxyz' })])],
    ['no list', '{}'],
    ['a body cut short', '{"messages":['],
  ])('with %s is no list', async (_, body) => {
    expect(await list(httpAnswer('200 OK', body))).toEqual({
      kind: 'unavailable',
      reason: '200 without a page of messages',
    });
  });

  test('is asked for again later when Twilio says so', async () => {
    expect(
      await list(httpAnswer('429 Too Many Requests', fault(20_429, 429), { 'retry-after': '7' })),
    ).toEqual({ kind: 'throttled', retryAfterSeconds: 7 });
    expect(await list(httpAnswer('429 Too Many Requests', ''))).toEqual({ kind: 'throttled' });
  });

  test.each([
    ['401 Unauthorized', 'status 401'],
    ['500 Internal Server Error', 'status 500'],
    ['302 Found', 'status 302'],
  ])('that is answered %s is not there', async (status, reason) => {
    const answer = httpAnswer(status, fault(20_003, 401), { location: 'https://evil.example/' });
    expect(await list(answer)).toEqual({ kind: 'unavailable', reason });
  });

  test('is asked for three times where connections break off', async () => {
    const outcome = await withServer(breakingOff, async (ledger, server) => [
      await ledger.listMessages({ accountSid: ACCOUNT, pageSize: 1 }),
      server.received.length,
    ]);
    expect(outcome).toEqual([{ kind: 'unavailable', reason: expect.any(String) }, 3]);
  });

  test('comes from the second try where only the first breaks off', async () => {
    let connections = 0;
    const script: Script = (socket, received) => {
      if (!isWhole(received)) return;
      connections += 1;
      if (connections === 1) socket.destroy();
      else socket.end(httpAnswer('200 OK', page([resource()])));
    };
    const answer = await withServer(script, (ledger) =>
      ledger.listMessages({ accountSid: ACCOUNT, pageSize: 1 }),
    );
    expect(answer).toEqual({ kind: 'page', messages: [MESSAGE_READ] });
  });

  test('that never comes is given up in time', async () => {
    expect(
      await withServer(
        () => undefined,
        (ledger) => ledger.listMessages({ accountSid: ACCOUNT, pageSize: 1 }),
      ),
    ).toEqual({ kind: 'unavailable', reason: 'TimeoutError' });
  });

  test('cannot be asked for without the account secret', async () => {
    const ledger = createTwilioLedger({
      baseUrl: 'http://127.0.0.1:9',
      secrets: {
        read: () => Promise.reject(new SecretUnavailableError('fault')),
        refresh: async () => undefined,
      },
    });
    expect(await ledger.listMessages({ accountSid: ACCOUNT, pageSize: 1 })).toEqual({
      kind: 'unavailable',
      reason: 'the account secret cannot be read',
    });
  });
});

describe('one message', () => {
  const fetchOne = (answer: string) => withServer(answering(answer), (ledger) => ledger.fetchMessage(NAME));

  test('is found', async () => {
    expect(await fetchOne(httpAnswer('200 OK', JSON.stringify(resource())))).toEqual({
      kind: 'found',
      message: MESSAGE_READ,
    });
  });

  test("is absent in Twilio's own words only", async () => {
    expect(await fetchOne(httpAnswer('404 Not Found', fault(20_404, 404)))).toEqual({ kind: 'absent' });
    expect(await fetchOne(httpAnswer('404 Not Found', '<html>no route</html>'))).toEqual({
      kind: 'unavailable',
      reason: 'status 404',
    });
  });

  test('is not another message', async () => {
    const other = JSON.stringify(resource({ sid: `SM${'b'.repeat(32)}` }));
    expect(await fetchOne(httpAnswer('200 OK', other))).toEqual({
      kind: 'unavailable',
      reason: '200 without the message',
    });
  });
});

describe("a message's media", () => {
  const media = (changes: object = {}) => ({
    sid: `ME${'e'.repeat(32)}`,
    account_sid: ACCOUNT,
    parent_sid: MESSAGE,
    content_type: 'image/png',
    ...changes,
  });
  const listed = (body: object) =>
    withServer(answering(httpAnswer('200 OK', JSON.stringify(body))), async (ledger, server) => ({
      answer: await ledger.listMedia(NAME),
      origin: server.origin,
    }));

  test('are named as a webhook names them', async () => {
    const { answer, origin } = await listed({ media_list: [media()] });
    expect(answer).toEqual({
      kind: 'media',
      media: [
        {
          mediaSid: `ME${'e'.repeat(32)}`,
          contentType: 'image/png',
          url: `${origin}/2010-04-01/Accounts/${ACCOUNT}/Messages/${MESSAGE}/Media/ME${'e'.repeat(32)}`,
        },
      ],
    });
  });

  test('of another message are refused', async () => {
    const { answer } = await listed({ media_list: [media({ parent_sid: `SM${'b'.repeat(32)}` })] });
    expect(answer).toEqual({ kind: 'unavailable', reason: '200 without a list of media' });
  });

  test('of a message that is not there are absent', async () => {
    expect(
      await withServer(answering(httpAnswer('404 Not Found', fault(20_404, 404))), (ledger) =>
        ledger.listMedia(NAME),
      ),
    ).toEqual({ kind: 'absent' });
  });
});

describe('a cancel', () => {
  const cancel = (answer: string) => withServer(answering(answer), (ledger) => ledger.cancelMessage(NAME));

  test('is one POST of the status', async () => {
    const [outcome, request] = await withServer(
      answering(httpAnswer('200 OK', JSON.stringify(resource({ status: 'canceled', date_sent: null })))),
      async (ledger, server) => [await ledger.cancelMessage(NAME), server.received[0] ?? ''] as const,
    );
    expect(outcome).toMatchObject({ kind: 'canceled', message: { messageSid: MESSAGE, status: 'canceled' } });
    expect(request).toMatch(
      new RegExp(`^POST /2010-04-01/Accounts/${ACCOUNT}/Messages/${MESSAGE}\\.json HTTP`),
    );
    expect(request.endsWith('\r\n\r\nStatus=canceled')).toBe(true);
  });

  test.each(['400 Bad Request', '409 Conflict'])('that comes too late is refused with %s', async (status) => {
    expect(await cancel(httpAnswer(status, fault(30_409, 400)))).toEqual({
      kind: 'too-late',
      errorCode: 30_409,
    });
  });

  test('of a message that is not there is absent', async () => {
    expect(await cancel(httpAnswer('404 Not Found', fault(20_404, 404)))).toEqual({ kind: 'absent' });
  });

  test('is throttled like everything else', async () => {
    expect(await cancel(httpAnswer('429 Too Many Requests', fault(20_429, 429)))).toEqual({
      kind: 'throttled',
    });
  });

  test.each([
    ['400 Bad Request', fault(20_001, 400)],
    ['401 Unauthorized', fault(20_003, 401)],
    ['400 Bad Request', 'from a proxy'],
    ['503 Service Unavailable', ''],
    ['200 OK', JSON.stringify(resource({ status: 'sent' }))],
  ])('answered %s with %s proves nothing', async (status, body) => {
    expect(await cancel(httpAnswer(status, body))).toMatchObject({ kind: 'unavailable' });
  });

  test('is never asked twice', async () => {
    const outcome = await withServer(breakingOff, async (ledger, server) => [
      await ledger.cancelMessage(NAME),
      server.received.length,
    ]);
    expect(outcome).toEqual([{ kind: 'unavailable', reason: expect.any(String) }, 1]);
  });
});
