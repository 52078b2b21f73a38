import { describe, expect, test } from '@jest/globals';
import { createConsentGuard } from '../../../functions/consent/consent-guard.ts';
import { guardPut, linkKey, reviewKey, standingKey } from '../../../functions/consent/contact-keys.ts';
import type { KeywordScope } from '../../../functions/shared/contract/consent-settings.ts';
import type { ConsentQuery } from '../../../functions/shared/ports/consent-guard.ts';
import { CONTACT_KEY, contactOf } from '../../fakes/consent/consent-of.ts';
import { createInMemoryTableClient } from '../../fakes/in-memory-table-client.ts';
import { SeededRandomness } from '../../fakes/messaging/seeded-randomness.ts';
import { ACCOUNT } from '../../fakes/messaging/settings.ts';

const ANNA = '+15550001111';
const ANNAS_OTHER = '+15550002222';
const QUERY: ConsentQuery = {
  accountSid: ACCOUNT,
  channel: 'sms',
  address: ANNA,
  trafficClass: 'marketing',
  messagingServiceSid: 'MG1',
};

const scene = (keywordScope: KeywordScope = 'everything') => {
  const tables = createInMemoryTableClient();
  const random = new SeededRandomness();
  const guard = createConsentGuard({ keywordScope }, { tables, random, key: async () => CONTACT_KEY });
  const bar = async (address: string, scope = 'everything', status: 'opted-out' | 'clear' = 'opted-out') => {
    const { kind: _kind, ...put } = guardPut(contactOf(address), {
      scope,
      status,
      since: 1000,
      stamp: random.token(),
      recordId: 'SM1',
    });
    await tables.put(put);
  };
  const link = async (one: string, other: string) => {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const)
      await tables.put({ table: 'consent', item: linkKey(contactOf(from), contactOf(to)) });
  };
  const consents = async (address: string, scope: string) =>
    tables.put({
      table: 'consent',
      item: {
        ...standingKey(contactOf(address), scope),
        scope,
        status: 'opted-in',
        since: 500,
        recordId: 'r',
        source: 'api',
      },
    });
  return { tables, guard, bar, link, consents };
};

describe('what holds for a send', () => {
  test('nothing is known of a stranger', async () => {
    const { guard } = scene();
    expect(await guard.read(QUERY)).toEqual({
      standing: 'none',
      contactId: contactOf(ANNA),
      seen: [{ contactId: contactOf(ANNA), scope: 'everything' }],
    });
  });

  test.each(['everything', 'channel:sms', 'group:MG1'])('an opt-out of %s forbids it', async (scope) => {
    const { guard, bar, consents } = scene();
    await consents(ANNA, 'everything');
    await bar(ANNA, scope);
    expect(await guard.read(QUERY)).toMatchObject({ standing: 'opted-out', scope, since: 1000 });
  });

  test.each(['channel:whatsapp', 'group:MG2', 'topic:news'])('an opt-out of %s does not', async (scope) => {
    const { guard, bar, consents } = scene();
    await consents(ANNA, 'group:MG1');
    await bar(ANNA, scope);
    expect(await guard.read(QUERY)).toMatchObject({ standing: 'opted-in', scope: 'group:MG1' });
  });

  test('a topic counts for messages about it', async () => {
    const { guard, bar } = scene();
    await bar(ANNA, 'topic:news');
    expect(await guard.read({ ...QUERY, topic: 'news' })).toMatchObject({ standing: 'opted-out' });
  });

  test('a number is one person on every channel', async () => {
    const { guard, bar } = scene();
    await bar(ANNA);
    const whatsapp = await guard.read({ ...QUERY, channel: 'whatsapp', address: `whatsapp:${ANNA}` });
    expect(whatsapp.standing).toBe('opted-out');
  });

  test('an opt-out at a linked address counts, a consent there does not', async () => {
    const { guard, bar, link, consents } = scene();
    await link(ANNA, ANNAS_OTHER);
    await consents(ANNAS_OTHER, 'everything');
    expect(await guard.read(QUERY)).toMatchObject({ standing: 'none' });
    await bar(ANNAS_OTHER);
    expect(await guard.read(QUERY)).toMatchObject({ standing: 'opted-out' });
  });

  test('a text in review is a suspicion, an opt-out beside it is more', async () => {
    const { tables, guard, bar, consents } = scene();
    await consents(ANNA, 'everything');
    await tables.put({ table: 'consent', item: { ...reviewKey(contactOf(ANNA)), since: 900 } });
    expect(await guard.read(QUERY)).toMatchObject({ standing: 'suspected', since: 900 });
    await bar(ANNA);
    expect(await guard.read(QUERY)).toMatchObject({ standing: 'opted-out' });
  });
});

describe('the checks of an arming', () => {
  const isHeld = async (tables: ReturnType<typeof createInMemoryTableClient>, checks: readonly unknown[]) =>
    (await tables.transact(checks as never)).kind;

  test('hold while nothing changes: one a linked address', async () => {
    const { tables, guard, bar, link } = scene();
    await link(ANNA, ANNAS_OTHER);
    await bar(ANNA, 'everything', 'clear');
    const checks = guard.checks(await guard.read(QUERY));
    expect(checks).toHaveLength(2);
    expect(await isHeld(tables, checks)).toBe('committed');
  });

  test.each([ANNA, ANNAS_OTHER])('fail once a STOP of %s was committed', async (address) => {
    const { tables, guard, bar, link } = scene();
    await link(ANNA, ANNAS_OTHER);
    const checks = guard.checks(await guard.read(QUERY));
    await bar(address);
    expect(await isHeld(tables, checks)).toBe('canceled');
  });

  test('fail after a STOP and a START between reading and arming: what was judged is not what is', async () => {
    const { tables, guard, bar } = scene();
    await bar(ANNA, 'everything', 'clear');
    const checks = guard.checks(await guard.read(QUERY));
    await bar(ANNA);
    await bar(ANNA, 'everything', 'clear');
    expect(await isHeld(tables, checks)).toBe('canceled');
  });

  test('cover the narrower scope that a keyword would write', async () => {
    const { tables, guard, bar } = scene('sender-group');
    const checks = guard.checks(await guard.read(QUERY));
    await bar(ANNA, 'group:MG1');
    expect(checks).toHaveLength(2);
    expect(await isHeld(tables, checks)).toBe('canceled');
  });
});

describe("Twilio's refusal of an opted-out recipient", () => {
  test('bars the address at once, keeps it for the ledger, and tells the ledger', async () => {
    const { tables, guard } = scene();
    const facts = await guard.read(QUERY);
    await tables.transact(guard.refusedByTwilio({ query: QUERY, facts, evidenceId: 'int_1', at: 5000 }));
    expect(await guard.read(QUERY)).toMatchObject({ standing: 'opted-out', since: 5000 });
    expect(tables.items('consent').find(({ sk }) => sk === 'PROFILE')).toMatchObject({ address: ANNA });
    const [written] = tables.drainStream().flatMap(({ newImage }) => newImage?.outbox ?? []) as unknown[];
    expect(written).toMatchObject({
      kind: 'event',
      event: {
        type: 'consent.reported.v1',
        data: { contactId: contactOf(ANNA), recordId: 'int_1', source: 'twilio-21610', scope: 'everything' },
      },
    });
    expect(JSON.stringify(written)).not.toContain(ANNA);
  });
});
