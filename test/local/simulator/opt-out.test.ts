import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  accountAt,
  closeStages,
  ourNumber,
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

const text = async (body: string, to = ourNumber) => {
  stage.simulator.sendFromPhone({ from: phone, to, body });
  await stage.clock.advance(0);
};
const fromNumber = (to = phone) => stage.client.messages.create({ to, from: ourNumber, body: 'x' });
const fromService = () =>
  stage.client.messages.create({ to: phone, messagingServiceSid: serviceSid, body: 'x' });

describe('STOP to a number', () => {
  test('is answered by Twilio, still reaches the webhook, and refuses what is sent afterwards with 21610', async () => {
    await text('Stop');
    expect(stage.simulator.handset(phone)).toMatchObject([
      { direction: 'sent', body: 'Stop' },
      { direction: 'received', automatic: true, body: expect.stringContaining('unsubscribed') },
    ]);
    expect(stage.receiver.received).toMatchObject([{ params: { Body: 'Stop' } }]);
    expect(stage.receiver.received[0]?.params).not.toHaveProperty('OptOutType');
    expect(await refusal(fromNumber())).toMatchObject({ code: 21610, status: 400 });
  });

  test('concerns this sender and this recipient only', async () => {
    await text('STOP');
    expect((await fromNumber('+15550107778')).status).toBe('queued');
    expect((await fromService()).status).toBe('accepted');
    await stage.clock.advance(1000);
    expect(stage.simulator.handset(phone).at(-1)).toMatchObject({ peer: poolNumber, body: 'x' });
  });

  test('is lifted by START', async () => {
    await text('STOP');
    await text('start');
    expect((await fromNumber()).status).toBe('queued');
  });

  test('HELP is answered and changes nothing; a sentence with the word does neither', async () => {
    await text('help');
    await text('please STOP');
    expect(stage.simulator.handset(phone).filter(({ automatic }) => automatic)).toHaveLength(1);
    expect((await fromNumber()).status).toBe('queued');
  });

  test('a TwiML reply to somebody who just opted out is not sent', async () => {
    stage.receiver.answerWith((_, response) => {
      response.setHeader('Content-Type', 'text/xml').end('<Response><Message>Sorry!</Message></Response>');
    });
    await text('STOP');
    await stage.clock.advance(1000);
    expect(stage.simulator.handset(phone).map(({ body }) => body)).not.toContain('Sorry!');
    expect(stage.simulator.debugger()).toMatchObject([{ errorCode: 21610 }]);
  });
});

describe('STOP to a number of a Messaging Service', () => {
  test('blocks the whole pool; the message is created and fails with 21610', async () => {
    await text('STOP', poolNumber);
    const { sid, status } = await fromService();
    expect(status).toBe('accepted');
    await stage.clock.advance(1000);
    expect(await stage.client.messages(sid).fetch()).toMatchObject({ status: 'failed', errorCode: 21610 });
    const direct = stage.client.messages.create({ to: phone, from: poolNumber, body: 'x' });
    expect((await refusal(direct)).code).toBe(21610);
  });

  test('a message scheduled before the STOP fails at its time', async () => {
    const { sid } = await stage.client.messages.create({
      to: phone,
      messagingServiceSid: serviceSid,
      body: 'Later',
      scheduleType: 'fixed',
      sendAt: new Date('2026-11-23T13:00:00Z'),
    });
    await text('STOP', poolNumber);
    await stage.clock.advance(2 * 3_600_000);
    expect(await stage.client.messages(sid).fetch()).toMatchObject({ status: 'failed', errorCode: 21610 });
  });

  test('with Advanced Opt-Out the webhook is told; with optOutFailure sync the create is refused', async () => {
    const other = await setStage((url) => {
      const account = accountAt(url);
      const service = {
        ...account.messagingServices![0]!,
        advancedOptOut: true,
        optOutFailure: 'sync' as const,
      };
      return { accounts: [{ ...account, messagingServices: [service] }] };
    });
    other.simulator.sendFromPhone({ from: phone, to: poolNumber, body: 'STOP' });
    await other.clock.advance(0);
    expect(other.receiver.received).toMatchObject([{ params: { OptOutType: 'STOP' } }]);
    const refused = other.client.messages.create({ to: phone, messagingServiceSid: serviceSid, body: 'x' });
    expect((await refusal(refused)).code).toBe(21610);
  });
});
