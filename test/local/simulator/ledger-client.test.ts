import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createOptOutBarrier } from '../../../functions/consent/opt-out-barrier.ts';
import { pollInboundMessages } from '../../../functions/ingress/poll-inbound-messages.ts';
import { auditLedger } from '../../../functions/messaging/audit-ledger/audit-ledger.ts';
import type { TwilioLedger } from '../../../functions/shared/ports/twilio-ledger.ts';
import { nodeCrypto } from '../../../functions/shared/runtime/webhooks/node-crypto.ts';
import { createTwilioLedger } from '../../../functions/shared/twilio/ledger-client.ts';
import { CONTACT_KEY } from '../../fakes/consent/consent-of.ts';
import { createInMemoryTableClient } from '../../fakes/in-memory-table-client.ts';
import { RecordingObserver } from '../../fakes/ingress/recording-observer.ts';
import { SeededRandomness } from '../../fakes/messaging/seeded-randomness.ts';
import {
  accountSid,
  authToken,
  closeStages,
  ourNumber,
  phone,
  type Stage,
  serviceSid,
  setStage,
  startAt,
} from './support/stage.ts';

let stage: Stage;
let ledger: TwilioLedger;
beforeEach(async () => {
  stage = await setStage();
  ledger = createTwilioLedger({
    baseUrl: stage.simulator.url,
    secrets: {
      read: async () => ({ accountSid, authTokens: [authToken] }),
      refresh: async () => undefined,
    },
  });
});
afterEach(closeStages);

const send = (parameters: Record<string, unknown> = {}) =>
  stage.client.messages.create({ to: phone, from: ourNumber, body: 'Hello', ...parameters });

const text = (message: object) =>
  fetch(`${stage.simulator.url}/simulator/phones/${encodeURIComponent(phone)}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: ourNumber, ...message }),
  });

describe("the ledger client against the simulator's messages", () => {
  test('lists them newest first, page by page', async () => {
    const sids: string[] = [];
    for (const body of ['one', 'two', 'three']) {
      sids.push((await send({ body })).sid);
      await stage.clock.advance(2000);
    }
    const first = await ledger.listMessages({ accountSid, pageSize: 2 });
    if (first.kind !== 'page' || first.nextPage === undefined) throw new Error('no first page');
    const second = await ledger.listMessages({ accountSid, pageSize: 2, page: first.nextPage });
    expect(first.messages.map(({ messageSid }) => messageSid)).toEqual([sids[2], sids[1]]);
    expect(second).toMatchObject({
      kind: 'page',
      messages: [{ messageSid: sids[0], createdAt: startAt, direction: 'outbound-api', body: 'one' }],
    });
    expect(second).not.toHaveProperty('nextPage');
  });

  test('finds what was sent on a day', async () => {
    await send();
    await stage.clock.advance(2000);
    const on = (dateSent: string) => ledger.listMessages({ accountSid, dateSent, pageSize: 50 });
    expect(await on('2026-11-23')).toMatchObject({ messages: [{ status: 'delivered' }] });
    expect(await on('2026-11-22')).toEqual({ kind: 'page', messages: [] });
  });

  test('fetches one, and knows when there is none', async () => {
    const { sid } = await send();
    expect(await ledger.fetchMessage({ accountSid, messageSid: sid })).toMatchObject({
      kind: 'found',
      message: { messageSid: sid, status: 'queued' },
    });
    const nobody = `SM${'0'.repeat(32)}`;
    expect(await ledger.fetchMessage({ accountSid, messageSid: nobody })).toEqual({ kind: 'absent' });
  });

  test('lists the media of an inbound message as its webhook named them', async () => {
    await text({ body: 'look', media: [{ contentType: 'image/png', base64: 'AAAA' }] });
    await stage.clock.advance(10);
    const inbound = await ledger.listMessages({ accountSid, pageSize: 1 });
    if (inbound.kind !== 'page') throw new Error('no list');
    const [message] = inbound.messages;
    expect(message).toMatchObject({ direction: 'inbound', numMedia: 1, from: phone });
    const listed = await ledger.listMedia({ accountSid, messageSid: message?.messageSid ?? '' });
    const webhook = stage.receiver.received.find(({ path }) => path === '/inbound');
    expect(listed).toMatchObject({
      kind: 'media',
      media: [{ contentType: 'image/png', url: webhook?.params.MediaUrl0 }],
    });
  });

  test('cancels what is still scheduled, and nothing else', async () => {
    const scheduled = await send({
      from: undefined,
      messagingServiceSid: serviceSid,
      scheduleType: 'fixed',
      sendAt: new Date(startAt + 3_600_000),
    });
    const sent = await send();
    expect(await ledger.cancelMessage({ accountSid, messageSid: scheduled.sid })).toMatchObject({
      kind: 'canceled',
      message: { status: 'canceled' },
    });
    expect(await ledger.cancelMessage({ accountSid, messageSid: sent.sid })).toEqual({
      kind: 'too-late',
      errorCode: 30_409,
    });
    expect(await ledger.cancelMessage({ accountSid, messageSid: `SM${'0'.repeat(32)}` })).toEqual({
      kind: 'absent',
    });
  });
});

describe('the repairs against the simulator', () => {
  const portsOf = () => {
    const tables = createInMemoryTableClient();
    return {
      ledger,
      tables,
      inbox: tables,
      crypto: nodeCrypto,
      clock: () => stage.clock.now(),
      random: new SeededRandomness(),
      randomness: new SeededRandomness(),
      barrier: createOptOutBarrier({ keywordScope: 'everything' }, async () => CONTACT_KEY),
      sleep: async () => undefined,
      observer: new RecordingObserver(),
    };
  };
  const command = { owner: 'invocation', remainingMilliseconds: () => 800_000 };

  test('a lost STOP is found by the next poll', async () => {
    const ports = portsOf();
    const settings = { accountSids: [accountSid], retentionDays: 35, pageSize: 2 };
    await pollInboundMessages(command, ports, settings);
    stage.simulator.setFaults({ inboundLost: 1 });
    await text({ body: 'STOP' });
    await stage.clock.advance(300_000);
    expect(await pollInboundMessages(command, ports, settings)).toEqual([
      { accountSid, outcome: 'swept', repaired: 1, unreadable: 0 },
    ]);
    const [claim] = ports.tables.items('inbox').filter(({ pk }) => String(pk).startsWith('MSG#'));
    expect(new URLSearchParams(String(claim?.payload)).get('Body')).toBe('STOP');
  });

  test('a message that we know nothing of is found by the audit of its day', async () => {
    const { sid } = await send();
    await stage.clock.advance(86_400_000);
    const ports = portsOf();
    const settings = { accountSids: [accountSid], pageSize: 1000, segments: 2 };
    expect(await auditLedger(command, ports, settings)).toMatchObject({
      kind: 'audited',
      date: '2026-11-23',
      tally: { twilioMessages: 1, unknownToUs: 1, missingAtTwilio: 0 },
    });
    expect(ports.tables.items('messaging').find(({ sk }) => sk === 'LEDGER')).toMatchObject({
      unknownToUs: [{ accountSid, messageSid: sid }],
    });
  });
});
