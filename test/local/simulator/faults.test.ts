import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FaultsInput } from '../../../local/twilio/domain/faults.ts';
import {
  accountSid,
  authToken,
  closeStages,
  ourNumber,
  phone,
  refusal,
  type Stage,
  setStage,
} from './support/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(closeStages);

const create = () =>
  stage.client.messages.create({ to: phone, from: ourNumber, body: 'x', statusCallback: stage.statusUrl });

/** A create as a bare request, so that broken answers can be seen as they are. */
const rawCreate = (signal: AbortSignal | null = null) =>
  fetch(`${stage.simulator.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    signal,
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams({ To: phone, From: ourNumber, Body: 'x', StatusCallback: stage.statusUrl }),
  });

const truth = () => {
  const { creates, messages } = stage.simulator.ledger();
  return {
    faults: creates.map(({ fault }) => fault),
    answered: creates.map(({ answered }) => answered),
    accepted: messages.length,
    known: messages.filter(({ knownToClient }) => knownToClient).length,
  };
};

describe('faults of a create', () => {
  test.each([
    ['createFails429', 429, 20429, 0],
    ['createFails5xxBefore', 503, 20503, 0],
    ['createFails5xxAfterAccept', 500, 20500, 1],
  ] as const)('%s', async (fault, httpStatus, code, accepted) => {
    stage.simulator.setFaults({ [fault]: 1 });
    expect(await refusal(create())).toMatchObject({ status: httpStatus, code });
    expect(truth()).toEqual({ faults: [fault], answered: [{ status: httpStatus }], accepted, known: 0 });
    await stage.clock.advance(1000);
    expect(stage.simulator.handset(phone)).toHaveLength(accepted);
  });

  test('responseReset: accepted, delivered and called back, but the connection breaks', async () => {
    stage.simulator.setFaults({ responseReset: 1 });
    await expect(rawCreate()).rejects.toThrow();
    expect(truth()).toEqual({ faults: ['responseReset'], answered: ['reset'], accepted: 1, known: 0 });
    await stage.clock.advance(1000);
    expect(stage.receiver.statuses()).toEqual(['sent', 'delivered']);
  });

  test('rubbish2xx: accepted, but the 201 is not JSON', async () => {
    stage.simulator.setFaults({ rubbish2xx: 1 });
    const response = await rawCreate();
    expect(response.status).toBe(201);
    await expect(response.json()).rejects.toThrow();
    expect(truth()).toMatchObject({ accepted: 1, known: 0 });
  });

  test.each([
    ['createTimesOutBefore', 0],
    ['createTimesOutAfterAccept', 1],
  ] as const)('%s: no answer until the socket is closed', async (fault, accepted) => {
    stage.simulator.setFaults({ [fault]: 1 });
    const pending = rawCreate().then(
      () => 'answered',
      () => 'broken',
    );
    while (truth().answered[0] !== 'hung') await new Promise((resolve) => setImmediate(resolve));
    expect(truth()).toMatchObject({ faults: [fault], accepted, known: 0 });
    await stage.clock.advance(59_000);
    expect(await Promise.race([pending, Promise.resolve('waiting')])).toBe('waiting');
    await stage.clock.advance(2000);
    expect(await pending).toBe('broken');
  });

  test('createDelayMs: a client that hung up before the answer does not know the message that exists', async () => {
    stage.simulator.setFaults({ createDelayMs: { min: 1000, max: 1000 } });
    const client = new AbortController();
    const pending = rawCreate(client.signal).catch(() => 'gave up');
    while (truth().answered.length === 0) await new Promise((resolve) => setImmediate(resolve));
    client.abort();
    expect(await pending).toBe('gave up');
    await fetch(`${stage.simulator.url}/simulator/health`);
    await stage.clock.advance(1000);
    await fetch(`${stage.simulator.url}/simulator/health`);
    expect(truth()).toMatchObject({ answered: ['unheard'], accepted: 1, known: 0 });
  });

  test('nextCreates names the fault of each create to come, then rates rule again', async () => {
    stage.simulator.setFaults({ nextCreates: ['createFails429', 'none', 'createFails5xxAfterAccept'] });
    expect((await refusal(create())).code).toBe(20429);
    expect((await create()).status).toBe('queued');
    expect((await refusal(create())).code).toBe(20500);
    expect((await create()).status).toBe('queued');
  });

  test('more creates at once than allowed are refused with 20429 and stay in the ledger', async () => {
    const busy = await setStage(() => ({
      maxConcurrentCreates: 1,
      faults: { createDelayMs: { min: 1000, max: 1000 } },
    }));
    const send = () => busy.client.messages.create({ to: phone, from: ourNumber, body: 'x' });
    const first = send();
    while (busy.simulator.ledger().creates.length < 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await refusal(send())).toMatchObject({ code: 20429, status: 429 });
    await busy.clock.advance(1000);
    expect((await first).status).toBe('queued');
    expect(busy.simulator.ledger().creates.map(({ answered }) => answered)).toEqual([
      { status: 201 },
      { status: 429 },
    ]);
  });
});

describe('faults of callbacks', () => {
  const statusesWith = async (faults: FaultsInput) => {
    stage.simulator.setFaults(faults);
    const { sid } = await create();
    await stage.clock.advance(120_000);
    expect((await stage.client.messages(sid).fetch()).status).toBe('delivered');
    return stage.receiver.statuses();
  };

  test('callbackDuplicate repeats each', async () => {
    const statuses = await statusesWith({ callbackDuplicate: 1 });
    expect([...statuses].sort()).toEqual(['delivered', 'delivered', 'sent', 'sent']);
  });

  test('callbackReorder puts the last first', async () => {
    expect(await statusesWith({ callbackReorder: 1 })).toEqual(['delivered', 'sent']);
  });

  test('callbackLost sends none, and the ledger says so', async () => {
    expect(await statusesWith({ callbackLost: 1 })).toEqual([]);
    expect(stage.simulator.ledger().callbacks.map(({ lost, attempts }) => [lost, attempts])).toEqual([
      [true, []],
      [true, []],
    ]);
  });

  test('callbackDelayMs makes them late', async () => {
    stage.simulator.setFaults({ callbackDelayMs: { min: 60_000, max: 60_000 } });
    await create();
    await stage.clock.advance(60_000);
    expect(stage.receiver.statuses()).toEqual([]);
    await stage.clock.advance(1000);
    expect(stage.receiver.statuses()).toEqual(['sent', 'delivered']);
  });

  test('callbackBeforeResponse: the webhook knows the message before the client does, and once only', async () => {
    stage.simulator.setFaults({ callbackBeforeResponse: 1 });
    const created = await create();
    expect(stage.receiver.received.map(({ params }) => [params.MessageSid, params.MessageStatus])).toEqual([
      [created.sid, 'sent'],
    ]);
    expect(created.status).toBe('queued');
    await stage.clock.advance(1000);
    expect(stage.receiver.statuses()).toEqual(['sent', 'delivered']);
  });
});

describe('faults of inbound messages, lists and carriers', () => {
  const text = () => stage.simulator.sendFromPhone({ from: phone, to: ourNumber, body: 'Hi' });

  test('inboundLost: no webhook, but the list has the message', async () => {
    stage.simulator.setFaults({ inboundLost: 1 });
    const sid = text();
    await stage.clock.advance(60_000);
    expect(stage.receiver.received).toEqual([]);
    expect((await stage.client.messages.list()).map((message) => message.sid)).toEqual([sid]);
    expect(stage.simulator.ledger(sid!).inbound).toMatchObject([{ lost: true, attempts: [] }]);
  });

  test('inboundDuplicate: the same webhook twice, with the same signature', async () => {
    stage.simulator.setFaults({ inboundDuplicate: 1 });
    text();
    await stage.clock.advance(1000);
    const signatures = stage.receiver.received.map(({ headers }) => headers['x-twilio-signature']);
    expect(signatures).toHaveLength(2);
    expect(signatures[0]).toBe(signatures[1]);
  });

  test('inboundDelayMs makes them late', async () => {
    stage.simulator.setFaults({ inboundDelayMs: { min: 5000, max: 5000 } });
    text();
    await stage.clock.advance(4999);
    expect(stage.receiver.received).toHaveLength(0);
    await stage.clock.advance(1);
    expect(stage.receiver.received).toHaveLength(1);
  });

  test('listLagMs: a message can be fetched before it is listed', async () => {
    stage.simulator.setFaults({ listLagMs: 5000 });
    const { sid } = await create();
    expect((await stage.client.messages(sid).fetch()).sid).toBe(sid);
    await stage.clock.advance(4999);
    expect(await stage.client.messages.list()).toEqual([]);
    await stage.clock.advance(1);
    expect(await stage.client.messages.list()).toHaveLength(1);
  });

  test('undelivered and noDeliveryReceipt change what the carrier does', async () => {
    const outcome = async (faults: FaultsInput) => {
      stage.simulator.setFaults(faults);
      const { sid } = await create();
      await stage.clock.advance(1000);
      const { status, errorCode } = await stage.client.messages(sid).fetch();
      return [status, errorCode];
    };
    expect(await outcome({ undelivered: 1 })).toEqual(['undelivered', 30008]);
    expect(await outcome({ noDeliveryReceipt: 1 })).toEqual(['sent', null]);
    expect(await outcome({})).toEqual(['delivered', null]);
  });
});

test('the same fault seed gives the same faults again', async () => {
  const run = async () => {
    stage.simulator.setFaults({ seed: 7, createFails429: 0.5 });
    const answers: boolean[] = [];
    for (let count = 0; count < 12; count += 1) {
      answers.push((await rawCreate()).ok);
    }
    return answers;
  };
  const first = await run();
  expect(await run()).toEqual(first);
  expect(new Set(first).size).toBe(2);
});
