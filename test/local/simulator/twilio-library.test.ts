import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import {
  accountSid,
  apiKeySid,
  authToken,
  clientFor,
  closeStages,
  ourNumber,
  ourWhatsApp,
  phone,
  poolNumber,
  refusal,
  type Stage,
  serviceSid,
  setStage,
} from './support/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(closeStages);

const send = (parameters: Record<string, unknown> = {}) =>
  stage.client.messages.create({ to: phone, from: ourNumber, body: 'Hello', ...parameters });

describe('creating', () => {
  test('a message from a number is queued and later delivered', async () => {
    const created = await send();
    expect(created).toMatchObject({
      status: 'queued',
      direction: 'outbound-api',
      from: ourNumber,
      to: phone,
      body: 'Hello',
      numSegments: '1',
      dateSent: null,
      price: null,
      errorCode: null,
    });
    expect(created.sid).toMatch(/^SM[0-9a-f]{32}$/);
    await stage.clock.advance(1000);
    const fetched = await stage.client.messages(created.sid).fetch();
    expect(fetched).toMatchObject({ status: 'delivered', price: '-0.00750', priceUnit: 'USD' });
    expect(fetched.dateSent).toEqual(new Date('2026-11-23T12:00:00Z'));
  });

  test('a message through a Messaging Service has no sender until one is chosen', async () => {
    const created = await send({ from: undefined, messagingServiceSid: serviceSid });
    expect(created).toMatchObject({
      status: 'accepted',
      from: null,
      numSegments: '0',
      messagingServiceSid: serviceSid,
    });
    await stage.clock.advance(30);
    expect(await stage.client.messages(created.sid).fetch()).toMatchObject({
      status: 'queued',
      from: poolNumber,
    });
  });

  test('a message with media has an MM sid and lists its media', async () => {
    const created = await send({ mediaUrl: ['https://example.com/cat.jpg', 'https://example.com/b.png'] });
    expect(created.sid).toMatch(/^MM/);
    expect(created.numMedia).toBe('2');
    const media = await stage.client.messages(created.sid).media.list();
    expect(media.map(({ contentType, parentSid }) => [contentType, parentSid])).toEqual([
      ['image/jpeg', created.sid],
      ['image/png', created.sid],
    ]);
    expect((await stage.client.messages(created.sid).media(media[0]!.sid).fetch()).sid).toBe(media[0]!.sid);
    expect(await stage.client.messages(created.sid).media(media[0]!.sid).remove()).toBe(true);
    expect(await stage.client.messages(created.sid).media.list()).toHaveLength(1);
  });

  test.each([
    ['an invalid recipient', { to: '12' }, 21211],
    ['no recipient', { to: '' }, 21604],
    ['no sender', { from: undefined }, 21603],
    ['no content', { body: undefined }, 21602],
    ['a sender that is not ours', { from: '+15550109999' }, 21606],
    ['a WhatsApp sender that is not ours', { from: 'whatsapp:+15550109999', to: `whatsapp:${phone}` }, 63007],
    ['a callback URL with an underscore in its host', { statusCallback: 'https://a_b.example.com/' }, 21609],
    ['a body of 1,601 characters', { body: 'x'.repeat(1601) }, 21617],
    ['eleven media', { mediaUrl: Array.from({ length: 11 }, () => 'https://example.com/a.png') }, 21623],
    ['a validity period of 0', { validityPeriod: 0 }, 21624],
    ['a malformed service SID', { messagingServiceSid: 'MG12' }, 21705],
    ['an unknown service', { messagingServiceSid: `MG${'0'.repeat(32)}` }, 21701],
    ['the magic invalid number', { to: '+15005550001' }, 21211],
    ['a recipient whose number asks for 21610', { to: '+15550101610' }, 21610],
  ])('is refused for %s', async (_, parameters, code) => {
    const refused = await refusal(send(parameters));
    expect(refused).toMatchObject({ code, status: 400 });
    expect(stage.simulator.ledger().messages).toEqual([]);
    expect(stage.simulator.ledger().creates).toMatchObject([{ errorCode: code, answered: { status: 400 } }]);
  });

  test('free text on WhatsApp fails with 63016 until the recipient wrote within 24 hours', async () => {
    const toWhatsApp = { to: `whatsapp:${phone}`, from: ourWhatsApp };
    const early = await send(toWhatsApp);
    await stage.clock.advance(1000);
    expect((await stage.client.messages(early.sid).fetch()).errorCode).toBe(63016);
    stage.simulator.sendFromPhone({ from: `whatsapp:${phone}`, to: ourWhatsApp, body: 'hi' });
    const answer = await send(toWhatsApp);
    await stage.clock.advance(24 * 3_600_000 + 1000);
    expect((await stage.client.messages(answer.sid).fetch()).status).toBe('read');
    const late = await send(toWhatsApp);
    const template = await send({ ...toWhatsApp, body: undefined, contentSid: `HX${'d'.repeat(32)}` });
    await stage.clock.advance(1000);
    expect((await stage.client.messages(late.sid).fetch()).errorCode).toBe(63016);
    expect((await stage.client.messages(template.sid).fetch()).status).toBe('read');
  });
});

describe('carrier outcomes by the last four digits of the recipient', () => {
  test.each([
    ['+15550103003', 'undelivered', 30003],
    ['+15550103005', 'undelivered', 30005],
    ['+15550103006', 'undelivered', 30006],
    ['+15550103007', 'undelivered', 30007],
    ['+15550103034', 'failed', 30034],
    ['+15550109000', 'sent', null],
    ['+15550109001', 'queued', null],
    ['+15550109002', 'sending', null],
    ['+15550100123', 'delivered', null],
  ])('%s ends as %s %s', async (to, status, errorCode) => {
    const { sid } = await send({ to });
    await stage.clock.advance(86_400_000);
    expect(await stage.client.messages(sid).fetch()).toMatchObject({ status, errorCode });
    expect(stage.simulator.handset(to)).toHaveLength(status === 'delivered' || status === 'sent' ? 1 : 0);
  });
});

describe('scheduling', () => {
  const scheduled = (sendAt: string, more: Record<string, unknown> = {}) =>
    send({
      from: undefined,
      messagingServiceSid: serviceSid,
      scheduleType: 'fixed',
      sendAt: new Date(sendAt),
      ...more,
    });

  test('a scheduled message is sent at its time', async () => {
    const { sid, status } = await scheduled('2026-11-23T13:00:00Z');
    expect(status).toBe('scheduled');
    await stage.clock.advance(3_599_000);
    expect((await stage.client.messages(sid).fetch()).status).toBe('scheduled');
    await stage.clock.advance(2000);
    expect((await stage.client.messages(sid).fetch()).status).toBe('delivered');
  });

  test('a canceled message is never sent, and its callback says so', async () => {
    const { sid } = await scheduled('2026-11-23T13:00:00Z', { statusCallback: stage.statusUrl });
    expect((await stage.client.messages(sid).update({ status: 'canceled' })).status).toBe('canceled');
    await stage.clock.advance(7_200_000);
    expect((await stage.client.messages(sid).fetch()).status).toBe('canceled');
    expect(stage.receiver.statuses()).toEqual(['canceled']);
    expect(stage.simulator.handset(phone)).toEqual([]);
  });

  test('what has been sent cannot be canceled', async () => {
    const { sid } = await send();
    await stage.clock.advance(1000);
    const refused = await refusal(stage.client.messages(sid).update({ status: 'canceled' }));
    expect(refused.code).toBe(30409);
  });

  test.each([
    ['300 seconds ahead', '2026-11-23T12:05:00Z', {}, 35115],
    ['more than 35 days ahead', '2026-12-28T12:00:01Z', {}, 35115],
    ['without a service', '2026-11-23T13:00:00Z', { messagingServiceSid: undefined, from: ourNumber }, 35118],
    ['without SendAt', '2026-11-23T13:00:00Z', { sendAt: undefined }, 35111],
    ['with an unknown ScheduleType', '2026-11-23T13:00:00Z', { scheduleType: 'weekly' }, 35126],
  ])('is refused %s', async (_, sendAt, more, code) => {
    expect((await refusal(scheduled(sendAt, more))).code).toBe(code);
  });
});

describe('reading and changing', () => {
  test('a list is newest first, filtered by recipient and followed over pages', async () => {
    for (let count = 0; count < 5; count += 1) {
      await send({ body: `${count}` });
      await stage.clock.advance(1000);
    }
    await send({ to: '+15550108888' });
    const listed = await stage.client.messages.list({ to: phone, pageSize: 2 });
    expect(listed.map(({ body }) => body)).toEqual(['4', '3', '2', '1', '0']);
  });

  test('a page stays where it was when newer messages arrive', async () => {
    for (const body of ['old', 'middle', 'new']) await send({ body });
    const first = await stage.client.messages.page({ pageSize: 2 });
    await send({ body: 'newest' });
    const second = await first.nextPage();
    expect(second?.instances.map(({ body }) => body)).toEqual(['old']);
    expect(await second?.nextPage()).toBeUndefined();
  });

  test('DateSent filters leave out what has not been sent', async () => {
    await send({ body: 'sent' });
    await stage.clock.advance(1000);
    await send({ body: 'waiting' });
    const bodies = async (filter: Record<string, Date>) =>
      (await stage.client.messages.list(filter)).map(({ body }) => body);
    expect(await bodies({ dateSent: new Date('2026-11-23') })).toEqual(['sent']);
    expect(await bodies({ dateSentAfter: new Date('2026-11-23') })).toEqual(['sent']);
    expect(await bodies({ dateSentBefore: new Date('2026-11-22') })).toEqual([]);
  });

  test('a body is redacted and a message removed only once it is final', async () => {
    const { sid } = await send();
    expect((await refusal(stage.client.messages(sid).remove())).code).toBe(20009);
    await stage.clock.advance(1000);
    expect((await stage.client.messages(sid).update({ body: '' })).body).toBe('');
    expect(await stage.client.messages(sid).remove()).toBe(true);
    expect(await refusal(stage.client.messages(sid).fetch())).toMatchObject({ code: 20404, status: 404 });
    expect(await stage.client.messages.list()).toEqual([]);
  });
});

describe('numbers and accounts', () => {
  test("a number's webhooks can be set", async () => {
    const [number] = await stage.client.incomingPhoneNumbers.list({ phoneNumber: ourNumber });
    const updated = await stage.client.incomingPhoneNumbers(number!.sid).update({
      smsUrl: `${stage.receiver.url}/elsewhere`,
      smsFallbackUrl: '',
      voiceUrl: 'https://example.com/voice',
    });
    expect(updated).toMatchObject({ phoneNumber: ourNumber, smsFallbackUrl: '', smsMethod: 'POST' });
    stage.simulator.sendFromPhone({ from: phone, to: ourNumber, body: 'hi' });
    await stage.clock.advance(0);
    expect(stage.receiver.received.map(({ path }) => path)).toEqual(['/elsewhere']);
    const wrong = stage.client.incomingPhoneNumbers(number!.sid).update({ smsUrl: 'ftp://example.com' });
    expect((await refusal(wrong)).code).toBe(21402);
  });

  test('channel senders are not among the phone numbers; a bought number is, until it is released', async () => {
    const listed = async () =>
      (await stage.client.incomingPhoneNumbers.list()).map(({ phoneNumber }) => phoneNumber);
    expect(await listed()).toEqual([ourNumber, poolNumber]);
    const bought = await stage.client.incomingPhoneNumbers.create({ phoneNumber: '+15550100009' });
    expect(await listed()).toEqual([ourNumber, poolNumber, '+15550100009']);
    expect((await send({ from: '+15550100009' })).status).toBe('queued');
    expect(
      (await refusal(stage.client.incomingPhoneNumbers.create({ phoneNumber: '+15550100009' }))).code,
    ).toBe(21422);
    await stage.client.incomingPhoneNumbers(bought.sid).remove();
    expect(await listed()).toEqual([ourNumber, poolNumber]);
  });

  test('an account is fetched', async () => {
    const account = await stage.client.api.v2010.accounts(accountSid).fetch();
    expect(account).toMatchObject({ sid: accountSid, status: 'active', type: 'Full' });
  });
});

describe('credentials', () => {
  const fetchAccount = (user: string, password: string) =>
    clientFor(stage.simulator.url, user, password).api.v2010.accounts(accountSid).fetch();

  test.each([
    ['the primary token', accountSid, authToken],
    ['the secondary token', accountSid, 'secondary-token'],
    ['an API key', apiKeySid, 'key-secret'],
  ])('%s is accepted', async (_, user, password) => {
    expect((await fetchAccount(user, password)).sid).toBe(accountSid);
  });

  test.each([
    ['a wrong token', accountSid, 'wrong'],
    ['a wrong key secret', apiKeySid, authToken],
    ['an unknown key', `SK${'0'.repeat(32)}`, 'key-secret'],
  ])('%s is refused with 401 and 20003', async (_, user, password) => {
    expect(await refusal(fetchAccount(user, password))).toMatchObject({ code: 20003, status: 401 });
  });

  test('a promoted secondary token signs, and the old primary is worth nothing', async () => {
    const { secondaryAuthToken } = await stage.client.accounts.v1.secondaryAuthToken().create();
    const promoted = await stage.client.accounts.v1.authTokenPromotion().update();
    expect(promoted.authToken).toBe(secondaryAuthToken);
    expect((await refusal(fetchAccount(accountSid, authToken))).code).toBe(20003);
    stage.simulator.sendFromPhone({ from: phone, to: ourNumber, body: 'hi' });
    await stage.clock.advance(0);
    const [webhook] = stage.receiver.received;
    const signature = String(webhook?.headers['x-twilio-signature']);
    expect(twilio.validateRequest(secondaryAuthToken, signature, webhook!.url, webhook!.params)).toBe(true);
  });
});

test('a custom HTTP client, the documented way to redirect the library, reaches the simulator', async () => {
  const requests = new twilio.RequestClient();
  const client = twilio(accountSid, authToken, {
    httpClient: {
      request: (options) =>
        requests.request({
          ...options,
          uri: options.uri.replace('https://api.twilio.com', stage.simulator.url),
        }),
    },
  } as ConstructorParameters<typeof twilio.Twilio>[2]);
  const { sid } = await client.messages.create({ to: phone, from: ourNumber, body: 'Hello' });
  expect((await client.messages(sid).fetch()).to).toBe(phone);
});

test('the same seed and the same requests give the same SIDs and the same history', async () => {
  const run = async () => {
    const other = await setStage(() => ({ faults: { callbackDuplicate: 0.5, callbackLost: 0.3 } }));
    for (let count = 0; count < 5; count += 1) {
      await other.client.messages.create({
        to: phone,
        from: ourNumber,
        body: 'x',
        statusCallback: 'http://127.0.0.1:1/',
      });
    }
    const { messages, callbacks } = other.simulator.ledger();
    return {
      sids: messages.map(({ sid }) => sid),
      plans: callbacks.map(({ status, lost, plannedFor }) => [status, lost, plannedFor]),
    };
  };
  expect(await run()).toEqual(await run());
});
