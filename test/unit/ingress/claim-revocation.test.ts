import { describe, expect, test } from '@jest/globals';
import { createOptOutBarrier } from '../../../functions/consent/opt-out-barrier.ts';
import { claimRevocation } from '../../../functions/ingress/claim-revocation.ts';
import { claimWebhook, type Webhook } from '../../../functions/ingress/claim-webhook.ts';
import { claimInboundMessage } from '../../../functions/ingress/domain/claim.ts';
import { resolveHookPath } from '../../../functions/ingress/domain/hook-path.ts';
import { SecretUnavailableError } from '../../../functions/shared/ports/account-secrets.ts';
import { CONTACT_KEY, consentOf, contactOf } from '../../fakes/consent/consent-of.ts';
import { createInMemoryTableClient, type TableFault } from '../../fakes/in-memory-table-client.ts';
import { RecordingObserver } from '../../fakes/ingress/recording-observer.ts';
import { SeededRandomness } from '../../fakes/messaging/seeded-randomness.ts';

const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
const SID = `SM${'a1'.repeat(16)}`;
const ANNA = '+15550100002';
const NOON = Date.parse('2026-03-01T12:00:00Z');

const webhookOf = (body: string, owner = 'invocation-1', hash = 'hash'): Webhook => {
  const fields = new Map([
    ['MessageSid', [SID]],
    ['From', [ANNA]],
    ['Body', [body]],
    ['MessagingServiceSid', [`MG${'1'.repeat(32)}`]],
  ]);
  const path = resolveHookPath('POST /twilio/{accountSid}/messages/inbound', { accountSid: ACCOUNT });
  if (path === undefined) throw new Error('no such path');
  const received = { accountSid: ACCOUNT, receivedAt: new Date(NOON).toISOString() };
  return {
    path,
    claim: claimInboundMessage({ ...received, fields, source: 'webhook' }),
    payload: 'payload',
    payloadHash: hash,
    source: 'webhook',
    receivedAt: NOON,
    owner,
  };
};

/** Faults by the operation's own number: `transact 1`, `put 2`. */
const scene = (faultOf: (operation: string, nth: number) => TableFault | undefined = () => undefined) => {
  const seen = new Map<string, number>();
  let now = NOON;
  const tables = createInMemoryTableClient({
    hooks: {
      before: ({ operation }) => {
        const nth = (seen.get(operation) ?? 0) + 1;
        seen.set(operation, nth);
        return faultOf(operation, nth);
      },
    },
  });
  const ports = {
    inbox: tables,
    barrier: createOptOutBarrier({ keywordScope: 'everything' }, async () => CONTACT_KEY),
    clock: () => now,
    randomness: new SeededRandomness(),
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
    observer: new RecordingObserver(),
  };
  const isOptedOut = async () =>
    (
      await consentOf(tables).read({
        accountSid: ACCOUNT,
        channel: 'sms',
        address: ANNA,
        trafficClass: 'otp',
      })
    ).standing === 'opted-out';
  return { tables, ports, seen, isOptedOut, elapsed: () => now - NOON };
};

const SETTINGS = { retentionDays: 35 };
const stop = (ports: Parameters<typeof claimRevocation>[1], webhook = webhookOf('STOP')) =>
  claimRevocation(webhook, ports, SETTINGS);

describe('a STOP', () => {
  test('is claimed and in force by one transaction', async () => {
    const { tables, ports, seen, isOptedOut } = scene();
    expect(await stop(ports)).toBe('accepted');
    expect(await isOptedOut()).toBe(true);
    expect(Object.fromEntries(seen)).toMatchObject({ transact: 1 });
    expect(seen.get('put')).toBeUndefined();
    expect(tables.items('inbox')).toMatchObject([
      { pk: `MSG#${SID}`, outbox: [{ event: { data: { keyword: 'stop', answeredByTwilio: true } } }] },
    ]);
    expect(tables.items('consent')).toMatchObject([
      { pk: `CONTACT#${contactOf(ANNA)}`, sk: 'GUARD#everything', status: 'opted-out', recordId: SID },
    ]);
  });

  test('of free words is one as well, and its number stands in no key', async () => {
    const { tables, ports, isOptedOut } = scene();
    await stop(ports, webhookOf('please stop texting me'));
    expect(await isOptedOut()).toBe(true);
    expect(JSON.stringify(tables.items('consent').map(({ pk, sk }) => [pk, sk]))).not.toContain(ANNA);
  });

  test('replaces what stood there, whatever it was', async () => {
    const { tables, ports, isOptedOut } = scene();
    await tables.put({
      table: 'consent',
      item: {
        pk: `CONTACT#${contactOf(ANNA)}`,
        sk: 'GUARD#everything',
        scope: 'everything',
        status: 'clear',
        since: NOON + 9_999,
        stamp: 'other',
        recordId: 'SM9',
      },
    });
    await stop(ports);
    expect(await isOptedOut()).toBe(true);
  });

  test('that came before is answered like the first, and changes nothing', async () => {
    const { tables, ports } = scene();
    await stop(ports);
    tables.drainStream();
    expect(await stop(ports, webhookOf('STOP', 'invocation-2'))).toBe('duplicate');
    expect(await stop(ports, webhookOf('STOP', 'invocation-3', 'other content'))).toBe('mismatch');
    expect(tables.drainStream()).toEqual([]);
  });

  test('whose own acknowledgement was lost meets its claim, and is accepted', async () => {
    const { ports, isOptedOut } = scene((operation, nth) =>
      operation === 'transact' && nth === 1 ? 'acknowledgement-lost' : undefined,
    );
    expect(await stop(ports)).toBe('accepted');
    expect(await isOptedOut()).toBe(true);
  });

  test('is tried again under conflicts', async () => {
    const { ports, seen, isOptedOut } = scene((operation, nth) =>
      operation === 'transact' && nth <= 6 ? 'transaction-conflict' : undefined,
    );
    expect(await stop(ports)).toBe('accepted');
    expect(seen.get('transact')).toBe(7);
    expect(await isOptedOut()).toBe(true);
  });

  test('is written alone, and then claimed, where the transaction cannot be had for 4 s', async () => {
    const { tables, ports, elapsed, isOptedOut } = scene((operation) =>
      operation === 'transact' ? 'transaction-conflict' : undefined,
    );
    expect(await stop(ports)).toBe('accepted');
    expect(elapsed()).toBeGreaterThan(3_500);
    expect(elapsed()).toBeLessThan(4_000);
    expect(await isOptedOut()).toBe(true);
    expect(tables.items('inbox')).toHaveLength(1);
  });

  test('is acknowledged where it is in force and only its claim failed: the poll brings the message', async () => {
    const { tables, ports, isOptedOut } = scene((operation, nth) =>
      operation === 'transact' || (operation === 'put' && nth === 2) ? 'throttled' : undefined,
    );
    expect(await stop(ports)).toBe('accepted');
    expect(await isOptedOut()).toBe(true);
    expect(tables.items('inbox')).toEqual([]);
  });

  test('is refused with 503 only where it is not in force', async () => {
    const { tables, ports } = scene((operation) =>
      operation === 'transact' || operation === 'put' ? 'throttled' : undefined,
    );
    expect(await stop(ports)).toBe('store-unavailable');
    expect(tables.items('consent')).toEqual([]);
  });

  test('is not acknowledged while the key of addresses cannot be read', async () => {
    const { ports } = scene();
    const barrier = async () => {
      throw new SecretUnavailableError('no answer');
    };
    expect(await stop({ ...ports, barrier })).toBe('store-unavailable');
  });
});

describe('any other message', () => {
  test.each(['Hello there', 'START', 'HELP', 'wrong number', 'YES'])(
    '%s is claimed by one put',
    async (body) => {
      const { tables, ports, seen } = scene();
      const webhook = webhookOf(body);
      expect(webhook.claim.revocation).toBeUndefined();
      expect(await claimWebhook(webhook, ports, SETTINGS)).toBe('accepted');
      expect(Object.fromEntries(seen)).toEqual({ put: 1 });
      expect(tables.items('consent')).toEqual([]);
    },
  );

  test.each([
    ['START', { keyword: 'start', answeredByTwilio: true }],
    ['start!', { keyword: 'start' }],
    ['wrong number', { keyword: 'suspected' }],
    ['YES', { answeredByTwilio: true }],
  ])('%s tells its consumers what it asks for', (body, asked) => {
    const [event] = webhookOf(body).claim.events;
    if (event?.type !== 'message.received.v1') throw new Error('no message');
    const { keyword, answeredByTwilio } = event.data;
    expect({ keyword, answeredByTwilio }).toEqual({
      keyword: undefined,
      answeredByTwilio: undefined,
      ...asked,
    });
  });
});
