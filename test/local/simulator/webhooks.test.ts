import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { signTwilioRequest } from '../../../local/twilio/webhooks/sign-twilio-request.ts';
import {
  accountAt,
  accountSid,
  authToken,
  closeStages,
  ourNumber,
  ourWhatsApp,
  phone,
  poolNumber,
  type Stage,
  serviceSid,
  setStage,
} from './support/stage.ts';
import { type ReceivedWebhook, status, twiml } from './support/webhook-receiver.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(closeStages);

const isSigned = ({ url, params, headers }: ReceivedWebhook) =>
  twilio.validateRequest(authToken, String(headers['x-twilio-signature']), url, params);
const paths = () => stage.receiver.received.map(({ path }) => path);
const errors = () => stage.simulator.debugger().map(({ errorCode, level }) => [level, errorCode]);
const text = (body: string, to = ourNumber) => stage.simulator.sendFromPhone({ from: phone, to, body });

describe('status callbacks', () => {
  test('are signed, name the message and come in order', async () => {
    const { sid } = await stage.client.messages.create({
      to: phone,
      from: ourNumber,
      body: 'Hello',
      statusCallback: `${stage.statusUrl}?attempt=1#rc=2&rp=5xx`,
    });
    await stage.clock.advance(1000);
    expect(stage.receiver.statuses()).toEqual(['sent', 'delivered']);
    for (const webhook of stage.receiver.received) {
      expect(webhook).toMatchObject({ method: 'POST', path: '/status?attempt=1' });
      expect(webhook.params).toMatchObject({
        MessageSid: sid,
        SmsSid: sid,
        AccountSid: accountSid,
        To: phone,
      });
      expect(isSigned(webhook)).toBe(true);
      expect(webhook.headers['user-agent']).toBe('TwilioProxy/1.1');
      expect(webhook.headers['i-twilio-idempotency-token']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('go to the message URL where there is one, else to that of the service', async () => {
    const create = (statusCallback?: string) =>
      stage.client.messages.create({
        to: phone,
        messagingServiceSid: serviceSid,
        body: 'x',
        ...(statusCallback === undefined ? {} : { statusCallback }),
      });
    await create(stage.statusUrl);
    await stage.clock.advance(1000);
    expect(paths()).toEqual(['/status', '/status', '/status']);
    expect(stage.receiver.received[0]?.params).toMatchObject({
      MessageStatus: 'queued',
      MessagingServiceSid: serviceSid,
      From: poolNumber,
    });
    await create();
    await stage.clock.advance(1000);
    expect(paths().slice(3)).toEqual(['/service-status', '/service-status', '/service-status']);
  });

  test('tell why a message was not delivered', async () => {
    await stage.client.messages.create({
      to: '+15550103007',
      from: ourNumber,
      body: 'x',
      statusCallback: stage.statusUrl,
    });
    await stage.clock.advance(1000);
    expect(stage.receiver.received.map(({ params }) => [params.MessageStatus, params.ErrorCode])).toEqual([
      ['sent', undefined],
      ['undelivered', '30007'],
    ]);
  });

  test('that fail are noted and not tried again unless the URL says so', async () => {
    stage.receiver.answerWith(status(503));
    const create = (fragment: string) =>
      stage.client.messages.create({
        to: '+15550109000',
        from: ourNumber,
        body: 'x',
        statusCallback: `${stage.statusUrl}${fragment}`,
      });
    const { sid } = await create('');
    await stage.clock.advance(1000);
    expect(stage.simulator.ledger(sid).callbacks[0]?.attempts).toMatchObject([{ statusCode: 503, copy: 1 }]);
    expect(errors()).toEqual([['ERROR', 11200]]);
    await create('#rc=2&rp=5xx');
    await stage.clock.advance(1000);
    expect(stage.receiver.received).toHaveLength(4);
  });
});

describe('inbound messages', () => {
  test('reach the webhook of the number, signed', async () => {
    const sid = text('Hello you');
    await stage.clock.advance(0);
    const [webhook] = stage.receiver.received;
    expect(webhook?.path).toBe('/inbound');
    expect(webhook?.params).toMatchObject({ MessageSid: sid, Body: 'Hello you', NumMedia: '0', From: phone });
    expect(isSigned(webhook!)).toBe(true);
    expect(await stage.client.messages(sid!).fetch()).toMatchObject({
      direction: 'inbound',
      status: 'received',
    });
  });

  test('of a pool number go to its Messaging Service', async () => {
    text('Hello', poolNumber);
    await stage.clock.advance(0);
    expect(stage.receiver.received).toMatchObject([
      { path: '/service-inbound', params: { MessagingServiceSid: serviceSid } },
    ]);
  });

  test('bring media that can be had with credentials, by way of a redirect to storage', async () => {
    const bytes = Buffer.from('a picture').toString('base64');
    stage.simulator.sendFromPhone({
      from: phone,
      to: ourNumber,
      media: [{ contentType: 'image/png', base64: bytes }],
    });
    await stage.clock.advance(0);
    const { MediaUrl0 = '', MediaContentType0, NumMedia } = stage.receiver.received[0]?.params ?? {};
    expect([NumMedia, MediaContentType0]).toEqual(['1', 'image/png']);
    expect((await fetch(MediaUrl0)).status).toBe(401);
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    const redirect = await fetch(MediaUrl0, { headers: { authorization }, redirect: 'manual' });
    expect(redirect.status).toBe(307);
    const stored = await fetch(redirect.headers.get('location') ?? '');
    expect([stored.headers.get('content-type'), await stored.text()]).toEqual(['image/png', 'a picture']);
    const guessed = await fetch((redirect.headers.get('location') ?? '').replace(/.$/, '!'));
    expect(guessed.status).toBe(404);
  });

  test('on WhatsApp carry profile name and WaId', async () => {
    stage.simulator.sendFromPhone({ from: `whatsapp:${phone}`, to: ourWhatsApp, body: 'Hi' });
    await stage.clock.advance(0);
    expect(stage.receiver.received[0]?.params).toMatchObject({ WaId: '15550107777', MessageType: 'text' });
  });

  test('to a number that nobody has are refused', () => {
    expect(() => text('Hi', '+15550109999')).toThrow('+15550109999');
  });

  test('vanish where the Messaging Service has inbound disabled', async () => {
    const other = await setStage((url) => {
      const [account] = [accountAt(url)];
      const services = [{ sid: serviceSid, inboundRequestUrl: null }];
      return { accounts: [{ ...account, messagingServices: services }] };
    });
    expect(other.simulator.sendFromPhone({ from: phone, to: poolNumber, body: 'Hi' })).toBeNull();
    await other.clock.advance(1000);
    expect(await other.client.messages.list()).toEqual([]);
  });
});

describe('TwiML', () => {
  test('replies become outbound messages from the number that was written to', async () => {
    stage.receiver.answerWith(
      twiml('<Response><Message>One</Message><Message to="+15550108888">Two</Message></Response>'),
    );
    const sid = text('Hi');
    await stage.clock.advance(1000);
    expect(stage.simulator.handset(phone)).toMatchObject([
      { direction: 'sent', body: 'Hi' },
      { direction: 'received', body: 'One', peer: ourNumber },
    ]);
    expect(stage.simulator.handset('+15550108888')).toMatchObject([{ body: 'Two' }]);
    const [entry] = stage.simulator.ledger(sid!).inbound;
    const [reply] = await stage.client.messages.list({ to: phone });
    expect(entry?.replies).toContain(reply?.sid);
    expect(reply?.direction).toBe('outbound-reply');
  });

  test('a reply reports to its own statusCallback, relative to the document', async () => {
    stage.receiver.answerWith(({ path }, response) =>
      twiml(
        path === '/inbound'
          ? '<Response><Message statusCallback="/done">x</Message></Response>'
          : '<Response/>',
      )({} as ReceivedWebhook, response),
    );
    text('Hi');
    await stage.clock.advance(1000);
    expect(paths()).toEqual(['/inbound', '/done', '/done']);
  });

  test('a Redirect is followed, and an endless one is an error', async () => {
    stage.receiver.answerWith(({ path }, response) =>
      twiml(path === '/inbound' ? '<Response><Redirect>/next</Redirect></Response>' : '<Response/>')(
        {} as ReceivedWebhook,
        response,
      ),
    );
    text('Hi');
    await stage.clock.advance(0);
    expect(paths()).toEqual(['/inbound', '/next']);
    stage.receiver.answerWith(twiml('<Response><Redirect/></Response>'));
    text('Hi');
    await stage.clock.advance(0);
    expect(errors()).toContainEqual(['ERROR', 11215]);
  });

  test('an unknown verb and an empty Message are warnings', async () => {
    stage.receiver.answerWith(twiml('<Response><Say>x</Say><Message/></Response>'));
    text('Hi');
    await stage.clock.advance(0);
    expect(errors()).toEqual([
      ['WARNING', 12200],
      ['WARNING', 14103],
    ]);
  });

  test.each([
    ['a 500', status(500), 11200],
    ['broken XML', twiml('<Response>'), 12100],
    ['another root', twiml('<Hello/>'), 12102],
    ['no content type', status(200), 12300],
  ])('after %s the fallback is called with ErrorCode and ErrorUrl', async (_, answer, errorCode) => {
    stage.receiver.answerWith((webhook, response) =>
      webhook.path === '/fallback' ? twiml('<Response/>')(webhook, response) : answer(webhook, response),
    );
    const sid = text('Hi');
    await stage.clock.advance(0);
    expect(paths()).toEqual(['/inbound', '/fallback']);
    expect(stage.receiver.received[1]?.params).toMatchObject({
      MessageSid: sid,
      ErrorCode: `${errorCode}`,
      ErrorUrl: `${stage.receiver.url}/inbound`,
    });
    expect(isSigned(stage.receiver.received[1]!)).toBe(true);
    expect(errors()).toEqual([['ERROR', errorCode]]);
    expect(stage.simulator.ledger(sid!).inbound[0]?.attempts.map(({ fallback }) => fallback)).toEqual([
      false,
      true,
    ]);
  });
});

describe('the connection', () => {
  const attemptsTo = async (url: string) => {
    const { sid } = await stage.client.messages.create({
      to: '+15550109000',
      from: ourNumber,
      body: 'x',
      statusCallback: url,
    });
    await stage.clock.advance(1000);
    const { attempts } = stage.simulator.ledger(sid).callbacks[0]!;
    return attempts.map(({ failure }) => failure);
  };

  test('that is refused is tried once more', async () => {
    expect(await attemptsTo('http://127.0.0.1:1/')).toEqual(['connect', 'connect']);
    expect(errors()).toEqual([['ERROR', 11205]]);
  });

  test('that stays silent times out as the URL says', async () => {
    stage.receiver.answerWith(() => {});
    expect(await attemptsTo(`${stage.statusUrl}#rt=100`)).toEqual(['read-timeout']);
    expect(await attemptsTo(`${stage.statusUrl}#tt=100`)).toEqual(['total-timeout']);
    expect(errors().map(([, code]) => code)).toEqual([11200, 11203]);
  });

  test('that breaks before or within the answer is not tried again', async () => {
    stage.receiver.answerWith((_, response) => void response.socket?.destroy());
    expect(await attemptsTo(stage.statusUrl)).toEqual(['reset']);
    stage.receiver.answerWith((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half');
      response.socket?.end();
    });
    expect(await attemptsTo(`${stage.statusUrl}#rp=all`)).toEqual(['partial']);
  });
});

test('stopping does not wait for a webhook that stays silent', async () => {
  stage.receiver.answerWith(() => {});
  const sid = text('Hi');
  const waiting = stage.clock.advance(0);
  while (stage.receiver.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await stage.simulator.stop();
  await waiting;
  expect(stage.simulator.ledger(sid!).inbound[0]?.attempts.map(({ failure }) => failure)).toEqual([
    'reset',
    'reset',
  ]);
});

test('a request signed for other tests validates as one of the simulator does', () => {
  const { url, signature } = signTwilioRequest({
    authToken,
    url: 'https://example.com/twilio?x=1',
    params: { MessageSid: 'SM1', Body: 'Hi' },
  });
  expect(twilio.validateRequest(authToken, signature, url, { Body: 'Hi', MessageSid: 'SM1' })).toBe(true);
});
