import { describe, expect, test } from '@jest/globals';
import { cancelMessage } from '../../../functions/messaging/cancel-message.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { INTENT_ID, pending } from '../../fakes/messaging/intents.ts';
import { faultAt, Stage } from '../../fakes/messaging/stage.ts';

const prepare = async (): Promise<Stage> => {
  const stage = new Stage('2026-03-01T12:00:00Z');
  await writeTransition(undefined, { intent: pending(), outbox: [] }, [], stage);
  return stage;
};

describe('a cancellation', () => {
  test('that commits first prevents the sending', async () => {
    const stage = await prepare();
    expect(await cancelMessage(await stage.intent(INTENT_ID), stage)).toMatchObject({
      kind: 'canceled',
      intent: { state: 'SUPPRESSED' },
    });
    expect(await deliverIntent(stage.delivery(INTENT_ID), stage)).toEqual({
      kind: 'done',
      state: 'SUPPRESSED',
    });
    expect(stage.twilio.requests).toEqual([]);
    expect(stage.drainEvents()).toMatchObject([{ type: 'message.suppressed.v1' }]);
  });

  test('may be repeated', async () => {
    const stage = await prepare();
    await cancelMessage(await stage.intent(INTENT_ID), stage);
    expect((await cancelMessage(await stage.intent(INTENT_ID), stage)).kind).toBe('canceled');
    expect(stage.drainEvents()).toHaveLength(1);
  });

  test('that lost the race against arming comes too late, whatever it had read', async () => {
    const stage = await prepare();
    const stale = await stage.intent(INTENT_ID);
    await deliverIntent(stage.delivery(INTENT_ID), stage);
    expect(await cancelMessage(stale, stage)).toEqual({ kind: 'too-late', state: 'ACCEPTED' });
  });

  test('that meets another version of what is still pending tries again', async () => {
    const stage = await prepare();
    const stale = await stage.intent(INTENT_ID);
    await writeTransition(stale, { intent: { ...stale, version: 2, owner: 'tick' }, outbox: [] }, [], stage);
    expect(await cancelMessage(stale, stage)).toMatchObject({ kind: 'canceled', intent: { version: 3 } });
  });

  test('whose acknowledgement got lost on the way knows its own write', async () => {
    const stage = await prepare();
    stage.tables.inject(faultAt('put', 1, 'repeated'));
    expect((await cancelMessage(await stage.intent(INTENT_ID), stage)).kind).toBe('canceled');
  });

  test('gives up as unavailable where the intent never holds still', async () => {
    const stage = await prepare();
    const stale = await stage.intent(INTENT_ID);
    let version = 1;
    let isBusy = false;
    stage.tables.inject({
      before: async (call) => {
        if (call.operation !== 'put' || isBusy) return undefined;
        isBusy = true;
        const current = { ...stale, version };
        version += 1;
        await writeTransition(
          current,
          { intent: { ...current, version, owner: 'rival' }, outbox: [] },
          [],
          stage,
        );
        isBusy = false;
        return undefined;
      },
    });
    await expect(cancelMessage(stale, stage)).rejects.toThrow(StoreUnavailableError);
  });
});
