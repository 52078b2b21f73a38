import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { closeStages, ourNumber, phone, type Stage, setStage, startAt } from '../support/stage.ts';
import { application, type Page } from '../support/support-line.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(closeStages);

const serve = (pages: Record<string, Page>) => stage.receiver.answerWith(application(pages));
const call = (script?: object[]) =>
  stage.simulator.callFromPhone({ from: phone, to: ourNumber, ...(script ? { script } : {}) });
const truth = (sid: string) => stage.simulator.voiceLedger(sid).calls[0]!;
const heard = (sid: string) =>
  truth(sid).transcript.flatMap((entry) => (entry.kind === 'heard' ? [entry.text] : []));
const at = (path: string) =>
  stage.receiver.received.filter((webhook) => webhook.path === path).map(({ params }) => params);
const child = (sid: string) =>
  stage.simulator.voiceLedger().calls.find(({ parentCallSid }) => parentCallSid === sid)!;
const agent = '+15550106001';

describe('Dial', () => {
  const dialing = (attributes: string, nouns: string, more = '') =>
    serve({
      '/voice': `<Dial ${attributes}>${nouns}</Dial>${more}`,
      '/after': '<Say>Afterwards.</Say>',
      '/whisper': '<Gather numDigits="1" action="/accept"><Say>Press 1 to take it.</Say></Gather><Hangup/>',
      '/accept': '<Say>Thank you.</Say>',
    });

  test('connects, and tells the action how it went when the other side hangs up', async () => {
    dialing('action="/after"', agent);
    stage.simulator.setBehaviour(agent, { hangsUpAfterMs: 30_000 });
    const sid = call();
    await stage.clock.advance(120_000);
    expect(at('/after')).toEqual([
      expect.objectContaining({
        DialCallStatus: 'completed',
        DialCallDuration: '30',
        DialBridged: 'true',
        DialCallSid: child(sid).sid,
        CallStatus: 'in-progress',
      }),
    ]);
    expect(heard(sid)).toEqual(['ringing', agent, 'Afterwards.']);
    expect(child(sid)).toMatchObject({ direction: 'outbound-dial', from: phone, status: 'completed' });
  });

  test.each([
    ['+15550104486', 'busy'],
    ['+15550104487', 'no-answer'],
    ['+15550104404', 'failed'],
    ['not a number', 'failed'],
  ])('of %s tells %s, and the caller is still there', async (to, status) => {
    dialing('action="/after" timeout="10"', `<Number>${to}</Number>`);
    const sid = call();
    await stage.clock.advance(120_000);
    expect(at('/after')).toEqual([expect.objectContaining({ DialCallStatus: status, DialBridged: 'false' })]);
    expect(heard(sid)).toContain('Afterwards.');
  });

  test('rings five seconds longer than its timeout', async () => {
    dialing('timeout="10"', '<Number>+15550104487</Number>');
    const sid = call();
    await stage.clock.advance(120_000);
    expect(child(sid).endedAt! - child(sid).startedAt!).toBe(15_500);
  });

  test('without an action goes on with the next verb', async () => {
    dialing('', '<Number>+15550104486</Number>', '<Say>Nobody is there.</Say>');
    const sid = call();
    await stage.clock.advance(120_000);
    expect(heard(sid)).toEqual(['ringing', 'Nobody is there.']);
  });

  test('rings all at once, and stops the others when one answers', async () => {
    stage.simulator.setBehaviour('client:anna', { ringMs: 1000, hangsUpAfterMs: 5000 });
    dialing('action="/after"', '<Number>+15550106002</Number><Client>anna</Client>');
    const sid = call();
    await stage.clock.advance(120_000);
    const legs = stage.simulator.voiceLedger().calls.filter(({ parentCallSid }) => parentCallSid === sid);
    expect(legs.map(({ to, status }) => [to, status])).toEqual([
      ['+15550106002', 'canceled'],
      ['client:anna', 'completed'],
    ]);
  });

  test('in sequence rings one after another', async () => {
    stage.simulator.setBehaviour('+15550106003', { hangsUpAfterMs: 1000 });
    dialing('sequential="true"', '<Number>+15550104486</Number><Number>+15550106003</Number>');
    const sid = call();
    await stage.clock.advance(120_000);
    const legs = stage.simulator.voiceLedger().calls.filter(({ parentCallSid }) => parentCallSid === sid);
    expect(legs.map(({ status }) => status)).toEqual(['busy', 'completed']);
  });

  test('whispers to whoever answers, who may refuse', async () => {
    dialing('action="/after"', `<Number url="/whisper">${agent}</Number>`);
    stage.simulator.setBehaviour(agent, {
      script: [{ keys: '1' }, { on: 'bridge', hangUp: true, afterMs: 9000 }],
    });
    const accepted = call();
    await stage.clock.advance(120_000);
    expect(at('/after')[0]).toMatchObject({ DialCallStatus: 'completed', DialCallDuration: '9' });
    expect(heard(child(accepted).sid)).toContain('Thank you.');
    stage.simulator.setBehaviour(agent, {});
    call();
    await stage.clock.advance(120_000);
    expect(at('/after')[1]).toMatchObject({ DialCallStatus: 'no-answer', DialBridged: 'false' });
  });

  test('tells the noun of its own leg, with its own sequence', async () => {
    stage.simulator.setBehaviour(agent, { hangsUpAfterMs: 2000 });
    dialing(
      '',
      `<Number statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">${agent}</Number>`,
    );
    const sid = call();
    await stage.clock.advance(120_000);
    expect(at('/leg').map(({ CallStatus, SequenceNumber }) => [CallStatus, SequenceNumber])).toEqual([
      ['initiated', '0'],
      ['ringing', '1'],
      ['in-progress', '2'],
      ['completed', '3'],
    ]);
    expect(at('/leg')[0]).toMatchObject({ ParentCallSid: sid, Direction: 'outbound-dial' });
  });

  test('ends the other leg when the caller hangs up', async () => {
    dialing('', agent);
    const sid = call([{ on: 'bridge', hangUp: true, afterMs: 4000 }]);
    await stage.clock.advance(120_000);
    expect(truth(sid).end).toBe('hung-up-by-phone');
    expect(child(sid).end).toBe('peer-hung-up');
  });

  test('is over after its time limit', async () => {
    dialing('timeLimit="20" action="/after"', agent);
    call();
    await stage.clock.advance(120_000);
    expect(at('/after')[0]).toMatchObject({ DialCallStatus: 'completed', DialCallDuration: '20' });
  });

  test('with answerOnBridge rings on until somebody answers', async () => {
    dialing('answerOnBridge="true"', agent);
    const sid = call();
    await stage.clock.advance(1000);
    expect(truth(sid).status).toBe('ringing');
    await stage.clock.advance(10_000);
    expect(truth(sid).status).toBe('in-progress');
  });

  test('records both sides, and calls back when the sound is there', async () => {
    stage.simulator.setBehaviour(agent, { hangsUpAfterMs: 12_000 });
    dialing(
      'record="record-from-answer-dual" recordingStatusCallback="/recorded" recordingStatusCallbackEvent="in-progress completed" action="/after"',
      agent,
    );
    const sid = call();
    await stage.clock.advance(120_000);
    expect(at('/recorded').map(({ RecordingStatus }) => RecordingStatus)).toEqual([
      'in-progress',
      'completed',
    ]);
    expect(at('/recorded')[1]).toMatchObject({
      CallSid: sid,
      RecordingSource: 'DialVerb',
      RecordingChannels: '2',
      RecordingDuration: '12',
      RecordingTrack: 'both',
      ErrorCode: '0',
    });
    expect(at('/after')[0]?.RecordingUrl).toBe(at('/recorded')[1]?.RecordingUrl);
  });

  test('cannot stand in a whisper', async () => {
    serve({ '/voice': `<Dial><Number url="/bad">${agent}</Number></Dial>`, '/bad': `<Dial>${phone}</Dial>` });
    call();
    await stage.clock.advance(60_000);
    expect(stage.simulator.debugger().map(({ errorCode }) => errorCode)).toContain(13201);
  });
});

describe('Record', () => {
  const voicemail = (attributes = '') =>
    serve({
      '/voice': `<Say>Speak.</Say><Record action="/recorded" recordingStatusCallback="/sound" ${attributes}/><Say>Nothing was recorded.</Say>`,
      '/recorded': '<Say>Thank you.</Say>',
    });
  const message = 'x'.repeat(150); // ten seconds

  test('ends with silence and tells the action what there is', async () => {
    voicemail('timeout="3"');
    const sid = call([{ on: 'record', speech: message, afterMs: 1000 }]);
    await stage.clock.advance(60_000);
    expect(at('/recorded')).toEqual([
      expect.objectContaining({
        RecordingDuration: '11',
        Digits: '',
        RecordingUrl: expect.stringContaining('/Recordings/RE'),
      }),
    ]);
    expect(at('/sound')).toEqual([
      expect.objectContaining({ RecordingStatus: 'completed', RecordingSource: 'RecordVerb' }),
    ]);
    expect(heard(sid)).toEqual(['Speak.', 'beep', 'Thank you.']);
  });

  test('ends with any key, which is told', async () => {
    voicemail();
    const sid = call([{ on: 'record', speech: message, afterMs: 500 }]);
    await stage.clock.advance(4000);
    stage.simulator.press(sid, '*');
    await stage.clock.advance(0);
    expect(at('/recorded')[0]).toMatchObject({ Digits: '*', RecordingDuration: '4' });
  });

  test('ends at its longest length', async () => {
    voicemail('maxLength="5"');
    call([{ on: 'record', speech: message, afterMs: 0 }]);
    await stage.clock.advance(60_000);
    expect(at('/recorded')[0]).toMatchObject({ RecordingDuration: '5' });
  });

  test('of nothing is absent, and the next verb is executed', async () => {
    voicemail('recordingStatusCallbackEvent="completed absent"');
    const sid = call();
    await stage.clock.advance(60_000);
    expect(at('/recorded')).toEqual([]);
    expect(at('/sound')).toEqual([
      expect.objectContaining({ RecordingStatus: 'absent', ErrorCode: '16101', RecordingDuration: '0' }),
    ]);
    expect(heard(sid).at(-1)).toBe('Nothing was recorded.');
  });

  test('tells the action of a caller who hung up, with a call that is completed', async () => {
    voicemail();
    const sid = call([{ on: 'record', speech: message, afterMs: 0 }]);
    await stage.clock.advance(5000);
    stage.simulator.hangUp(sid);
    await stage.clock.advance(10_000);
    expect(at('/recorded')).toEqual([expect.objectContaining({ Digits: 'hangup', CallStatus: 'completed' })]);
    expect(truth(sid).end).toBe('hung-up-by-phone');
  });

  test('can be listed, heard, and deleted by the library', async () => {
    voicemail();
    const sid = call([{ on: 'record', speech: message, afterMs: 0 }]);
    await stage.clock.advance(60_000);
    const [recording] = await stage.client.recordings.list({ callSid: sid });
    expect(recording).toMatchObject({ status: 'completed', duration: '10', source: 'RecordVerb' });
    const sound = await fetch(at('/recorded')[0]!.RecordingUrl!, {
      headers: { authorization: `Basic ${btoa(`${recording!.accountSid}:primary-token`)}` },
    });
    expect(sound.headers.get('content-type')).toBe('audio/x-wav');
    expect((await sound.arrayBuffer()).byteLength).toBe(44 + 10 * 16_000);
    await stage.client.recordings(recording!.sid).remove();
    expect(await stage.client.recordings.list({ callSid: sid })).toEqual([]);
    const [deleted] = await stage.client.recordings.list({ callSid: sid, includeSoftDeleted: true });
    expect(deleted?.sid).toBe(recording!.sid);
  });
});

test('a recording started by API pauses, goes on and leaves out what was skipped', async () => {
  serve({ '/voice': '<Pause length="60"/><Say>x</Say><Pause length="600"/>' });
  const sid = call();
  await stage.clock.advance(61_000);
  const recordings = stage.client.calls(sid).recordings;
  const { sid: recordingSid } = await recordings.create({ recordingChannels: 'dual' });
  await stage.clock.advance(10_000);
  await recordings('Twilio.CURRENT').update({ status: 'paused', pauseBehavior: 'skip' });
  await stage.clock.advance(30_000);
  await recordings('Twilio.CURRENT').update({ status: 'in-progress' });
  await stage.clock.advance(5000);
  await recordings(recordingSid).update({ status: 'stopped' });
  await stage.clock.advance(2000);
  expect(await stage.client.recordings(recordingSid).fetch()).toMatchObject({
    status: 'completed',
    duration: '15',
    channels: 2,
    source: 'StartCallRecordingAPI',
  });
});

describe('Enqueue', () => {
  const queue = (attributes = '') =>
    serve({
      '/voice': `<Enqueue action="/left" waitUrl="/wait" ${attributes}>support</Enqueue><Say>Next verb.</Say>`,
      '/wait': '<Say>Please wait.</Say><Pause length="9"/>',
      '/left': '<Say>Goodbye.</Say>',
    });

  test('asks the wait document again and again, with position and time', async () => {
    queue();
    call();
    await stage.clock.advance(500);
    call();
    await stage.clock.advance(25_000);
    const told = at('/wait').map((params) => [
      params.QueuePosition,
      params.QueueTime,
      params.CurrentQueueSize,
    ]);
    expect(told).toEqual([
      ['1', '0', '1'],
      ['2', '0', '2'],
      ['1', '9', '2'],
      ['2', '9', '2'],
      ['1', '19', '2'],
      ['2', '19', '2'],
    ]);
  });

  test('is left by <Leave>, and the action hears how long it was', async () => {
    queue();
    stage.receiver.answerWith(
      application({
        '/voice': '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>',
        '/wait': '<Pause length="7"/><Leave/>',
        '/left': '<Say>Goodbye.</Say>',
      }),
    );
    const sid = call();
    await stage.clock.advance(60_000);
    expect(at('/left')).toEqual([
      expect.objectContaining({ QueueResult: 'leave', QueueTime: '7', CallStatus: 'in-progress' }),
    ]);
    expect(heard(sid)).toEqual(['Goodbye.']);
  });

  test('is over when the caller hangs up', async () => {
    queue();
    const sid = call([{ on: 'queue', hangUp: true, afterMs: 30_000 }]);
    await stage.clock.advance(60_000);
    expect(at('/left')).toEqual([expect.objectContaining({ QueueResult: 'hangup', QueueTime: '30' })]);
    expect(truth(sid).end).toBe('hung-up-by-phone');
    expect((await stage.client.queues.list())[0]).toMatchObject({ currentSize: 0, averageWaitTime: 30 });
  });

  test('of a full queue goes on at once', async () => {
    queue('maxQueueSize="1"');
    call();
    call();
    await stage.clock.advance(1000);
    expect(at('/left')).toEqual([expect.objectContaining({ QueueResult: 'queue-full' })]);
    expect(at('/left')[0]).not.toHaveProperty('QueueSid');
  });

  test('connects with whoever dials the queue, first in first out, after a whisper', async () => {
    stage.receiver.answerWith(
      application({
        '/voice': '<Enqueue action="/left">support</Enqueue>',
        '/left': '<Say>Goodbye.</Say>',
        '/agent': '<Dial action="/agent-done"><Queue url="/connecting">support</Queue></Dial>',
        '/agent-done': '<Hangup/>',
        '/connecting': '<Say>You are connected.</Say>',
      }),
    );
    const first = call();
    await stage.clock.advance(10_000);
    call();
    await stage.clock.advance(10_000);
    stage.simulator.setBehaviour(agent, { script: [{ on: 'bridge', hangUp: true, afterMs: 45_000 }] });
    const made = await stage.client.calls.create({
      to: agent,
      from: ourNumber,
      url: `${stage.receiver.url}/agent`,
    });
    await stage.clock.advance(120_000);
    expect(heard(first)).toEqual(["Twilio's hold music", 'You are connected.', agent, 'Goodbye.']);
    expect(at('/connecting')[0]).toMatchObject({
      DequeingCallSid: made.sid,
      CallSid: first,
      QueueTime: '22',
    });
    expect(at('/left')).toEqual([
      expect.objectContaining({ QueueResult: 'bridged', CallSid: first, QueueTime: '22' }),
    ]);
    expect((await stage.client.queues.list())[0]?.currentSize).toBe(1);
  });

  test('members are listed and sent elsewhere by API', async () => {
    queue();
    const sid = call();
    await stage.clock.advance(5000);
    const [listed] = await stage.client.queues.list();
    const members = stage.client.queues(listed!.sid).members;
    expect(await members.list()).toEqual([
      expect.objectContaining({ callSid: sid, position: 1, waitTime: 5 }),
    ]);
    await members('Front').update({ url: `${stage.receiver.url}/left` });
    await stage.clock.advance(5000);
    expect(heard(sid).at(-1)).toBe('Goodbye.');
    expect(await members.list()).toEqual([]);
  });
});

test('times are those of the clock, not of the machine', () => {
  serve({ '/voice': '<Pause length="3600"/><Say>An hour later.</Say>' });
  const sid = call();
  return stage.clock.advance(4_000_000).then(() => {
    const said = truth(sid).transcript.find((entry) => entry.kind === 'heard');
    expect(said?.at).toBe(startAt + 3_600_000);
  });
});
