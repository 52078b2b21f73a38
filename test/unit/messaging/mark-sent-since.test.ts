import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CallIntent, Intent } from '../../../functions/messaging/domain/intent.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { freezeRestored } from '../../../functions/messaging/restore/freeze-restored.ts';
import { markSentSince } from '../../../functions/messaging/restore/mark-sent-since.ts';
import { readSendingControl } from '../../../functions/messaging/sending-control-store.ts';
import { armed, NOON, pending } from '../../fakes/messaging/intents.ts';
import { ScriptedLedger } from '../../fakes/messaging/scripted-ledger.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { ACCOUNT } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const MINUTE = 60_000;
const idOf = (number: number): string => `int_${String(number).padStart(32, '0')}`;

/** Everyone's messages: the ledger of the tests lists by recipient otherwise. */
class WholeLedger extends ScriptedLedger {
  override async listMessages(
    list: Parameters<ScriptedLedger['listMessages']>[0],
  ): ReturnType<ScriptedLedger['listMessages']> {
    const messages = this.messages.toSorted((one, other) => other.createdAt - one.createdAt);
    const start = Number(list.page ?? 0);
    const end = start + list.pageSize;
    const page = { kind: 'page' as const, messages: messages.slice(start, end) };
    return end < messages.length ? { ...page, nextPage: String(end) } : page;
  }
}

type Scene = Stage & { readonly ledger: WholeLedger };
let stage: Scene;

const sceneAt = (time: string): Scene => Object.assign(new Stage(time), { ledger: new WholeLedger() });

beforeEach(async () => {
  stage = sceneAt('2026-03-01T12:10:00Z');
  await freezeRestored({ by: 'operator', reason: 'restored to noon' }, stage);
  stage.at('2026-03-01T12:30:00Z');
});

const keep = async (...intents: readonly Intent[]): Promise<void> => {
  for (const intent of intents) await writeTransition(undefined, { intent, outbox: [] }, [], stage);
};

const mark = (pageSize = 2) =>
  markSentSince({ since: NOON, owner: 'operator', accountSids: [ACCOUNT], pageSize, segments: 2 }, stage);

describe('what was sent since the restore point', () => {
  test('is marked on the restored intent, which is not sent again', async () => {
    await keep(pending({ id: idOf(1) }), pending({ id: idOf(2), body: 'Another one.' }));
    stage.ledger.show({ messageSid: sidOf(1), createdAt: NOON + MINUTE, status: 'delivered' });
    expect(await mark()).toEqual({ kind: 'marked', listed: 1, marked: 1, open: 1, unknown: [], moved: 0 });
    expect(await stage.intent(idOf(1))).toMatchObject({
      state: 'ACCEPTED',
      sid: sidOf(1),
      evidence: 'list',
      status: { state: 'delivered' },
      reason: 'found in Twilio’s list after a restore',
    });
    expect((await stage.intent(idOf(2))).state).toBe('PENDING');
    // Once more: nothing is marked twice.
    expect(await mark()).toMatchObject({ listed: 1, marked: 0, open: 1, unknown: [] });
  });

  test('is told by its number where messages are identical: two of three are sent, those due first', async () => {
    await keep(
      ...[3, 1, 2].map((number) => pending({ id: idOf(number), notBefore: NOON + number * MINUTE })),
    );
    stage.ledger.show(
      { messageSid: sidOf(2), createdAt: NOON + 3 * MINUTE },
      { messageSid: sidOf(1), createdAt: NOON + 2 * MINUTE },
    );
    expect(await mark()).toMatchObject({ marked: 2, open: 1 });
    const sids = await Promise.all([1, 2, 3].map(async (number) => (await stage.intent(idOf(number))).sid));
    expect(sids).toEqual([sidOf(1), sidOf(2), undefined]);
  });

  test('may have ended while sending was frozen: cancelled, or past its deadline; evidence says otherwise', async () => {
    await keep(
      pending({ id: idOf(1), state: 'EXPIRED', updatedAt: NOON + 20 * MINUTE }),
      pending({ id: idOf(2), state: 'SUPPRESSED', updatedAt: NOON + 20 * MINUTE, body: 'Called off.' }),
      // Ended before the point, it was never sent.
      pending({ id: idOf(3), state: 'EXPIRED', updatedAt: NOON - MINUTE }),
    );
    stage.ledger.show(
      { messageSid: sidOf(1), createdAt: NOON + MINUTE },
      { messageSid: sidOf(2), createdAt: NOON + MINUTE, body: 'Called off.' },
    );
    expect(await mark()).toMatchObject({ marked: 2, open: 0, unknown: [] });
    const states = await Promise.all(
      [1, 2, 3].map(async (number) => (await stage.intent(idOf(number))).state),
    );
    expect(states).toEqual(['ACCEPTED', 'ACCEPTED', 'EXPIRED']);
  });

  test('is named where its intent is gone, and where it was told apart by nothing but its text', async () => {
    await keep(pending({ id: idOf(1), body: 'Hello' }));
    stage.ledger.show(
      { messageSid: sidOf(1), createdAt: NOON + MINUTE, body: 'Hello' },
      { messageSid: sidOf(2), createdAt: NOON + 2 * MINUTE, body: 'Hello' },
      { messageSid: sidOf(3), createdAt: NOON + 2 * MINUTE, body: 'Hello', to: '+14155550999' },
    );
    expect(await mark()).toMatchObject({ listed: 3, marked: 1, unknown: [sidOf(2), sidOf(3)] });
  });

  test('is looked for from a little before the point on: what was armed then was recorded later', async () => {
    await keep(armed({ id: idOf(1) }));
    stage.ledger.show(
      { messageSid: sidOf(1), createdAt: NOON - 10 * MINUTE },
      { messageSid: sidOf(2), createdAt: NOON - 60 * MINUTE },
    );
    expect(await mark()).toMatchObject({ listed: 1, marked: 1, unknown: [] });
  });

  test('does not count what people wrote, nor what an intent has already', async () => {
    await keep(pending({ id: idOf(1) }));
    stage.ledger.show(
      { messageSid: sidOf(1), createdAt: NOON + MINUTE },
      { messageSid: sidOf(2), createdAt: NOON + MINUTE, direction: 'inbound' },
    );
    await mark();
    await keep(pending({ id: idOf(2) }));
    expect(await mark()).toMatchObject({ listed: 1, marked: 0, open: 1, unknown: [] });
  });
});

test('a call that was placed since the point is marked too, and not placed again', async () => {
  const call = (number: number): CallIntent => {
    const { messagingServiceSid: _service, body: _body, validitySeconds: _validity, ...common } = pending();
    return {
      ...common,
      id: idOf(number),
      channel: 'voice',
      pool: 'calls',
      from: '+14155550100',
      flow: 'reminder',
      ringSeconds: 30,
      createdAt: NOON + number,
    };
  };
  await keep(call(1), call(2));
  stage.callLedger.show({ createdAt: NOON + MINUTE, status: 'completed' });
  expect(await mark()).toMatchObject({ listed: 1, marked: 1, open: 1, unknown: [] });
  expect(await stage.intent(idOf(1))).toMatchObject({ state: 'ACCEPTED', status: { state: 'completed' } });
  expect((await stage.intent(idOf(2))).state).toBe('PENDING');
});

describe('marking', () => {
  test('asks for a freeze first', async () => {
    stage = sceneAt('2026-03-01T12:30:00Z');
    expect(await mark()).toEqual({ kind: 'not-frozen' });
  });

  test('waits until the last sends before the freeze are listed', async () => {
    stage.at('2026-03-01T12:20:00Z');
    expect(await mark()).toEqual({ kind: 'too-early', at: Date.parse('2026-03-01T12:25:00Z') });
  });

  test('concludes nothing from a Twilio that gives no answer', async () => {
    await keep(pending({ id: idOf(1) }));
    stage.ledger.listMessages = async () => ({ kind: 'unavailable', reason: 'timeout' });
    expect(await mark()).toEqual({ kind: 'unavailable', reason: 'timeout' });
    expect((await stage.intent(idOf(1))).state).toBe('PENDING');
  });
});

describe('a restored table', () => {
  test('is frozen whatever its own control said, and its freeze is as old as this restore', async () => {
    const first = await readSendingControl(stage.tables);
    expect(first.pauses).toMatchObject([
      { scope: 'all', kind: 'freeze', by: 'operator', since: Date.parse('2026-03-01T12:10:00Z') },
    ]);
    stage.at('2026-03-02T08:00:00Z');
    await freezeRestored({ by: 'operator', reason: 'once more' }, stage);
    const again = await readSendingControl(stage.tables);
    expect(again.version).toBe(first.version + 1);
    expect(again.pauses).toMatchObject([{ kind: 'freeze', since: stage.now, reason: 'once more' }]);
  });
});
