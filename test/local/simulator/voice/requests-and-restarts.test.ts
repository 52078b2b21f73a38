import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { createManualClock } from '../../../../local/twilio/manual-clock.ts';
import { startSimulator } from '../../../../local/twilio/start-simulator.ts';
import {
  accountAt,
  authToken,
  clientFor,
  closeLater,
  closeStages,
  ourNumber,
  phone,
  type Stage,
  setStage,
  startAt,
} from '../support/stage.ts';
import { application } from '../support/support-line.ts';
import { status, twiml } from '../support/webhook-receiver.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(closeStages);

const truth = (sid: string) => stage.simulator.voiceLedger(sid).calls[0]!;
const at = (path: string) => stage.receiver.received.filter((webhook) => webhook.path === path);

describe('connection overrides in the URL', () => {
  const answersOnThirdTry = () => {
    let tries = 0;
    stage.receiver.answerWith((webhook, response) => {
      tries += 1;
      const answer = tries < 3 ? status(503) : twiml('<Response><Say>At last.</Say></Response>');
      return answer(webhook, response);
    });
  };

  const setVoiceUrl = async (url: string) => {
    const [number] = await stage.client.incomingPhoneNumbers.list({ phoneNumber: ourNumber });
    await stage.client.incomingPhoneNumbers(number!.sid).update({ voiceUrl: url, voiceFallbackUrl: '' });
  };

  test('let a document be asked for again after a 503, the same request with the same token', async () => {
    answersOnThirdTry();
    await setVoiceUrl(`${stage.receiver.url}/voice#rc=2&rp=5xx`);
    const sid = stage.simulator.callFromPhone({ from: phone, to: ourNumber });
    await stage.clock.advance(60_000);
    const tries = at('/voice');
    expect(tries).toHaveLength(3);
    expect(new Set(tries.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(1);
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
    expect(truth(sid).deadEnd).toBe(false);
  });

  test('without them a 503 is final', async () => {
    answersOnThirdTry();
    await setVoiceUrl(`${stage.receiver.url}/voice`);
    const sid = stage.simulator.callFromPhone({ from: phone, to: ourNumber });
    await stage.clock.advance(60_000);
    expect(at('/voice')).toHaveLength(1);
    expect(truth(sid).deadEnd).toBe(true);
  });

  test('limit how long an answer is waited for', async () => {
    stage.receiver.answerWith(twiml('<Response><Say>Late.</Say></Response>'));
    await setVoiceUrl(`${stage.receiver.url}/voice#rt=2000`);
    stage.simulator.setFaults({ voiceAnswerDelayMs: { min: 3000, max: 3000 } });
    const sid = stage.simulator.callFromPhone({ from: phone, to: ourNumber });
    await stage.clock.advance(60_000);
    expect(truth(sid).endedAt! - startAt).toBe(2000);
  });
});

test('a document fetched by GET has its parameters in the query, and they are signed', async () => {
  stage.receiver.answerWith(twiml('<Response/>'));
  await stage.client.calls.create({
    to: phone,
    from: ourNumber,
    url: `${stage.receiver.url}/hello?step=1`,
    method: 'GET',
  });
  await stage.clock.advance(10_000);
  const [request] = stage.receiver.received;
  expect(request?.method).toBe('GET');
  expect(request?.params).toMatchObject({ step: '1', To: phone, CallStatus: 'in-progress' });
  const signature = `${request?.headers['x-twilio-signature']}`;
  expect(twilio.validateRequest(authToken, signature, request!.url, {})).toBe(true);
});

test('forty calls at once do not disturb one another', async () => {
  stage.receiver.answerWith(
    application({
      '/voice': '<Gather numDigits="4" action="/done"><Say>Your number, please.</Say></Gather>',
      '/done': ({ params }) => `<Say>You said ${params.Digits}.</Say>`,
    }),
  );
  const digits = Array.from({ length: 40 }, (_, index) => `${1000 + index}`);
  const sids = digits.map((keys) =>
    stage.simulator.callFromPhone({ from: phone, to: ourNumber, script: [{ keys }] }),
  );
  await stage.clock.advance(60_000);
  const { calls } = stage.simulator.voiceLedger();
  const said = sids.map((sid) =>
    calls.find((call) => call.sid === sid)?.transcript.findLast(({ kind }) => kind === 'heard'),
  );
  expect(said.map((entry) => (entry?.kind === 'heard' ? entry.text : ''))).toEqual(
    digits.map((keys) => `You said ${keys}.`),
  );
}, 60_000);

test('a restart ends the calls that are under way, and dials those that are queued', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'simulator-'));
  closeLater({ close: async () => rmSync(directory, { recursive: true, force: true }) });
  stage.receiver.answerWith(twiml('<Response><Pause length="600"/></Response>'));
  const clock = createManualClock(startAt);
  const settings = {
    clock,
    seed: 'restart',
    accounts: [{ ...accountAt(stage.receiver.url), callsPerSecond: 0.1 }],
    stateFile: join(directory, 'state.json'),
  };
  const first = await startSimulator(settings);
  const create = () =>
    clientFor(first.url).calls.create({ to: phone, from: ourNumber, url: `${stage.receiver.url}/hello` });
  const [underWay, queued] = [await create(), await create()];
  await clock.advance(5000);
  await first.stop();
  const second = await startSimulator(settings);
  closeLater({ close: () => second.stop() });
  expect(second.voiceLedger(underWay.sid).calls[0]).toMatchObject({
    end: 'simulator-restarted',
    status: 'completed',
  });
  await clock.advance(20_000);
  expect(second.voiceLedger(queued.sid).calls[0]).toMatchObject({ status: 'in-progress' });
  expect(second.voiceLedger(queued.sid).calls[0]!.startedAt! - startAt).toBe(10_000);
});
