import { describe, expect, test } from '@jest/globals';
import { contactPartition } from '../../../functions/consent/contact-keys.ts';
import { readGatePolicy } from '../../../functions/messaging/gate-policy.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { createSendGate } from '../../../functions/messaging/send-message/decide-sending.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { FrequencyCap } from '../../../functions/shared/contract/rules/frequency.ts';
import { contactOf } from '../../fakes/consent/consent-of.ts';
import { NOON, pending } from '../../fakes/messaging/intents.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const RECIPIENT = '+14155550123';
const CAP = FrequencyCap.parse({
  id: 'one-an-hour',
  jurisdiction: '*',
  classes: ['transactional'],
  count: 1,
  perSeconds: 3_600,
  source: { title: 'a test', read: '2026-01-01' },
});

const idOf = (number: number): string => `int_${String(number).padStart(32, '0')}`;

const prepare = async (count: number): Promise<Stage> => {
  const stage = new Stage('2026-03-01T12:00:00Z');
  stage.gate = createSendGate(SETTINGS.pools, { ...readGatePolicy(), frequency: [CAP] }, stage);
  for (let number = 1; number <= count; number += 1) {
    const intent = pending({ id: idOf(number), deadline: NOON + 86_400_000 });
    await writeTransition(undefined, { intent, outbox: [] }, [], stage);
  }
  return stage;
};

const deliver = (stage: Stage, number: number) => deliverIntent(stage.delivery(idOf(number)), stage);

describe('messages to one person', () => {
  test('beyond the cap wait until it allows one more', async () => {
    const stage = await prepare(2);
    expect(await deliver(stage, 1)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(await deliver(stage, 2)).toEqual({ kind: 'done', state: 'PENDING' });
    const { notBefore, reason } = await stage.intent(idOf(2));
    expect(notBefore).toBe(NOON + 3_600_000);
    expect(reason).toContain('one-an-hour');
    expect(stage.count('SendHeld', 'frequency')).toBe(1);
    stage.now = notBefore;
    expect(await deliver(stage, 2)).toEqual({ kind: 'done', state: 'ACCEPTED' });
  });

  test('armed at the same moment pass one by one: the cap is counted in the arming itself', async () => {
    const stage = await prepare(5);
    await Promise.all([1, 2, 3, 4, 5].map((number) => deliver(stage, number)));
    expect(stage.twilio.requests).toHaveLength(1);
  });

  test('count once, however often they are tried', async () => {
    const stage = await prepare(1);
    stage.twilio.script({ kind: 'throttled', httpStatus: 429, durationMilliseconds: 5 });
    expect(await deliver(stage, 1)).toEqual({ kind: 'done', state: 'PENDING' });
    stage.now = (await stage.intent(idOf(1))).notBefore;
    expect(await deliver(stage, 1)).toEqual({ kind: 'done', state: 'ACCEPTED' });
    expect(
      stage.rows(`RECIPIENT#${RECIPIENT}`).filter(({ sk }) => sk === 'SENT#transactional'),
    ).toMatchObject([
      {
        version: 2,
        sent: [{ intentId: idOf(1), at: stage.now }],
        expiresAt: Math.ceil(stage.now / 1000) + 3_600,
      },
    ]);
  });

  test('are counted nowhere where no cap counts their class', async () => {
    const stage = await prepare(1);
    stage.gate = createSendGate(SETTINGS.pools, { ...readGatePolicy(), frequency: [] }, stage);
    await deliver(stage, 1);
    expect(stage.rows(`RECIPIENT#${RECIPIENT}`).filter(({ sk }) => String(sk).startsWith('SENT#'))).toEqual(
      [],
    );
  });
});

describe('a person whose message is in review', () => {
  test('gets nothing but one-time codes until somebody has decided', async () => {
    const stage = await prepare(1);
    await stage.tables.put({
      table: 'consent',
      item: { pk: contactPartition(contactOf(RECIPIENT)), sk: 'REVIEW', since: NOON },
    });
    expect(await deliver(stage, 1)).toEqual({ kind: 'done', state: 'PENDING' });
    expect(await stage.intent(idOf(1))).toMatchObject({ reason: expect.stringContaining('review') });
    expect(stage.twilio.requests).toEqual([]);
  });
});
