import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { authToken, closeStages, ourNumber, phone, type Stage, setStage, startAt } from '../support/stage.ts';
import { application, supportLine } from '../support/support-line.ts';
import { status, twiml } from '../support/webhook-receiver.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
  stage.receiver.answerWith(application(supportLine));
});
afterEach(closeStages);

const call = () => stage.simulator.callFromPhone({ from: phone, to: ourNumber });
const truth = (sid: string) => stage.simulator.voiceLedger(sid).calls[0]!;
const heard = (sid: string) =>
  truth(sid).transcript.flatMap((entry) =>
    entry.kind === 'heard' ? [[(entry.at - startAt) / 1000, entry.text, entry.ms / 1000]] : [],
  );
const requests = () => stage.receiver.received.map(({ path }) => path);

describe('a phone calls a support line', () => {
  test('the voice URL gets the parameters of a captured webhook, signed', async () => {
    const sid = call();
    await stage.clock.advance(0);
    const [webhook] = stage.receiver.received;
    expect(webhook?.path).toBe('/voice');
    expect(webhook?.params).toMatchObject({
      CallSid: sid,
      From: phone,
      To: ourNumber,
      Caller: phone,
      Called: ourNumber,
      CallStatus: 'ringing',
      Direction: 'inbound',
      ApiVersion: '2010-04-01',
    });
    const signature = `${webhook?.headers['x-twilio-signature']}`;
    expect(twilio.validateRequest(authToken, signature, webhook!.url, webhook!.params)).toBe(true);
  });

  test('a key breaks into the prompt and leads to the action, and the number hears of the end', async () => {
    const sid = call();
    await stage.clock.advance(1000);
    stage.simulator.press(sid, '1');
    await stage.clock.advance(60_000);
    expect(requests()).toEqual(['/voice', '/menu', '/number-status']);
    expect(stage.receiver.received[1]?.params).toMatchObject({ Digits: '1', CallStatus: 'in-progress' });
    expect(heard(sid)).toEqual([
      [0, 'Press 1 for opening hours, 2 for an agent.', 1],
      [1, 'We are open from nine to five.', 2],
    ]);
    expect(truth(sid)).toMatchObject({ status: 'completed', end: 'hangup-verb', deadEnd: false });
    expect(stage.receiver.received[2]?.params).toMatchObject({
      CallStatus: 'completed',
      CallDuration: '3',
      Duration: '1',
      SequenceNumber: '0',
      CallbackSource: 'call-progress-events',
    });
  });

  test('silence falls through to the next verb after the prompt and the timeout', async () => {
    const sid = call();
    await stage.clock.advance(60_000);
    expect(requests()).toEqual(['/voice', '/number-status']);
    expect(heard(sid)).toEqual([
      [0, 'Press 1 for opening hours, 2 for an agent.', 2.8],
      [6.8, 'We heard nothing. Goodbye.', 1.733],
    ]);
    expect(truth(sid).end).toBe('end-of-document');
  });

  test('a wrong key leads back to the menu', async () => {
    const sid = call();
    await stage.clock.advance(1000);
    stage.simulator.press(sid, '7');
    await stage.clock.advance(5000);
    expect(requests()).toEqual(['/voice', '/menu', '/voice']);
    expect(truth(sid).waiting).toMatchObject({ verb: 'Gather', input: ['dtmf'] });
  });

  test('whoever hangs up is not asked again', async () => {
    const sid = call();
    await stage.clock.advance(1500);
    stage.simulator.hangUp(sid);
    await stage.clock.advance(60_000);
    expect(requests()).toEqual(['/voice', '/number-status']);
    expect(truth(sid)).toMatchObject({ status: 'completed', end: 'hung-up-by-phone' });
    expect(() => stage.simulator.press(sid, '1')).toThrow(/No call is under way/);
  });

  test('a scripted caller answers each question in turn', async () => {
    const sid = stage.simulator.callFromPhone({
      from: phone,
      to: ourNumber,
      script: [{ keys: '7' }, { keys: '1', afterMs: 200 }],
    });
    await stage.clock.advance(60_000);
    expect(requests()).toEqual(['/voice', '/menu', '/voice', '/menu', '/number-status']);
    expect(truth(sid).end).toBe('hangup-verb');
  });
});

describe('when a document cannot be had', () => {
  const fallbackAnswers = (xml: string) =>
    stage.receiver.answerWith((webhook, response) =>
      webhook.path === '/voice-fallback'
        ? twiml(xml)(webhook, response)
        : status(webhook.path === '/voice' ? 500 : 204)(webhook, response),
    );

  test('the fallback is asked with what went wrong, and its document is executed', async () => {
    fallbackAnswers('<Response><Say>Please call back later.</Say></Response>');
    const sid = call();
    await stage.clock.advance(60_000);
    expect(requests()).toEqual(['/voice', '/voice-fallback', '/number-status']);
    expect(stage.receiver.received[1]?.params).toMatchObject({
      CallSid: sid,
      ErrorCode: '11200',
      ErrorUrl: `${stage.receiver.url}/voice`,
    });
    expect(heard(sid)).toEqual([[0, 'Please call back later.', 1.533]]);
    expect(truth(sid).deadEnd).toBe(false);
  });

  test("without a document from the fallback the caller hears Twilio's error voice: a dead end", async () => {
    stage.receiver.answerWith(status(500));
    const sid = call();
    await stage.clock.advance(60_000);
    expect(truth(sid)).toMatchObject({ deadEnd: true, end: 'application-error', status: 'completed' });
    expect(heard(sid)[0]?.[1]).toMatch(/application error/);
    expect(stage.simulator.voiceLedger().deadEnds).toEqual([sid]);
    expect(stage.simulator.debugger().map(({ errorCode }) => errorCode)).toEqual([11200, 11200, 15003]);
  });

  test.each([
    ['broken XML', twiml('<Response><Say>'), 12100],
    ['another root', twiml('<Hello/>'), 12102],
    ['no content type', status(200), 12300],
  ])('%s is an error that leads to the fallback', async (_, answer, code) => {
    stage.receiver.answerWith((webhook, response) =>
      webhook.path === '/voice-fallback'
        ? twiml('<Response><Say>Sorry.</Say></Response>')(webhook, response)
        : answer(webhook, response),
    );
    call();
    await stage.clock.advance(10);
    expect(stage.receiver.received[1]?.params.ErrorCode).toBe(`${code}`);
  });

  test('verbs that are unknown are left out with a warning, the rest is executed', async () => {
    stage.receiver.answerWith(twiml('<Response><Sing/><say>a</say><Say volume="9">Hello.</Say></Response>'));
    const sid = call();
    await stage.clock.advance(10_000);
    expect(heard(sid).map(([, text]) => text)).toEqual(['Hello.']);
    expect(stage.simulator.debugger().map(({ level, errorCode }) => [level, errorCode])).toEqual([
      ['WARNING', 12200],
      ['WARNING', 12200],
      ['WARNING', 12200],
    ]);
  });

  test('a document that goes back to itself without a pause ends in the error voice', async () => {
    stage.receiver.answerWith(twiml('<Response><Redirect>/voice</Redirect></Response>'));
    const sid = call();
    await stage.clock.advance(10);
    expect(truth(sid).deadEnd).toBe(true);
  });
});

test('an answer that takes longer than 15 s is not waited for', async () => {
  stage.simulator.setFaults({ voiceAnswerDelayMs: { min: 20_000, max: 20_000 } });
  const sid = call();
  await stage.clock.advance(40_000);
  const [first] = stage.simulator.voiceLedger(sid).requests;
  expect(first?.attempts).toEqual([expect.objectContaining({ failure: 'read-timeout', durationMs: 15_000 })]);
  expect(truth(sid)).toMatchObject({ deadEnd: true });
  expect(truth(sid).endedAt! - truth(sid).createdAt).toBe(30_000);
});

test('the same seed and the same steps make the same call', async () => {
  const run = async () => {
    const sid = call();
    await stage.clock.advance(1000);
    stage.simulator.press(sid, '1');
    await stage.clock.advance(60_000);
    return truth(sid).transcript.filter(({ kind }) => kind !== 'request');
  };
  const first = await run();
  await closeStages();
  stage = await setStage();
  stage.receiver.answerWith(application(supportLine));
  expect(await run()).toEqual(first);
});
