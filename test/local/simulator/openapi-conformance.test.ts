import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type twilio from 'twilio';
import { recordingClient } from './support/recording-client.ts';
import {
  accountSid,
  closeStages,
  ourNumber,
  phone,
  type Stage,
  serviceSid,
  setStage,
} from './support/stage.ts';
import { type Exchange, loadTwilioOpenApi } from './support/twilio-openapi.ts';

const api = loadTwilioOpenApi('twilio_api_v2010');
const accounts = loadTwilioOpenApi('twilio_accounts_v1');

let stage: Stage;
let exchanges: Exchange[];
let client: twilio.Twilio;
beforeEach(async () => {
  stage = await setStage();
  exchanges = [];
  client = recordingClient(stage.simulator.url, exchanges);
});
afterEach(closeStages);

if (api && accounts) {
  const problems = () => exchanges.flatMap((exchange) => api.problemsOf(exchange));

  describe("requests of the library and answers of the simulator conform to Twilio's description", () => {
    test('messages: created, fetched, listed over pages, redacted, removed', async () => {
      const { sid } = await client.messages.create({
        to: phone,
        from: ourNumber,
        body: 'Hello',
        statusCallback: stage.statusUrl,
        validityPeriod: 600,
      });
      await client.messages(sid).fetch();
      await stage.clock.advance(1000);
      await client.messages.create({ to: '+15550103007', messagingServiceSid: serviceSid, body: 'Hello' });
      await stage.clock.advance(1000);
      await client.messages.list({ pageSize: 1, to: phone });
      await client.messages.list({ dateSentAfter: new Date('2026-11-23') });
      await client.messages.list({ pageSize: 1 });
      await client.messages(sid).update({ body: '' });
      await client.messages(sid).remove();
      expect(problems()).toEqual([]);
      expect(exchanges.length).toBeGreaterThanOrEqual(9);
    });

    test('a scheduled message: created and canceled', async () => {
      const { sid } = await client.messages.create({
        to: phone,
        messagingServiceSid: serviceSid,
        body: 'Later',
        scheduleType: 'fixed',
        sendAt: new Date('2026-11-23T13:00:00Z'),
      });
      await client.messages(sid).update({ status: 'canceled' });
      expect(problems()).toEqual([]);
    });

    test('inbound messages and media', async () => {
      const sid = stage.simulator.sendFromPhone({
        from: phone,
        to: ourNumber,
        media: [{ contentType: 'image/png', base64: 'aGk=' }],
      });
      const [media] = await client.messages(sid!).media.list();
      await client.messages(sid!).media(media!.sid).fetch();
      await client.messages(sid!).fetch();
      await client.messages(sid!).media(media!.sid).remove();
      expect(problems()).toEqual([]);
    });

    test('phone numbers and the account', async () => {
      const bought = await client.incomingPhoneNumbers.create({
        phoneNumber: '+15550100009',
        friendlyName: 'New',
      });
      await client.incomingPhoneNumbers(bought.sid).update({ smsUrl: stage.statusUrl, smsMethod: 'POST' });
      await client.incomingPhoneNumbers(bought.sid).fetch();
      await client.incomingPhoneNumbers.list({ phoneNumber: ourNumber });
      await client.incomingPhoneNumbers(bought.sid).remove();
      await client.api.v2010.accounts(accountSid).fetch();
      expect(problems()).toEqual([]);
    });

    test('rotation of the auth token', async () => {
      await client.accounts.v1.secondaryAuthToken().create();
      await client.accounts.v1.authTokenPromotion().update();
      expect(exchanges.flatMap((exchange) => accounts.problemsOf(exchange))).toEqual([]);
      expect(exchanges).toHaveLength(2);
    });

    test('the check itself finds a wrong field, a wrong type and an unknown parameter', async () => {
      await client.messages.create({ to: phone, from: ourNumber, body: 'Hello' });
      const [exchange] = exchanges;
      const body = JSON.stringify({ ...JSON.parse(exchange!.body), num_segments: 1, colour: 'red' });
      const found = api.problemsOf({ ...exchange!, form: ['To', 'Colour'], body });
      expect(found).toHaveLength(3);
      expect(api.problemsOf({ ...exchange!, status: 200 })).toHaveLength(1);
    });
  });
} else {
  // biome-ignore lint/suspicious/noSkippedTests: the descriptions are not part of the project and may be absent.
  test.skip("conformance to Twilio's OpenAPI descriptions", () => {});
}
