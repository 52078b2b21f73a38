import { describe, expect, test } from '@jest/globals';
import { createLightAccountSecrets } from '../../../functions/shared/aws/light/account-secrets.ts';
import { createLightAws } from '../../../functions/shared/aws/light/light-aws.ts';
import { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import {
  ACCOUNT,
  ATTEMPT,
  HooksHarness,
  INBOUND,
  MESSAGE_SID,
  ORIGIN,
  OTHER_ACCOUNT,
  pathOf,
  replace,
  STATUS,
  TOKEN,
} from '../../fakes/ingress/hooks-harness.ts';
import {
  bodySha256,
  encodeForm,
  type Parameter,
  signForm,
  signUrl,
} from '../../fakes/ingress/twilio-signer.ts';

const EMPTY_RESPONSE = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

const eventsOf = (item: { readonly outbox?: unknown }) =>
  (item.outbox as { kind: 'event'; event: unknown }[]).map(({ event }) => TrunklineEvent.parse(event));

describe('an inbound message', () => {
  test('is kept with its event in one write and answered by an empty TwiML response', async () => {
    const hooks = new HooksHarness();
    const answer = await hooks.postForm(INBOUND);
    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: EMPTY_RESPONSE,
    });
    expect(hooks.inbox.puts).toBe(1);
    expect(hooks.onlyItem).toMatchObject({
      pk: `MSG#${MESSAGE_SID}`,
      version: 1,
      kind: 'message',
      accountSid: ACCOUNT,
      route: 'inboundMessage',
      receivedAt: '2026-03-01T12:00:00.000Z',
      outboxAt: '2026-03-01T12:00:00.000Z',
      payload: encodeForm(INBOUND),
      owner: 'request-1#nonce-1',
      source: 'webhook',
      expiresAt: 1_775_390_400,
    });
    expect(eventsOf(hooks.onlyItem)).toEqual([
      {
        id: `inbox/MSG#${MESSAGE_SID}/1/0`,
        time: '2026-03-01T12:00:00.000Z',
        accountSid: ACCOUNT,
        correlationId: MESSAGE_SID,
        type: 'message.received.v1',
        data: {
          messageSid: MESSAGE_SID,
          channel: 'sms',
          mediaCount: 0,
          segmentCount: 1,
          inboxKey: `MSG#${MESSAGE_SID}`,
          source: 'webhook',
        },
      },
    ]);
  });

  test.each([
    ['sms', '+15550100002', '0'],
    ['mms', '+15550100002', '1'],
    ['whatsapp', 'whatsapp:+15550100002', '1'],
    ['whatsapp', 'whatsapp:US.Abc123', '0'],
    ['rcs', 'rcs:+15550100002', '0'],
    ['other', 'messenger:1234567', '0'],
  ])('comes from the channel %s when From is %s and NumMedia %s', async (channel, from, count) => {
    const hooks = new HooksHarness();
    const media: Parameter[] = count === '1' ? [['MediaUrl0', 'https://api.twilio.com/m']] : [];
    await hooks.postForm([...replace(replace(INBOUND, 'From', from), 'NumMedia', count), ...media]);
    expect(eventsOf(hooks.onlyItem)[0]?.data).toMatchObject({ channel, mediaCount: Number(count) });
  });

  test('carries neither a number nor a body in its event', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm(INBOUND);
    expect(JSON.stringify(eventsOf(hooks.onlyItem))).not.toMatch(/1555010|Hello/);
  });

  test('repeated is answered alike and changes nothing', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm(INBOUND);
    const first = hooks.onlyItem;
    const answer = await hooks.postForm(INBOUND);
    expect([answer.statusCode, answer.body]).toEqual([200, EMPTY_RESPONSE]);
    expect(hooks.onlyItem).toBe(first);
    expect(hooks.outcomes()).toEqual(['accepted', 'duplicate']);
  });

  test('repeated in another order of parameters is the same', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm(INBOUND);
    await hooks.postForm([...INBOUND].reverse());
    expect(hooks.outcomes()).toEqual(['accepted', 'duplicate']);
  });

  test('over the fallback is the same claim, whatever ErrorCode and ErrorUrl say', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm(INBOUND);
    const added: Parameter[] = [
      ['ErrorCode', '11200'],
      ['ErrorUrl', 'https://hooks.example.com/twilio'],
    ];
    const answer = await hooks.postForm([...INBOUND, ...added], { route: 'inboundMessageFallback' });
    expect(answer.statusCode).toBe(200);
    expect(hooks.outcomes()).toEqual(['accepted', 'duplicate']);
  });

  test('that arrives over the fallback alone says so', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm([...INBOUND, ['ErrorCode', '11200']], { route: 'inboundMessageFallback' });
    expect(eventsOf(hooks.onlyItem)[0]?.data).toMatchObject({ source: 'fallback' });
  });

  test('with other content under a known key has no effect and raises ReplayMismatch', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm(INBOUND);
    const first = hooks.onlyItem;
    const answer = await hooks.postForm(replace(INBOUND, 'Body', 'something else'));
    expect(answer.statusCode).toBe(200);
    expect(hooks.onlyItem).toBe(first);
    expect(hooks.observer.counts.get('ReplayMismatch')).toBe(1);
  });
});

describe('a message status', () => {
  test('over an attempt URL keeps the token in the item and out of the event', async () => {
    const hooks = new HooksHarness();
    const answer = await hooks.postForm(STATUS, { route: 'messageStatusOfAttempt' });
    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: '',
    });
    expect(hooks.onlyItem).toMatchObject({ kind: 'status', token: ATTEMPT, route: 'messageStatusOfAttempt' });
    const [event] = eventsOf(hooks.onlyItem);
    expect(event?.data).toMatchObject({ status: 'delivered', attempted: true });
    expect(JSON.stringify(event)).not.toContain(ATTEMPT);
  });

  test('of the same message and another word is a claim of its own', async () => {
    const hooks = new HooksHarness();
    for (const status of ['queued', 'sent', 'delivered', 'read'])
      await hooks.postForm(replace(STATUS, 'MessageStatus', status), { route: 'messageStatus' });
    expect(hooks.inbox.items.size).toBe(4);
  });

  test('with another error, other parameters or another attempt is a claim of its own', async () => {
    const hooks = new HooksHarness();
    const failed = replace(STATUS, 'MessageStatus', 'failed');
    const other = 'zzzzzzzzzzzzzzzzzzzzzz';
    await hooks.postForm(failed, { route: 'messageStatusOfAttempt' });
    await hooks.postForm([...failed, ['ErrorCode', '30007']], { route: 'messageStatusOfAttempt' });
    await hooks.postForm([...failed, ['RawDlrDoneDate', '2511131245']], { route: 'messageStatusOfAttempt' });
    await hooks.postForm(failed, { route: 'messageStatusOfAttempt', token: other });
    await hooks.postForm(failed, { route: 'messageStatus' });
    expect(hooks.inbox.items.size).toBe(5);
    const codes = [...hooks.inbox.items.values()].map((item) => eventsOf(item)[0]?.data);
    expect(codes.filter((data) => data !== undefined && 'errorCode' in data)).toMatchObject([
      { errorCode: 30_007 },
    ]);
  });

  test('repeated is a duplicate', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm(STATUS, { route: 'messageStatus' });
    await hooks.postForm(STATUS, { route: 'messageStatus' });
    expect(hooks.outcomes()).toEqual(['accepted', 'duplicate']);
  });
});

describe('Event Streams', () => {
  const one = { id: 'EZ1', type: 'com.twilio.messaging.message.sent', data: { messageSid: MESSAGE_SID } };
  const two = { id: 'EZ2', type: 'com.twilio.error-logs.error.logged', data: {} };

  test('become one claim for each body and one event for each CloudEvent', async () => {
    const hooks = new HooksHarness();
    const body = JSON.stringify([one, two]);
    expect((await hooks.postJson(body)).statusCode).toBe(200);
    await hooks.postJson(body);
    expect(hooks.outcomes()).toEqual(['accepted', 'duplicate']);
    const key = String(hooks.onlyItem.pk);
    expect(key).toMatch(/^ES#[0-9a-f]{64}$/);
    expect(eventsOf(hooks.onlyItem)).toMatchObject([
      { id: `inbox/${key}/1/0`, correlationId: MESSAGE_SID, data: { cloudEventId: 'EZ1' } },
      { id: `inbox/${key}/1/1`, correlationId: 'EZ2', data: { cloudEventId: 'EZ2' } },
    ]);
  });

  test('are refused when the body is not the one whose hash was signed', async () => {
    const hooks = new HooksHarness();
    const signed = JSON.stringify([one]);
    expect((await hooks.postJson(signed, { body: JSON.stringify([two]) })).statusCode).toBe(403);
    expect(hooks.outcomes()).toEqual(['forged']);
  });

  test.each([
    ['no body hash', ''],
    ['a hash in upper case', `bodySHA256=${'A'.repeat(64)}`],
    ['an empty hash', 'bodySHA256='],
    ['the hash twice', `bodySHA256=${'0'.repeat(64)}&bodySHA256=${'0'.repeat(64)}`],
  ])('are refused with %s', async (_name, query) => {
    const hooks = new HooksHarness();
    expect((await hooks.postJson('[]', { query })).statusCode).toBe(403);
    expect(hooks.outcomes()).toEqual(['forged']);
  });

  test.each(['[]', '{}', '[1]', '[{"id":"EZ1"}]', 'null', 'no json', JSON.stringify(Array(101).fill(one))])(
    'are refused when the signed body is %s',
    async (body) => {
      const hooks = new HooksHarness();
      expect((await hooks.postJson(body)).statusCode).toBe(403);
      expect(hooks.outcomes()).toEqual(['reshaped']);
    },
  );

  test('with a query besides the hash are refused', async () => {
    const hooks = new HooksHarness();
    const body = JSON.stringify([one]);
    const query = `bodySHA256=${bodySha256(body)}&x=1`;
    expect((await hooks.postJson(body, { query })).statusCode).toBe(403);
    expect(hooks.outcomes()).toEqual(['reshaped']);
  });
});

describe('the debugger', () => {
  const DEBUGGER: Parameter[] = [
    ['Sid', `NO${'0'.repeat(32)}`],
    ['AccountSid', ACCOUNT],
    ['Level', 'ERROR'],
    ['PayloadType', 'application/json'],
    ['Payload', JSON.stringify({ resource_sid: MESSAGE_SID, error_code: '11200' })],
  ];

  test('reports what failed and on which resource', async () => {
    const hooks = new HooksHarness();
    expect((await hooks.postForm(DEBUGGER, { route: 'debugger' })).statusCode).toBe(200);
    expect(eventsOf(hooks.onlyItem)).toMatchObject([
      { correlationId: MESSAGE_SID, data: { level: 'ERROR', errorCode: 11_200, resourceSid: MESSAGE_SID } },
    ]);
  });

  test('may speak of a subaccount of the path, not of a stranger', async () => {
    const hooks = new HooksHarness();
    const subaccount = replace(DEBUGGER, 'AccountSid', OTHER_ACCOUNT);
    expect((await hooks.postForm(subaccount, { route: 'debugger' })).statusCode).toBe(403);
    const withParent: Parameter[] = [...subaccount, ['ParentAccountSid', ACCOUNT]];
    expect((await hooks.postForm(withParent, { route: 'debugger' })).statusCode).toBe(200);
  });
});

describe('the store', () => {
  test('whose acknowledgement was lost has the claim, and the answer is that of the first try', async () => {
    const hooks = new HooksHarness();
    hooks.inbox.faults.push('lost-acknowledgement');
    expect((await hooks.postForm(INBOUND)).statusCode).toBe(200);
    expect(hooks.outcomes()).toEqual(['accepted']);
  });

  test('without a definite answer makes Twilio try again', async () => {
    const hooks = new HooksHarness();
    hooks.inbox.faults.push('unavailable');
    expect((await hooks.postForm(INBOUND)).statusCode).toBe(503);
    expect((await hooks.postForm(INBOUND)).statusCode).toBe(200);
    expect(hooks.outcomes()).toEqual(['unavailable', 'accepted']);
  });
});

describe('tokens', () => {
  test('are all live during a rotation', async () => {
    const hooks = new HooksHarness();
    hooks.secrets.set(ACCOUNT, TOKEN, 'the-next-token');
    expect((await hooks.postForm(INBOUND)).statusCode).toBe(200);
    expect((await hooks.postForm(INBOUND, {}, 'the-next-token')).statusCode).toBe(200);
    expect((await hooks.postForm(INBOUND, {}, 'another-token')).statusCode).toBe(403);
  });

  test('unknown make the secret be read anew, and the request is judged by what was found', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm(INBOUND);
    hooks.secrets.set(ACCOUNT, 'promoted-token');
    hooks.secrets.isRefreshDue = true;
    expect((await hooks.postForm(STATUS, { route: 'messageStatus' }, 'promoted-token')).statusCode).toBe(200);
    expect(hooks.observer.counts.get('SecretRefresh')).toBe(1);
  });

  test('that cannot be read make Twilio try again', async () => {
    const hooks = new HooksHarness();
    hooks.secrets.isUnavailable = true;
    expect((await hooks.postForm(INBOUND)).statusCode).toBe(503);
    expect(hooks.inbox.puts).toBe(0);
  });
});

test('across a rotation no signed request is refused, and the old token ends with its removal', async () => {
  const secretOf = (...authTokens: string[]) => ({
    status: 200,
    body: JSON.stringify({ SecretString: JSON.stringify({ accountSid: ACCOUNT, authTokens }) }),
  });
  const rotation = { stored: ['old'], signing: 'old', now: 0 };
  const aws = createLightAws(
    { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' },
    {
      transport: async () => secretOf(...rotation.stored),
      clock: () => rotation.now,
      randomness: { token: () => '', fraction: () => 0 },
      sleep: async () => undefined,
    },
  );
  const hooks = new HooksHarness(ORIGIN, createLightAccountSecrets(aws, ''));
  const refused: number[] = [];
  for (let second = 0; second < 2000; second += 1) {
    rotation.now = second * 1000;
    if (second === 300) rotation.stored = ['old', 'new'];
    if (second === 700) rotation.signing = 'new';
    if (second === 1600) rotation.stored = ['new'];
    const { statusCode } = await hooks.postForm(INBOUND, {}, rotation.signing);
    if (statusCode !== 200) refused.push(second);
  }
  expect(refused).toEqual([]);
  expect((await hooks.postForm(INBOUND, {}, 'old')).statusCode).toBe(403);
});

describe('a forgery', () => {
  test('costs no call to AWS once the secret is known', async () => {
    const hooks = new HooksHarness();
    await hooks.postForm(INBOUND);
    for (let index = 0; index < 100; index += 1)
      expect((await hooks.postForm(INBOUND, {}, `wrong-${index}`)).statusCode).toBe(403);
    expect([hooks.secrets.calls.length, hooks.inbox.puts]).toEqual([1, 1]);
  });

  test('for an account that is not served is answered alike, and nothing is looked up', async () => {
    const hooks = new HooksHarness();
    const known = await hooks.postForm(INBOUND, {}, 'wrong');
    const calls = hooks.secrets.calls.length;
    const unknown = await hooks.postForm(replace(INBOUND, 'AccountSid', OTHER_ACCOUNT), {
      accountSid: OTHER_ACCOUNT,
    });
    expect(unknown).toEqual(known);
    expect(hooks.secrets.calls.length).toBe(calls);
  });

  const valid = signForm(TOKEN, `${ORIGIN}${pathOf({})}`, INBOUND);
  test.each([
    ['none', undefined],
    ['an empty one', ''],
    ['a doubled one', `${valid}, ${valid}`],
    ['one without padding', valid.slice(0, -1)],
    ['a cut one', valid.slice(0, 10)],
    ['a long one', `${valid}=`],
    ['one that is not base64', `${valid.slice(0, 26)}é=`],
    ['a hexadecimal one', Buffer.from(valid, 'base64').toString('hex')],
  ])('by its signature header (%s) is refused before any secret is read', async (_name, signature) => {
    const hooks = new HooksHarness();
    expect((await hooks.post({ body: encodeForm(INBOUND), signature })).statusCode).toBe(403);
    expect(hooks.secrets.calls).toEqual([]);
  });

  test('with the host of the request instead of the configured origin is refused', async () => {
    const hooks = new HooksHarness();
    const signature = signForm(TOKEN, `https://evil.example${pathOf({})}`, INBOUND);
    expect((await hooks.post({ body: encodeForm(INBOUND), signature })).statusCode).toBe(403);
  });
});

describe('the canonical origin', () => {
  test('with a port is tried with and without it', async () => {
    for (const origin of ['https://hooks.example.com:8443', 'https://hooks.example.com']) {
      const hooks = new HooksHarness('https://hooks.example.com:8443');
      const signature = signForm(TOKEN, `${origin}${pathOf({})}`, INBOUND);
      expect((await hooks.post({ body: encodeForm(INBOUND), signature })).statusCode).toBe(200);
    }
  });

  test('without a port is never tried with one', async () => {
    const hooks = new HooksHarness();
    const signature = signForm(TOKEN, `${ORIGIN}:443${pathOf({})}`, INBOUND);
    expect((await hooks.post({ body: encodeForm(INBOUND), signature })).statusCode).toBe(403);
  });
});

describe('form and size', () => {
  const signedText = (text: string, fields: readonly Parameter[]) => ({
    body: text,
    signature: signForm(TOKEN, `${ORIGIN}${pathOf({})}`, fields),
  });

  test('a body in base64 is decoded once', async () => {
    const hooks = new HooksHarness();
    const body = Buffer.from(encodeForm(INBOUND)).toString('base64');
    expect((await hooks.postForm(INBOUND, { body, isBase64Encoded: true })).statusCode).toBe(200);
    expect(hooks.onlyItem.payload).toBe(encodeForm(INBOUND));
  });

  test.each([
    ['broken base64', { body: 'Qm9keQ', isBase64Encoded: true }, 400],
    ['base64 with foreign characters', { body: 'Qm9k*eQ=', isBase64Encoded: true }, 400],
    [
      'bytes that are no UTF-8',
      { body: Buffer.from([0x42, 0xff]).toString('base64'), isBase64Encoded: true },
      400,
    ],
    ['an escape that is no UTF-8', { body: 'Body=%ff' }, 400],
    ['an overlong escape', { body: 'Body=%c0%af' }, 400],
    ['an escaped surrogate', { body: 'Body=%ed%a0%80' }, 400],
    ['half an escape', { body: 'Body=100%' }, 400],
    ['an escaped NUL', { body: 'Body=a%00b' }, 400],
    ['a raw NUL', { body: 'Body=a\0b' }, 400],
    ['an empty pair', { body: 'Body=a&&b=c' }, 400],
    ['201 parameters', { body: Array(201).fill('a=b').join('&') }, 400],
    ['1,001 parameters', { body: Array(1001).fill('a=b').join('&') }, 400],
    ['65,537 bytes', { body: `a=${'b'.repeat(65_535)}` }, 413],
    [
      '65,537 bytes in base64',
      { body: Buffer.alloc(65_537, 'a').toString('base64'), isBase64Encoded: true },
      413,
    ],
    ['JSON', { body: '{}', contentType: 'application/json' }, 415],
    ['no content type', { body: 'a=b', contentType: '' }, 415],
    ['a multipart form', { body: 'a=b', contentType: 'multipart/form-data; boundary=x' }, 415],
    ['a form on the JSON route', { body: 'a=b', route: 'eventStreams' }, 415],
    ['an account in upper case', { body: 'a=b', accountSid: ACCOUNT.toUpperCase() }, 404],
    ['a token of another length', { body: 'a=b', route: 'messageStatusOfAttempt', token: 'short' }, 404],
  ] as const)('%s', async (_name, delivery, status) => {
    const hooks = new HooksHarness();
    const answer = await hooks.post({ signature: `${'A'.repeat(27)}=`, ...delivery });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers?.['content-type']).toBe('text/plain; charset=utf-8');
    expect([hooks.inbox.puts, hooks.secrets.calls]).toEqual([0, []]);
  });

  test('64 KB are taken', async () => {
    const room = 65_536 - encodeForm(replace(INBOUND, 'Body', '')).length;
    const hooks = new HooksHarness();
    expect((await hooks.postForm(replace(INBOUND, 'Body', 'b'.repeat(room)))).statusCode).toBe(200);
  });

  test('200 parameters are taken', async () => {
    const more = Array.from(
      { length: 200 - INBOUND.length },
      (_, index): Parameter => [`Future${index}`, ''],
    );
    const hooks = new HooksHarness();
    expect((await hooks.postForm([...INBOUND, ...more])).statusCode).toBe(200);
  });

  test('a parameter called __proto__ is a name like any other', async () => {
    const hooks = new HooksHarness();
    const fields: Parameter[] = [...INBOUND, ['__proto__', 'x'], ['constructor', 'y']];
    expect((await hooks.post(signedText(encodeForm(fields), fields))).statusCode).toBe(200);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('a name without a value is a name with an empty one', async () => {
    const hooks = new HooksHarness();
    expect(
      (await hooks.post(signedText(`${encodeForm(INBOUND)}&FromZp`, [...INBOUND, ['FromZp', '']])))
        .statusCode,
    ).toBe(200);
  });
});

describe('the grammar after the signature refuses', () => {
  const media = (count: string, ...names: string[]): Parameter[] => [
    ...replace(INBOUND, 'NumMedia', count),
    ...names.map((name): Parameter => [name, 'https://api.twilio.com/x']),
  ];
  test.each<[string, readonly Parameter[]]>([
    ['a missing MessageSid', replace(INBOUND, 'MessageSid', undefined)],
    ['a missing From', replace(INBOUND, 'From', undefined)],
    ['an empty To', replace(INBOUND, 'To', '')],
    ['a SID in upper case', replace(INBOUND, 'MessageSid', MESSAGE_SID.toUpperCase())],
    ['a SID of a call', replace(INBOUND, 'MessageSid', `CA${'0'.repeat(32)}`)],
    ['another account', replace(INBOUND, 'AccountSid', OTHER_ACCOUNT)],
    ['a repeated known key', [...INBOUND, ['Body', 'other']]],
    ['a known key repeated with the same value', [...INBOUND, ['From', '+15550100002']]],
    ['an address with words', replace(INBOUND, 'From', 'call me at +15550100002')],
    [
      'an address that swallowed a city',
      replace(replace(INBOUND, 'From', 'whatsapp:US.12FromCityX'), 'FromCity', undefined),
    ],
    ['an address of 161 characters', replace(INBOUND, 'From', `rcs:${'a'.repeat(157)}`)],
    ['media without their URLs', media('1')],
    ['more URLs than media', media('1', 'MediaUrl0', 'MediaUrl1')],
    ['a gap among the URLs', media('2', 'MediaUrl0', 'MediaUrl2')],
    ['a content type without a URL', media('0', 'MediaContentType0')],
    ['eleven media', media('11', ...Array.from({ length: 11 }, (_, index) => `MediaUrl${index}`))],
    ['a number of media that is none', replace(INBOUND, 'NumMedia', '1e0')],
    ['a name with a space', [...INBOUND, ['Future Name', 'x']]],
    ['a name of 65 characters', [...INBOUND, ['F'.repeat(65), 'x']]],
    ['an empty name', [...INBOUND, ['', 'x']]],
    ['a body pulled into its name', [...replace(INBOUND, 'Body', undefined), ['BodyHello', '']]],
    ['a name pulled into its body', [...replace(INBOUND, 'Body', undefined), ['Bod', 'yHello']]],
    ['an opt-out whose name was cut', [...INBOUND, ['OptOut', 'TypeSTOP']]],
  ])('%s', async (_name, fields) => {
    const hooks = new HooksHarness();
    const answer = await hooks.postForm(fields);
    expect([answer.statusCode, hooks.outcomes(), hooks.inbox.puts]).toEqual([403, ['reshaped'], 0]);
    expect(hooks.observer.counts.get('Reshape')).toBe(1);
  });

  test('a query on a form route, although signed', async () => {
    const hooks = new HooksHarness();
    expect((await hooks.postForm(INBOUND, { query: 'a=b' })).statusCode).toBe(403);
    expect(hooks.outcomes()).toEqual(['reshaped']);
  });

  test('parameters that were moved into the query', async () => {
    const hooks = new HooksHarness();
    const query = `AccountSid${ACCOUNT}`;
    const signature = signUrl(TOKEN, `${ORIGIN}${pathOf({})}?${query}`);
    expect((await hooks.post({ body: '', query, signature })).statusCode).toBe(403);
  });

  test.each<[string, readonly Parameter[]]>([
    ['a missing status', replace(STATUS, 'MessageStatus', undefined)],
    ['a status with a name glued to it', replace(STATUS, 'MessageStatus', 'deliveredTo')],
    ['an error code that is no number', [...STATUS, ['ErrorCode', '30007x']]],
    ['another account', replace(STATUS, 'AccountSid', OTHER_ACCOUNT)],
  ])('a status with %s', async (_name, fields) => {
    const hooks = new HooksHarness();
    expect((await hooks.postForm(fields, { route: 'messageStatus' })).statusCode).toBe(403);
    expect(hooks.outcomes()).toEqual(['reshaped']);
  });
});

test('lines and metrics carry no number, no body, no token and no signature', async () => {
  const hooks = new HooksHarness();
  await hooks.postForm(INBOUND);
  await hooks.postForm(INBOUND, {}, 'wrong');
  await hooks.postForm(STATUS, { route: 'messageStatusOfAttempt' });
  await hooks.postForm([...INBOUND, ['bad name +15550100009', 'secret']]);
  expect(JSON.stringify(hooks.observer.lines)).not.toMatch(/1555010|Hello|secret|AbCdEfGh|=/);
  expect(hooks.observer.flushes).toBe(4);
});
