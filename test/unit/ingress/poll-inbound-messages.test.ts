import { describe, expect, test } from '@jest/globals';
import { createOptOutBarrier } from '../../../functions/consent/opt-out-barrier.ts';
import { createHandler } from '../../../functions/ingress/poll-inbound-messages/handler.ts';
import { pollInboundMessages } from '../../../functions/ingress/poll-inbound-messages.ts';
import { createHandler as createReceiver } from '../../../functions/ingress/receive-webhook/handler.ts';
import { UnreadableMessagesError } from '../../../functions/ingress/unreadable-messages-error.ts';
import { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import type { TwilioMessage } from '../../../functions/shared/ports/twilio-ledger.ts';
import { nodeCrypto } from '../../../functions/shared/runtime/webhooks/node-crypto.ts';
import { readInboundMessage } from '../../../functions/shared/twilio/inbound-payload.ts';
import { CONTACT_KEY } from '../../fakes/consent/consent-of.ts';
import { FakeLedger, faultsAt } from '../../fakes/fake-ledger.ts';
import { createInMemoryTableClient } from '../../fakes/in-memory-table-client.ts';
import { ACCOUNT, ORIGIN, OTHER_ACCOUNT, TOKEN } from '../../fakes/ingress/hooks-harness.ts';
import { MemorySecrets } from '../../fakes/ingress/memory-secrets.ts';
import { RecordingObserver } from '../../fakes/ingress/recording-observer.ts';
import { encodeForm, type Parameter, signForm } from '../../fakes/ingress/twilio-signer.ts';
import { SeededRandomness } from '../../fakes/messaging/seeded-randomness.ts';

const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);
const sid = (number: number): string => `SM${number.toString(16).padStart(32, '0')}`;

const inbound = (number: number, time: string, changes: Partial<TwilioMessage> = {}): TwilioMessage => ({
  messageSid: sid(number),
  accountSid: ACCOUNT,
  direction: 'inbound',
  from: '+15550100002',
  to: '+15550100001',
  body: `text ${number}`,
  status: 'received',
  numMedia: 0,
  numSegments: 1,
  createdAt: at(time),
  ...changes,
});

/** An account that was polled until 11:54, at noon. */
class Poller {
  readonly tables = createInMemoryTableClient();
  readonly ledger = new FakeLedger();
  readonly observer = new RecordingObserver();
  readonly random = new SeededRandomness();
  readonly randomness = this.random;
  readonly sleep = async (): Promise<void> => undefined;
  readonly barrier = createOptOutBarrier({ keywordScope: 'everything' }, async () => CONTACT_KEY);
  readonly inbox = this.tables;
  readonly crypto = nodeCrypto;
  now = at('12:00:00');
  settings = { accountSids: [ACCOUNT], retentionDays: 35, pageSize: 1000 };
  remaining = [] as number[];
  #invocations = 0;

  readonly clock = (): number => this.now;

  static async polledUntil(time: string): Promise<Poller> {
    const poller = new Poller();
    poller.now = at(time) + 60_000;
    await poller.poll();
    poller.now = at('12:00:00');
    return poller;
  }

  poll() {
    this.#invocations += 1;
    const command = {
      owner: `invocation-${this.#invocations}`,
      remainingMilliseconds: () => this.remaining.shift() ?? 240_000,
    };
    return pollInboundMessages(command, this, this.settings);
  }

  claims() {
    return this.tables.items('inbox').filter(({ pk }) => String(pk).startsWith('MSG#'));
  }

  claimed(): readonly string[] {
    return this.claims()
      .map(({ pk }) => String(pk).slice('MSG#'.length))
      .sort();
  }

  mark() {
    return this.tables.items('inbox').find(({ pk }) => pk === `POLL#${ACCOUNT}`);
  }

  /** The message's webhook, as Twilio sends it: with more parameters than the list has. */
  async receive(message: TwilioMessage, owner = 'a-webhook') {
    const secrets = new MemorySecrets();
    secrets.set(ACCOUNT, TOKEN);
    const ports = { ...this, clock: this.clock, secrets };
    const receive = createReceiver(ports, {
      hooksOrigin: ORIGIN,
      accountSids: new Set([ACCOUNT]),
      retentionDays: 35,
      taskInstructions: new Map(),
    });
    const path = `/twilio/${ACCOUNT}/messages/inbound`;
    const parameters: Parameter[] = [
      ['MessageSid', message.messageSid],
      ['AccountSid', ACCOUNT],
      ['From', message.from ?? ''],
      ['To', message.to],
      ['Body', message.body],
      ['NumMedia', '0'],
      ['NumSegments', '1'],
      ['FromCity', 'CHICOPEE'],
      ['SmsStatus', 'received'],
    ];
    const event = {
      routeKey: 'POST /twilio/{accountSid}/messages/inbound',
      pathParameters: { accountSid: ACCOUNT },
      rawPath: path,
      rawQueryString: '',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signForm(TOKEN, `${ORIGIN}${path}`, parameters),
      },
      body: encodeForm(parameters),
      isBase64Encoded: false,
    } as unknown as Parameters<typeof receive>[0];
    return receive(event, { awsRequestId: owner });
  }
}

describe('a message whose webhook never came', () => {
  test('is claimed as its webhook would have been, with the poll as its source', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.tables.drainStream();
    poller.ledger.add(
      inbound(1, '11:57:00', { body: 'STOP & 10% +more', messagingServiceSid: `MG${'2'.repeat(32)}` }),
    );
    expect(await poller.poll()).toEqual([
      { accountSid: ACCOUNT, outcome: 'swept', repaired: 1, unreadable: 0 },
    ]);
    const [claim] = poller.claims();
    expect(claim).toMatchObject({
      pk: `MSG#${sid(1)}`,
      kind: 'message',
      source: 'poll',
      route: 'inboundMessage',
      accountSid: ACCOUNT,
      receivedAt: '2026-03-01T12:00:00.000Z',
    });
    expect(readInboundMessage(String(claim?.payload))).toEqual({
      messageSid: sid(1),
      accountSid: ACCOUNT,
      channel: 'sms',
      from: '+15550100002',
      to: '+15550100001',
      body: 'STOP & 10% +more',
      media: [],
      segmentCount: 1,
      messagingServiceSid: `MG${'2'.repeat(32)}`,
    });
    const [entry] = (claim?.outbox ?? []) as { event: unknown }[];
    expect(TrunklineEvent.parse(entry?.event)).toMatchObject({
      type: 'message.received.v1',
      data: { messageSid: sid(1), source: 'poll', inboxKey: `MSG#${sid(1)}` },
    });
    expect(poller.observer.counts.get('InboundRepaired')).toBe(1);
  });

  test('brings its media along', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(inbound(1, '11:57:00', { numMedia: 1, body: '' }));
    const url = `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT}/Messages/${sid(1)}/Media/ME1`;
    poller.ledger.media.set(sid(1), [{ mediaSid: 'ME1', contentType: 'image/png', url }]);
    await poller.poll();
    expect(readInboundMessage(String(poller.claims()[0]?.payload))).toMatchObject({
      channel: 'mms',
      media: [{ url, contentType: 'image/png' }],
    });
  });

  test('is claimed without its media where those were deleted', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(inbound(1, '11:57:00', { numMedia: 2 }));
    await poller.poll();
    expect(readInboundMessage(String(poller.claims()[0]?.payload))).toMatchObject({ media: [] });
  });

  test('may be on another channel', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(
      inbound(1, '11:57:00', { from: 'whatsapp:+15550100002', to: 'whatsapp:+15550100001', numSegments: 0 }),
    );
    await poller.poll();
    expect(readInboundMessage(String(poller.claims()[0]?.payload))).toMatchObject({
      channel: 'whatsapp',
      segmentCount: 1,
    });
  });

  test('is claimed once, however many polls see it', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(inbound(1, '11:57:00'));
    await poller.poll();
    poller.now = at('12:05:00');
    expect(await poller.poll()).toMatchObject([{ outcome: 'swept', repaired: 0 }]);
    expect(poller.claimed()).toEqual([sid(1)]);
  });

  test('that the list shows late is found by the overlap', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    await poller.poll();
    poller.now = at('12:05:00');
    poller.ledger.add(inbound(1, '11:50:00'));
    expect(await poller.poll()).toMatchObject([{ repaired: 1 }]);
  });
});

describe('the poll and the webhook of one message', () => {
  test('a known message costs one read, and nothing is written', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    const message = inbound(1, '11:57:00');
    await poller.receive(message);
    poller.ledger.add(message);
    poller.tables.resetUnits();
    expect(await poller.poll()).toMatchObject([{ repaired: 0 }]);
    expect(poller.claims()).toMatchObject([{ source: 'webhook' }]);
    // The mark alone.
    expect(poller.tables.units().writeUnits).toBe(1);
  });

  test('a webhook after the poll is a duplicate, not a replay with other content', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    const message = inbound(1, '11:57:00');
    poller.ledger.add(message);
    await poller.poll();
    expect(await poller.receive(message)).toMatchObject({ statusCode: 200 });
    expect(poller.observer.counts.get('ReplayMismatch')).toBeUndefined();
    expect(poller.observer.counts.get('Webhook:duplicate')).toBe(1);
    expect(poller.claims()).toMatchObject([{ source: 'poll' }]);
  });

  test('a webhook that commits between read and claim wins, as a duplicate', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    const message = inbound(1, '11:57:00', { numMedia: 1 });
    poller.ledger.add(message);
    const listMedia = poller.ledger.listMedia.bind(poller.ledger);
    poller.ledger.listMedia = async (name) => {
      await poller.receive(message);
      return listMedia(name);
    };
    expect(await poller.poll()).toMatchObject([{ repaired: 0, outcome: 'swept' }]);
    expect(poller.claims()).toMatchObject([{ source: 'webhook' }]);
    expect(poller.observer.counts.get('ReplayMismatch')).toBeUndefined();
  });

  test('a message younger than a minute is left to its webhook', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(inbound(1, '11:59:30'));
    await poller.poll();
    expect(poller.claimed()).toEqual([]);
    poller.now = at('12:05:00');
    await poller.poll();
    expect(poller.claimed()).toEqual([sid(1)]);
  });
});

describe('a sweep', () => {
  test('takes inbound messages only', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(inbound(1, '11:57:00', { direction: 'outbound-api' }));
    await poller.poll();
    expect(poller.claimed()).toEqual([]);
  });

  test('reads pages until they are older than the overlap, and no more', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.settings.pageSize = 2;
    poller.ledger.calls.length = 0;
    for (let number = 0; number < 10; number += 1) poller.ledger.add(inbound(number, `11:4${number}:00`));
    await poller.poll();
    expect(poller.claimed()).toEqual([4, 5, 6, 7, 8, 9].map(sid));
    expect(poller.ledger.calls.filter((call) => call.startsWith('list'))).toHaveLength(4);
  });

  test('moves the mark, and says how old it is', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    await poller.poll();
    expect(poller.mark()).toMatchObject({ through: '2026-03-01T11:59:00.000Z', version: 3 });
    expect(poller.mark()).not.toHaveProperty('expiresAt');
    expect(poller.observer.counts.get('InboundPollAge')).toBeGreaterThan(0);
  });

  test.each([
    ['throttled', { kind: 'throttled' }],
    ['unavailable', { kind: 'unavailable', reason: 'ECONNRESET' }],
  ] as const)('that is %s at once leaves the mark, and the next poll makes up for it', async (_, fault) => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(inbound(1, '11:45:00'));
    poller.ledger.fault = faultsAt('list', 1, fault);
    expect(await poller.poll()).toMatchObject([{ outcome: fault.kind, repaired: 0 }]);
    expect(poller.mark()).toMatchObject({ through: '2026-03-01T11:54:00.000Z' });
    poller.now = at('12:05:00');
    expect(await poller.poll()).toMatchObject([{ outcome: 'swept', repaired: 1 }]);
  });

  test('that is throttled on its way is gone on with before a new one is begun', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.settings.pageSize = 2;
    for (let number = 0; number < 6; number += 1) poller.ledger.add(inbound(number, `11:5${number}:00`));
    poller.ledger.fault = faultsAt('list', 2, { kind: 'throttled', retryAfterSeconds: 1 });
    expect(await poller.poll()).toMatchObject([{ outcome: 'throttled', repaired: 2 }]);
    expect(poller.mark()).toMatchObject({ unfinished: { page: sid(4) } });
    poller.ledger.calls.length = 0;
    poller.now = at('12:05:00');
    expect(await poller.poll()).toMatchObject([{ outcome: 'swept', repaired: 4 }]);
    expect(poller.ledger.calls.slice(0, 3)).toEqual([`list ${sid(4)}`, `list ${sid(2)}`, 'list first']);
    expect(poller.mark()).toMatchObject({ through: '2026-03-01T12:04:00.000Z' });
    expect(poller.mark()).not.toHaveProperty('unfinished');
  });

  test('that runs out of time is gone on with by the next poll', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.settings.pageSize = 1;
    poller.ledger.add(inbound(1, '11:50:00'), inbound(2, '11:51:00'));
    poller.remaining = [240_000, 50_000];
    expect(await poller.poll()).toMatchObject([{ outcome: 'out-of-time', repaired: 1 }]);
    expect(await poller.poll()).toMatchObject([{ outcome: 'swept', repaired: 1 }]);
    expect(poller.claimed()).toEqual([1, 2].map(sid));
  });

  test('whose media cannot be read stops there, and nothing is passed over', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(inbound(1, '11:57:00', { numMedia: 1 }));
    poller.ledger.fault = faultsAt('media', 1, { kind: 'unavailable', reason: 'status 500' });
    expect(await poller.poll()).toMatchObject([{ outcome: 'unavailable', repaired: 0 }]);
    expect(await poller.poll()).toMatchObject([{ outcome: 'swept', repaired: 1 }]);
  });

  test('whose claims cannot be written stops there', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.ledger.add(inbound(1, '11:57:00'));
    let puts = 0;
    poller.tables.inject({
      before: ({ operation }) => {
        if (operation !== 'put') return undefined;
        puts += 1;
        return puts === 1 ? 'throttled' : undefined;
      },
    });
    expect(await poller.poll()).toMatchObject([{ outcome: 'unavailable', repaired: 0 }]);
    expect(await poller.poll()).toMatchObject([{ outcome: 'swept', repaired: 1 }]);
  });

  test('of one account does not suffer from the fault of another', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    poller.settings.accountSids = [OTHER_ACCOUNT, ACCOUNT];
    poller.ledger.add(inbound(1, '11:57:00'));
    poller.ledger.fault = faultsAt('list', 1, { kind: 'unavailable', reason: 'status 401' });
    expect(await poller.poll()).toMatchObject([
      { accountSid: OTHER_ACCOUNT, outcome: 'unavailable' },
      { accountSid: ACCOUNT, outcome: 'swept', repaired: 1 },
    ]);
  });

  test('that another poll has overtaken leaves the mark to that one', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    const listMessages = poller.ledger.listMessages.bind(poller.ledger);
    poller.ledger.listMessages = async (list) => {
      poller.ledger.listMessages = listMessages;
      await poller.poll();
      return listMessages(list);
    };
    expect(await poller.poll()).toMatchObject([{ outcome: 'overtaken' }]);
    expect(poller.mark()).toMatchObject({ version: 3 });
  });
});

describe('a listed message that breaks the grammar', () => {
  test('is told by its SID, holds up nothing, and fails the invocation', async () => {
    const poller = await Poller.polledUntil('11:54:00');
    const { from: _from, ...senderless } = inbound(1, '11:57:00');
    poller.ledger.add(senderless, inbound(2, '11:56:00'));
    const handle = createHandler(poller, poller.settings);
    const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 240_000 };
    await expect(handle({}, context as unknown as Parameters<typeof handle>[1])).rejects.toThrow(
      UnreadableMessagesError,
    );
    expect(poller.claimed()).toEqual([sid(2)]);
    const line = poller.observer.lines.find(({ message }) => message.includes('grammar'));
    expect(line?.fields).toEqual({ accountSid: ACCOUNT, sid: sid(1), reason: 'From form' });
    expect(poller.observer.flushes).toBe(1);
  });
});
