import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/twilio/manual-clock.ts';
import { startSimulator } from '../../../local/twilio/start-simulator.ts';
import {
  accountAt,
  accountSid,
  clientFor,
  closeLater,
  closeStages,
  ourNumber,
  phone,
  type Stage,
  setStage,
  startAt,
} from './support/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(closeStages);

const call = async (method: string, path: string, body?: unknown) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${stage.simulator.url}${path}`, {
    method,
    ...(body === undefined ? {} : { body: text }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
};
const phonePath = `/simulator/phones/${encodeURIComponent(phone)}/messages`;

describe('phones', () => {
  test('a handset sends over HTTP and shows both directions', async () => {
    const sent = await call('POST', phonePath, { to: ourNumber, body: 'Hi' });
    expect(sent).toMatchObject({ status: 201, body: { accountSid, from: phone, to: ourNumber } });
    await stage.client.messages.create({ to: phone, from: ourNumber, body: 'Hello' });
    await stage.clock.advance(1000);
    expect(stage.receiver.received[0]?.params.MessageSid).toBe(sent.body.messageSid);
    const shown = await call('GET', phonePath);
    expect(shown.body).toMatchObject({
      address: phone,
      messages: [
        { direction: 'sent', peer: ourNumber, body: 'Hi' },
        { direction: 'received', peer: ourNumber, body: 'Hello' },
      ],
    });
  });

  test('an address may keep its plus sign in the path', async () => {
    expect((await call('POST', `/simulator/phones/${phone}/messages`, { to: ourNumber })).status).toBe(201);
  });

  test.each([
    ['what is not JSON', phonePath, '{', 400],
    ['no recipient', phonePath, {}, 400],
    ['an unknown field', phonePath, { to: ourNumber, text: 'Hi' }, 400],
    [
      'media that is not base64',
      phonePath,
      { to: ourNumber, media: [{ contentType: 'a/b', base64: '?' }] },
      400,
    ],
    ['a phone that is no number', '/simulator/phones/bob/messages', { to: ourNumber }, 400],
    ['a recipient that nobody has', phonePath, { to: '+15550109999' }, 404],
  ])('%s is a problem', async (_, path, body, expected) => {
    const { status, body: problem } = await call('POST', path, body);
    expect(status).toBe(expected);
    expect(problem).toMatchObject({ status: expected, title: expect.any(String) });
  });
});

describe('faults, health, ledger and debugger', () => {
  test('faults are put whole and read back', async () => {
    await call('PUT', '/simulator/faults', { callbackLost: 0.5 });
    const put = await call('PUT', '/simulator/faults', { seed: 3, callbackDuplicate: 0.5 });
    expect(put).toMatchObject({ status: 200, body: { callbackDuplicate: 0.5, callbackLost: 0 } });
    expect((await call('GET', '/simulator/faults')).body).toEqual(put.body);
  });

  test.each([
    ['an unknown key', { callbackLoss: 1 }],
    ['a rate above 1', { callbackLost: 2 }],
    ['no object', '[]'],
    ['no JSON', 'nothing'],
  ])('%s is a problem and changes nothing', async (_, body) => {
    const { status, body: problem } = await call('PUT', '/simulator/faults', body);
    expect([status, problem.status]).toEqual([400, 400]);
    expect((await call('GET', '/simulator/faults')).body.callbackLost).toBe(0);
  });

  test('health names the accounts and their numbers', async () => {
    expect((await call('GET', '/simulator/health')).body).toMatchObject({
      status: 'ok',
      accounts: [{ accountSid, numbers: expect.arrayContaining([ourNumber]) }],
    });
  });

  test('the ledger over HTTP is that of the handle, whole or of one message', async () => {
    const { sid } = await stage.client.messages.create({ to: phone, from: ourNumber, body: 'Hello' });
    await stage.client.messages.create({ to: phone, from: ourNumber, body: 'Other' });
    const whole = JSON.parse(JSON.stringify(stage.simulator.ledger()));
    expect((await call('GET', '/simulator/ledger')).body).toEqual(whole);
    const one = await call('GET', `/simulator/ledger?messageSid=${sid}`);
    expect(one.body.messages).toMatchObject([{ sid, body: 'Hello', knownToClient: true }]);
    expect(one.body.creates).toHaveLength(1);
  });

  test('errors of webhooks are in the debugger', async () => {
    await stage.client.messages.create({
      to: phone,
      from: ourNumber,
      body: 'Hello',
      statusCallback: 'http://127.0.0.1:1/',
    });
    await stage.clock.advance(100);
    expect((await call('GET', '/simulator/debugger')).body.alerts).toMatchObject([
      { errorCode: 11205, level: 'ERROR' },
    ]);
  });

  test.each([
    ['GET', '/nowhere', 404, 20404],
    ['PUT', '/2010-04-01/Accounts/AC1/Messages.json', 405, 20004],
    ['GET', '/simulator/phones/%E0%A4%A/messages', 404, 20404],
  ])('%s %s answers %d', async (method, path, status, code) => {
    expect(await call(method, path)).toMatchObject({ status, body: { code } });
  });
});

describe('settings', () => {
  const start = (settings: Record<string, unknown>) =>
    startSimulator({ accounts: [accountAt('http://127.0.0.1:1')], ...settings });

  test.each([
    ['no account', { accounts: [] }],
    ['a malformed account SID', { accounts: [{ accountSid: 'AC1', authToken: 'x' }] }],
    ['an unknown option', { prot: 1 }],
    [
      'a number in an unknown service',
      {
        accounts: [
          {
            accountSid,
            authToken: 'x',
            numbers: [{ phoneNumber: ourNumber, messagingServiceSid: `MG${'0'.repeat(32)}` }],
          },
        ],
      },
    ],
  ])('%s stops the start', async (_, settings) => {
    await expect(start(settings)).rejects.toThrow();
  });

  test('a port that is taken stops the start', async () => {
    const port = Number(new URL(stage.simulator.url).port);
    await expect(start({ port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('a state file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  });
  afterEach(async () => {
    await closeStages();
    await rm(folder, { recursive: true });
  });

  const restart = async (now: number, stateFile = join(folder, 'deep', 'state.json')) => {
    const clock = createManualClock(now);
    const simulator = await startSimulator({ clock, stateFile, accounts: [accountAt(stage.receiver.url)] });
    closeLater({ close: () => simulator.stop() });
    return { clock, simulator, client: clientFor(simulator.url) };
  };

  test('keeps messages, lists, numbers and what is still to come', async () => {
    const before = await restart(startAt);
    const { sid } = await before.client.messages.create({
      to: phone,
      from: ourNumber,
      body: 'Hello',
      statusCallback: stage.statusUrl,
    });
    before.simulator.sendFromPhone({ from: '+15550107778', to: ourNumber, body: 'STOP' });
    await before.client.incomingPhoneNumbers.create({ phoneNumber: '+15550100009' });
    await before.clock.advance(200);
    await before.simulator.stop();
    expect(stage.receiver.statuses()).toContain('sent');
    expect(stage.receiver.statuses()).not.toContain('delivered');

    const after = await restart(startAt + 60_000);
    expect((await after.client.messages(sid).fetch()).status).toBe('sent');
    await after.clock.advance(0);
    expect((await after.client.messages(sid).fetch()).status).toBe('delivered');
    expect(stage.receiver.statuses()).toContain('delivered');
    expect(after.simulator.ledger().optOuts).toHaveLength(1);
    const numbers = await after.client.incomingPhoneNumbers.list();
    expect(numbers.map(({ phoneNumber }) => phoneNumber)).toContain('+15550100009');
    const next = await after.client.messages.create({ to: phone, from: ourNumber, body: 'Again' });
    expect(next.sid).not.toBe(sid);
    await after.simulator.stop();
  });

  test('keeps what was set by API until the configuration itself changes', async () => {
    const smsUrlAfter = async (webhooks: string) => {
      const stateFile = join(folder, 'state.json');
      const simulator = await startSimulator({ stateFile, accounts: [accountAt(webhooks)] });
      closeLater({ close: () => simulator.stop() });
      const { incomingPhoneNumbers } = clientFor(simulator.url);
      const [number] = await incomingPhoneNumbers.list({ phoneNumber: ourNumber });
      await incomingPhoneNumbers(number!.sid).update({ smsUrl: 'https://example.com/set-by-api' });
      await simulator.stop();
      return number?.smsUrl;
    };
    expect(await smsUrlAfter('http://127.0.0.1:1')).toBe('http://127.0.0.1:1/inbound');
    expect(await smsUrlAfter('http://127.0.0.1:1')).toBe('https://example.com/set-by-api');
    expect(await smsUrlAfter('http://127.0.0.1:2')).toBe('http://127.0.0.1:2/inbound');
  });

  test('is on disk before a create is answered', async () => {
    const { client, simulator } = await restart(startAt);
    const { sid } = await client.messages.create({ to: phone, from: ourNumber, body: 'Hello' });
    const text = await readFile(join(folder, 'deep', 'state.json'), 'utf8');
    expect(Object.keys(JSON.parse(text).messages)).toEqual([sid]);
    await simulator.stop();
  });

  test.each([
    ['not JSON', '{'],
    ['another version', '{"version":2,"jobs":{}}'],
    ['another file', '{"name":"x"}'],
  ])('that is %s stops the start', async (_, text) => {
    const path = join(folder, 'wrong.json');
    await writeFile(path, text);
    await expect(restart(startAt, path)).rejects.toThrow();
  });
});
