import { beforeEach, describe, expect, test } from '@jest/globals';
import { createContactAddresses } from '../../../functions/consent/contact-addresses.ts';
import { guardPut, linkKey, profileKey } from '../../../functions/consent/contact-keys.ts';
import { addressDigest, linkHash } from '../../../functions/consent/domain/ledger.ts';
import { handleKeyword } from '../../../functions/consent/handle-keyword/handle-keyword.ts';
import { keepLedger } from '../../../functions/consent/keep-ledger/keep-ledger.ts';
import { recordConsent } from '../../../functions/consent/record-consent.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { stopRecipient } from '../../../functions/messaging/stop-recipient/stop-recipient.ts';
import type { ConsentSettings } from '../../../functions/shared/contract/consent-settings.ts';
import type { EventOf, TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { sha256Hex } from '../../../functions/shared/runtime/digest.ts';
import { CONTACT_KEY, contactOf } from '../../fakes/consent/consent-of.ts';
import { FakeLedger } from '../../fakes/fake-ledger.ts';
import { NOON, pending } from '../../fakes/messaging/intents.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { ACCOUNT, SETTINGS, TRANSACTIONAL } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';
import { receiveText } from '../../fakes/messaging/webhook-events.ts';

const ANNA = '+14155550123';
const ANNAS_OTHER = '+14155550124';
const CONSENT: ConsentSettings = {
  keywordScope: 'everything',
  optOutText: 'You are unsubscribed.',
  ledgerRetentionDays: 1827,
};

let stage: Stage;
let ledger: FakeLedger;
let invocations = 0;
const owner = (): string => {
  invocations += 1;
  return `invocation-${invocations}`;
};

beforeEach(() => {
  stage = new Stage('2026-03-01T12:00:00Z');
  ledger = new FakeLedger();
});

const ports = () => ({ ...stage, key: async () => CONTACT_KEY, ledger });

/** The barrier as ingress commits it with the message. */
const bar = async (sid: string, at: number): Promise<void> => {
  const guard = {
    scope: 'everything',
    status: 'opted-out',
    since: at,
    stamp: `by ${sid}`,
    recordId: sid,
  } as const;
  const { kind: _kind, ...put } = guardPut(contactOf(ANNA), guard);
  await stage.tables.put(put);
};

/** A text as ingress leaves it, handled by the consumer. */
const says = async (body: string, number: number, at = stage.now, source: 'webhook' | 'poll' = 'webhook') => {
  const event = await receiveText(stage.tables, {
    messageSid: sidOf(number),
    from: ANNA,
    body,
    time: new Date(at).toISOString(),
  });
  if (event.data.keyword === 'stop' || event.data.keyword === 'revocation') await bar(sidOf(number), at);
  stage.drainOutbox();
  const told = { ...event, data: { ...event.data, source } };
  return handleKeyword(told, owner(), CONSENT, ports());
};

const standing = async () =>
  (await stage.consent.read({ accountSid: ACCOUNT, channel: 'sms', address: ANNA, trafficClass: 'otp' }))
    .standing;

const created = (number: number, time: string) =>
  ledger.add({
    messageSid: sidOf(number),
    accountSid: ACCOUNT,
    direction: 'inbound',
    to: '+14155550199',
    body: '',
    status: 'received',
    numMedia: 0,
    numSegments: 1,
    createdAt: Date.parse(time),
  });

describe('a keyword in the ledger', () => {
  test('STOP is recorded once, however often its event comes', async () => {
    expect(await says('STOP', 1)).toEqual({ kind: 'opted-out' });
    expect(stage.drainEvents()).toMatchObject([
      {
        type: 'consent.opted-out.v1',
        correlationId: sidOf(1),
        data: { contactId: contactOf(ANNA), recordId: sidOf(1), source: 'keyword', linked: 0 },
      },
    ]);
    expect(await says('STOP', 1)).toEqual({ kind: 'known' });
  });

  test('a second STOP is noted, and asks for no second confirmation', async () => {
    await says('STOP', 1);
    expect(await says('please stop texting me', 2)).toEqual({ kind: 'noted' });
    expect(stage.drainEvents().map(({ type }) => type)).toEqual(['consent.noted.v1']);
  });

  test('STOP bars the other addresses of the person, and START frees those that it had barred', async () => {
    for (const [from, to] of [
      [ANNA, ANNAS_OTHER],
      [ANNAS_OTHER, ANNA],
    ] as const)
      await stage.tables.put({ table: 'consent', item: linkKey(contactOf(from), contactOf(to)) });
    await says('STOP', 1);
    const guards = () =>
      stage.tables
        .items('consent')
        .filter(({ sk }) => sk === 'GUARD#everything')
        .map(({ status }) => status);
    expect(guards()).toEqual(['opted-out', 'opted-out']);
    stage.now += 3_600_000;
    expect(await says('START', 2)).toEqual({ kind: 'opted-in' });
    expect(guards()).toEqual(['clear', 'clear']);
  });

  test('START long after a STOP lifts it, a captured START that comes again does not', async () => {
    await says('STOP', 1);
    stage.now += 600_000;
    expect(await says('START', 2)).toEqual({ kind: 'opted-in' });
    expect(await standing()).toBe('opted-in');
    stage.now += 600_000;
    await says('STOP', 3);
    expect(await says('START', 2)).toEqual({ kind: 'known' });
    expect(await standing()).toBe('opted-out');
  });

  test.each([
    ['sent after the STOP', '12:00:03', '12:00:05', 'opted-in'],
    ['sent before the STOP, and overtaken by it', '12:00:05', '12:00:03', 'noted'],
    ['sent in the same second', '12:00:04', '12:00:04', 'noted'],
  ])('START within a minute is settled by Twilio: %s', async (_how, stop, start, kind) => {
    created(1, `2026-03-01T${stop}Z`);
    created(2, `2026-03-01T${start}Z`);
    await says('STOP', 1);
    stage.now += 20_000;
    expect(await says('START', 2)).toEqual({ kind });
    expect(await standing()).toBe(kind === 'opted-in' ? 'opted-in' : 'opted-out');
  });

  test('where Twilio cannot say, the opt-out is the last word', async () => {
    await says('STOP', 1);
    stage.now += 20_000;
    expect(await says('START', 2)).toEqual({ kind: 'noted' });
    expect(await standing()).toBe('opted-out');
  });

  test('a START that only the poll found is never taken by its arrival', async () => {
    await says('STOP', 1);
    stage.now += 600_000;
    expect(await says('START', 2, stage.now, 'poll')).toEqual({ kind: 'noted' });
  });

  test('a STOP that comes between the reading and the writing of a START wins', async () => {
    await says('STOP', 1);
    stage.now += 600_000;
    let isDone = false;
    stage.tables.inject({
      before: async ({ operation }) => {
        if (operation !== 'transact' || isDone) return undefined;
        isDone = true;
        await bar(sidOf(3), stage.now);
        return undefined;
      },
    });
    expect(await says('START', 2)).toEqual({ kind: 'noted' });
    expect(await standing()).toBe('opted-out');
  });

  test('START of a stranger is no consent', async () => {
    expect(await says('START', 1)).toEqual({ kind: 'noted' });
    expect(await standing()).toBe('none');
  });

  test('what may be a revocation is held for review, once', async () => {
    expect(await says('wrong number', 1)).toEqual({ kind: 'in-review' });
    expect(await standing()).toBe('suspected');
    expect(await says('wrong number', 2)).toEqual({ kind: 'known' });
    expect(stage.tables.items('consent').filter(({ pk }) => pk === 'REVIEWS')).toHaveLength(1);
  });

  test('an opt-in at the same instant as an opt-out lifts nothing, a later one does', async () => {
    await says('STOP', 1);
    const report = {
      recordId: 'req_1',
      kind: 'opt-in',
      scope: 'everything',
      source: 'api',
      contactId: contactOf(ANNA),
      accountSid: ACCOUNT,
      correlationId: contactOf(ANNA),
    } as const;
    expect(await recordConsent({ ...report, occurredAt: stage.now, owner: owner() }, stage)).toMatchObject({
      effect: 'noted',
    });
    const later = { ...report, recordId: 'req_2', occurredAt: stage.now + 1, owner: owner() };
    expect(await recordConsent(later, stage)).toMatchObject({ effect: 'opted-in' });
    expect(await standing()).toBe('opted-in');
  });
});

describe('the chain of the ledger', () => {
  const keep = async (events: readonly TrunklineEvent[]) => {
    for (const event of events) await keepLedger(event, owner(), CONSENT, stage);
  };
  const links = () =>
    stage.tables
      .items('consent')
      .filter(({ pk, sk }) => String(pk).startsWith('CHAIN#') && sk !== 'HEAD')
      .sort((one, other) => Number(one.sequence) - Number(other.sequence));

  test('holds every record once, each bound to the one before, and no address in what is hashed', async () => {
    await says('STOP', 1);
    const events = [...stage.drainEvents()];
    stage.now += 600_000;
    await says('START', 2);
    events.push(...stage.drainEvents());
    await keep(events);
    await keep(events);
    const [first, second] = links();
    expect(links()).toHaveLength(2);
    expect(second?.previous).toBe(first?.hash);
    for (const link of links()) {
      const { shard, sequence, previous, record, hash, salt, address } = link as never as Record<
        string,
        string
      >;
      expect(
        linkHash(
          { shard: Number(shard), sequence: Number(sequence), previous: previous!, record: record! },
          sha256Hex,
        ),
      ).toBe(hash);
      expect(record).not.toContain(ANNA);
      expect(JSON.parse(record!).addressDigest).toBe(addressDigest(salt!, address!, sha256Hex));
    }
  });

  test('takes in what Twilio refused as opted out', async () => {
    const query = { accountSid: ACCOUNT, channel: 'sms', address: ANNA, trafficClass: 'otp' } as const;
    const facts = await stage.consent.read(query);
    await stage.tables.transact(
      stage.consent.refusedByTwilio({ query, facts, evidenceId: 'int_1', at: stage.now }),
    );
    await keep(stage.drainEvents());
    await keep(stage.drainEvents());
    expect(links().map(({ record }) => JSON.parse(String(record)))).toMatchObject([
      { recordId: 'int_1', kind: 'opt-out', source: 'twilio-21610', effect: 'opted-out' },
    ]);
  });
});

describe('what follows an opt-out', () => {
  const SCHEDULED = {
    sendAt: NOON + 7_200_000,
    state: 'ACCEPTED',
    sid: sidOf(70),
    acceptedAt: NOON,
  } as const;
  const put = (id: string, changes = {}) =>
    writeTransition(undefined, { intent: pending({ id, ...changes }), outbox: [] }, [], stage);
  const optOut = async (body = 'STOP'): Promise<EventOf<'consent.opted-out.v1'>> => {
    await says(body, 1);
    const [event] = stage.drainEvents();
    if (event?.type !== 'consent.opted-out.v1') throw new Error('nobody opted out');
    return event;
  };
  const stop = (event: EventOf<'consent.opted-out.v1'>, pools = SETTINGS.pools, remaining = 100_000) =>
    stopRecipient(
      event,
      { owner: owner(), remainingMilliseconds: () => remaining },
      { pools, consent: CONSENT },
      { ...stage, addresses: createContactAddresses(stage.tables) },
    );

  test('what is pending is suppressed, what Twilio has scheduled is called off, what is sent is left', async () => {
    await put('int_1');
    await put('int_2', { notBefore: NOON + 86_400_000, sendAt: NOON + 86_400_000 });
    await put('int_3', SCHEDULED);
    await put('int_4', { state: 'ACCEPTED', sid: sidOf(71), acceptedAt: NOON });
    await put('int_5', { to: '+14155559999' });
    const event = await optOut();
    expect(await stop(event)).toEqual({ kind: 'stopped', suppressed: 2, calledOff: 1, confirmed: 'twilio' });
    const states = await Promise.all(
      ['int_1', 'int_2', 'int_3', 'int_4', 'int_5'].map((id) => stage.intent(id)),
    );
    expect(states.map(({ state }) => state)).toEqual([
      'SUPPRESSED',
      'SUPPRESSED',
      'ACCEPTED',
      'ACCEPTED',
      'PENDING',
    ]);
    expect(states[2]).toMatchObject({ cancelRequestedAt: stage.now });
    expect(stage.drainOutbox()).toContainEqual(
      expect.objectContaining({ kind: 'dispatch', pool: 'settlement', intentId: 'int_3' }),
    );
  });

  test('the nearest is taken back first', async () => {
    await put('int_far', { ...SCHEDULED, sendAt: NOON + 9_000_000 });
    await put('int_near', { ...SCHEDULED, sendAt: NOON + 3_600_000 });
    await stop(await optOut());
    const dispatched = stage
      .drainOutbox()
      .flatMap((entry) => (entry.kind === 'dispatch' ? [entry.intentId] : []));
    expect(dispatched).toEqual(['int_near', 'int_far']);
  });

  test('it is confirmed after what was armed has left, and once', async () => {
    await put('int_1');
    stage.twilio.script(async () => {
      const event = await optOut('please stop texting me');
      let waits = 0;
      const release = stage.sleep;
      const drained = await stopRecipient(
        event,
        { owner: owner(), remainingMilliseconds: () => (waits > 3 ? 1_000 : 100_000) },
        { pools: SETTINGS.pools, consent: CONSENT },
        {
          ...stage,
          sleep: async (milliseconds) => {
            waits += 1;
            await release(milliseconds);
          },
          addresses: createContactAddresses(stage.tables),
        },
      );
      expect(drained).toEqual({ kind: 'out-of-time' });
      expect(stage.rows('INTENT#')).toHaveLength(1);
      held = event;
      return { kind: 'rejected', errorCode: 21614, httpStatus: 400, durationMilliseconds: 1 } as never;
    });
    let held: EventOf<'consent.opted-out.v1'> | undefined;
    await deliverIntent(stage.delivery('int_1'), stage);
    if (held === undefined) throw new Error('it was never posted');
    expect(await stop(held)).toMatchObject({ kind: 'stopped', confirmed: 'trunkline' });
    expect(await stop(held)).toEqual({ kind: 'done-before' });
    const confirmations = stage.rows('INTENT#').filter(({ purpose }) => purpose === 'opt-out-confirmation');
    expect(confirmations).toMatchObject([{ to: ANNA, body: 'You are unsubscribed.', inReplyTo: sidOf(1) }]);
  });

  test('the confirmation is not stopped by the opt-out that it confirms', async () => {
    await stop(await optOut('take me off your list'));
    const [confirmation] = stage.rows('INTENT#');
    expect(await deliverIntent(stage.delivery(String(confirmation?.id)), stage)).toEqual({
      kind: 'done',
      state: 'ACCEPTED',
    });
  });

  test.each([
    ['STOP', 'twilio', 'twilio'],
    ['STOP', 'advanced', 'twilio'],
    ['STOP', 'ours', 'trunkline'],
    ['PARAR', 'twilio', 'trunkline'],
    ['please stop', 'advanced', 'trunkline'],
  ] as const)('%s at a service with replies by %s is confirmed by %s', async (body, optOutReply, by) => {
    const event = await optOut(body);
    expect(await stop(event, [{ ...TRANSACTIONAL, optOutReply }])).toMatchObject({ confirmed: by });
  });

  test('an opt-out that no message said is confirmed by nobody', async () => {
    await stage.tables.put({ table: 'consent', item: { ...profileKey(contactOf(ANNA)), address: ANNA } });
    const report = {
      recordId: 'req_1',
      kind: 'opt-out',
      scope: 'everything',
      source: 'api',
      occurredAt: NOON,
      contactId: contactOf(ANNA),
      accountSid: ACCOUNT,
      correlationId: contactOf(ANNA),
      owner: owner(),
    } as const;
    await recordConsent(report, stage);
    const [event] = stage.drainEvents();
    if (event?.type !== 'consent.opted-out.v1') throw new Error('nobody opted out');
    expect(await stop(event)).toMatchObject({ kind: 'stopped', confirmed: 'nobody' });
    expect(stage.rows('INTENT#')).toEqual([]);
  });

  test('an opt-out of one group leaves the others alone', async () => {
    await put('int_1');
    await put('int_2', { messagingServiceSid: 'MG9' });
    const event = await optOut();
    await stop({ ...event, data: { ...event.data, scope: 'group:MG9' } });
    expect((await stage.intent('int_1')).state).toBe('PENDING');
    expect((await stage.intent('int_2')).state).toBe('SUPPRESSED');
  });
});
