import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  accountAt,
  closeStages,
  ourNumber,
  phone,
  refusal,
  type Stage,
  setStage,
  startAt,
} from '../support/stage.ts';
import { application } from '../support/support-line.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
  stage.receiver.answerWith(application({ '/hello': '<Say>Hello, this is the practice.</Say>' }));
});
afterEach(closeStages);

const events = ['initiated', 'ringing', 'answered', 'completed'];

const place = (options: object = {}) =>
  stage.client.calls.create({
    to: phone,
    from: ourNumber,
    url: `${stage.receiver.url}/hello`,
    statusCallback: stage.statusUrl,
    statusCallbackEvent: events,
    ...options,
  });

const callbacks = () =>
  stage.receiver.received
    .filter(({ path }) => path === '/status')
    .map(({ params }) => [params.CallStatus, params.SequenceNumber]);
const lastCallback = () => stage.receiver.received.findLast(({ path }) => path === '/status')?.params;

describe('a call that is answered', () => {
  test('is queued, dialed, rung, answered, executed and completed, each told in turn', async () => {
    const created = await place();
    expect(created.status).toBe('queued');
    await stage.clock.advance(60_000);
    expect(callbacks()).toEqual([
      ['initiated', '0'],
      ['ringing', '1'],
      ['in-progress', '2'],
      ['completed', '3'],
    ]);
    expect(lastCallback()).toMatchObject({ CallDuration: '2', Duration: '1', SipResponseCode: '200' });
    const fetched = await stage.client.calls(created.sid).fetch();
    expect(fetched).toMatchObject({ status: 'completed', duration: '2', direction: 'outbound-api' });
    expect(fetched.startTime?.getTime()).toBe(startAt);
  });

  test('tells only of its end where nothing else was asked for', async () => {
    await place({ statusCallbackEvent: undefined });
    await stage.clock.advance(60_000);
    expect(callbacks()).toEqual([['completed', '0']]);
  });

  test('executes TwiML that came with the request', async () => {
    const { sid } = await place({ url: undefined, twiml: '<Response><Say>Inline.</Say></Response>' });
    await stage.clock.advance(60_000);
    const [call] = stage.simulator.voiceLedger(sid).calls;
    expect(call?.transcript).toContainEqual(expect.objectContaining({ what: 'say', text: 'Inline.' }));
  });

  test('can be sent elsewhere and ended while it is in progress', async () => {
    const twiml = '<Response><Pause length="600"/></Response>';
    const { sid } = await place({ url: undefined, twiml });
    expect(await refusal(stage.client.calls(sid).update({ twiml }))).toMatchObject({ code: 21220 });
    await stage.clock.advance(5000);
    await stage.client.calls(sid).update({ url: `${stage.receiver.url}/hello` });
    await stage.clock.advance(1000);
    expect(stage.simulator.voiceLedger(sid).requests).toHaveLength(1);
    await stage.client.calls(sid).update({ status: 'completed' });
    await stage.clock.advance(0);
    expect(await stage.client.calls(sid).fetch()).toMatchObject({ status: 'completed' });
    expect(await refusal(stage.client.calls(sid).update({ status: 'completed' }))).toMatchObject({
      code: 21220,
    });
  });
});

describe('what a number says of its phone', () => {
  test.each([
    ['+15550104486', {}, 'busy', '486'],
    ['+15550104487', { timeout: 20 }, 'no-answer', '487'],
    ['+15550104404', {}, 'failed', '404'],
    ['+15550104503', {}, 'failed', '503'],
    ['+15550104603', {}, 'no-answer', '603'],
  ])('%s', async (to, options, status, sipResponseCode) => {
    const { sid } = await place({ to, ...options });
    await stage.clock.advance(120_000);
    expect(lastCallback()).toMatchObject({
      CallStatus: status,
      SipResponseCode: sipResponseCode,
      CallDuration: '0',
    });
    expect(await stage.client.calls(sid).fetch()).toMatchObject({ status, duration: '0' });
    expect(stage.receiver.received.some(({ path }) => path === '/hello')).toBe(false);
  });

  test('a phone that nobody answers rings as long as Timeout says', async () => {
    const { sid } = await place({ to: '+15550104487', timeout: 20 });
    await stage.clock.advance(120_000);
    const [call] = stage.simulator.voiceLedger(sid).calls;
    expect(call!.endedAt! - call!.startedAt!).toBe(20_500);
  });

  test('a call can be called off until somebody answers', async () => {
    const { sid } = await place({ to: '+15550104487' });
    await stage.clock.advance(5000);
    await stage.client.calls(sid).update({ status: 'canceled' });
    await stage.clock.advance(0);
    expect(await stage.client.calls(sid).fetch()).toMatchObject({ status: 'canceled' });
  });

  test('whoever is called by hand answers by API', async () => {
    stage.simulator.setBehaviour(phone, { outcome: 'by-hand' });
    const { sid } = await place();
    await stage.clock.advance(5000);
    await fetch(`${stage.simulator.url}/simulator/calls/${sid}/answer`, { method: 'POST' });
    await stage.clock.advance(0);
    expect(await stage.client.calls(sid).fetch()).toMatchObject({ status: 'in-progress' });
  });
});

describe('answering-machine detection', () => {
  test.each([
    ['+15550109999', 'Enable', 'human'],
    ['+15550104700', 'Enable', 'machine_start'],
    ['+15550104700', 'DetectMessageEnd', 'machine_end_beep'],
    ['+15550104701', 'DetectMessageEnd', 'machine_end_silence'],
    ['+15550104702', 'DetectMessageEnd', 'machine_end_other'],
    ['+15550104703', 'Enable', 'fax'],
    ['+15550104704', 'Enable', 'unknown'],
  ])('of %s with %s finds %s and tells it with the first document', async (to, machineDetection, verdict) => {
    await place({ to, machineDetection });
    await stage.clock.advance(60_000);
    const [document] = stage.receiver.received.filter(({ path }) => path === '/hello');
    expect(document?.params.AnsweredBy).toBe(verdict);
  });

  test('asynchronous detection lets the call go on and calls back', async () => {
    const { sid } = await place({
      to: '+15550104700',
      machineDetection: 'DetectMessageEnd',
      asyncAmd: 'true',
      asyncAmdStatusCallback: `${stage.receiver.url}/amd`,
      url: undefined,
      twiml: '<Response><Pause length="60"/></Response>',
    });
    await stage.clock.advance(20_000);
    const [verdict] = stage.receiver.received.filter(({ path }) => path === '/amd');
    expect(verdict?.params).toEqual({
      CallSid: sid,
      AccountSid: expect.any(String),
      AnsweredBy: 'machine_end_beep',
      MachineDetectionDuration: '8000',
    });
    expect(await stage.client.calls(sid).fetch()).toMatchObject({ answeredBy: 'machine_end_beep' });
  });
});

test('calls beyond one a second wait in the account’s queue', async () => {
  const calls = [await place(), await place(), await place()];
  expect(calls.map(({ queueTime }) => queueTime)).toEqual(['0', '1000', '2000']);
  await stage.clock.advance(60_000);
  const started = stage.simulator.voiceLedger().calls.map(({ startedAt }) => startedAt! - startAt);
  expect(started).toEqual([0, 1000, 2000]);
});

test('more calls a second are dialed where the account may', async () => {
  const fast = await setStage((url) => ({ accounts: [{ ...accountAt(url), callsPerSecond: 10 }] }));
  const create = () =>
    fast.client.calls.create({ to: phone, from: ourNumber, url: `${fast.receiver.url}/hello` });
  expect([(await create()).queueTime, (await create()).queueTime]).toEqual(['0', '100']);
});

test.each([
  [{ to: '' }, 21201],
  [{ to: 'nobody' }, 21211],
  [{ to: ourNumber }, 21211],
  [{ to: '+15005550001' }, 21217],
  [{ to: '+15005550002' }, 21214],
  [{ to: '+15005550003' }, 21215],
  [{ to: '+15005550004' }, 21216],
  [{ from: '+15550108888' }, 21210],
  [{ from: '+15005550001' }, 21212],
  [{ url: undefined }, 21205],
  [{ url: 'ftp://example.com' }, 21205],
  [{ twiml: `<Response>${'x'.repeat(4000)}</Response>`, url: undefined }, 32018],
  [{ timeout: 601 }, 20001],
  [{ sendDigits: 'hello' }, 20001],
  [{ machineDetection: 'Perhaps' }, 21263],
  [{ statusCallbackEvent: ['failed'] }, 20001],
])('%j is refused with %i', async (options, code) => {
  expect(await refusal(place(options))).toMatchObject({ status: 400, code });
  expect(stage.simulator.voiceLedger().creates).toEqual([
    expect.objectContaining({ errorCode: code, answered: { status: 400 } }),
  ]);
});

test('lists by recipient, status and day, newest first', async () => {
  const first = await place();
  const second = await place({ to: '+15550104486' });
  await stage.clock.advance(60_000);
  const sids = async (filter: object) => (await stage.client.calls.list(filter)).map(({ sid }) => sid);
  expect(await sids({})).toEqual([second.sid, first.sid]);
  expect(await sids({ to: phone })).toEqual([first.sid]);
  expect(await sids({ status: 'busy' })).toEqual([second.sid]);
  expect(await sids({ startTimeAfter: new Date(startAt + 86_400_000) })).toEqual([]);
  await stage.client.calls(first.sid).remove();
  expect(await sids({})).toEqual([second.sid]);
});

describe('faults', () => {
  test('of creates are those of messages: accepted, and the client does not know it', async () => {
    stage.simulator.setFaults({ nextCreates: ['createFails5xxAfterAccept'] });
    expect(await refusal(place())).toMatchObject({ status: 500 });
    await stage.clock.advance(60_000);
    const { calls, creates } = stage.simulator.voiceLedger();
    expect(calls).toEqual([expect.objectContaining({ status: 'completed', knownToClient: false })]);
    expect(creates[0]).toMatchObject({ fault: 'createFails5xxAfterAccept', callSid: calls[0]?.sid });
  });

  test('callbacks are lost, repeated and reordered', async () => {
    stage.simulator.setFaults({ callbackReorder: 1 });
    await place();
    await stage.clock.advance(60_000);
    expect(callbacks().map(([, sequence]) => sequence)).toEqual(['3', '2', '1', '0']);
    stage.receiver.received.length = 0;
    stage.simulator.setFaults({ callbackLost: 1 });
    await place();
    await stage.clock.advance(60_000);
    expect(callbacks()).toEqual([]);
    stage.simulator.setFaults({ callbackDuplicate: 1 });
    await place();
    await stage.clock.advance(60_000);
    expect(callbacks()).toHaveLength(8);
  });
});
