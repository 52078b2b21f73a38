import { describe, expect, test } from '@jest/globals';
import { guardPut } from '../../../functions/consent/contact-keys.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { contactOf } from '../../fakes/consent/consent-of.ts';
import { INTENT_ID, NOON, pending } from '../../fakes/messaging/intents.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const RECIPIENT = '+14155550123';

const prepare = async (): Promise<Stage> => {
  const stage = new Stage('2026-03-01T12:00:00Z');
  await writeTransition(undefined, { intent: pending(), outbox: [] }, [], stage);
  stage.drainOutbox();
  return stage;
};

/** As ingress writes it: without a condition. */
const write = async (stage: Stage, status: 'opted-out' | 'clear') => {
  const guard = { scope: 'everything', status, since: NOON, stamp: stage.random.token(), recordId: 'SM1' };
  const { kind: _kind, ...put } = guardPut(contactOf(RECIPIENT), guard);
  await stage.tables.put(put);
};

/** Something is written in the moment between the reading of consent and the arming. */
const between = (stage: Stage, happens: () => Promise<void>): void => {
  stage.tables.inject({
    before: async ({ operation }) => {
      if (operation !== 'transact') return undefined;
      stage.tables.inject({});
      await happens();
      return undefined;
    },
  });
};

describe('a delivery to somebody who opted out', () => {
  test('is decided against, with its reason, and nothing is armed', async () => {
    const stage = await prepare();
    await write(stage, 'opted-out');
    expect(await deliverIntent(stage.delivery(INTENT_ID), stage)).toEqual({
      kind: 'done',
      state: 'SUPPRESSED',
    });
    expect(stage.twilio.requests).toEqual([]);
    expect(stage.rows('ATTEMPT#')).toEqual([]);
    expect(stage.drainEvents()).toMatchObject([
      {
        type: 'message.suppressed.v1',
        data: { reason: 'the recipient opted out (everything) on 2026-03-01' },
      },
    ]);
  });

  test('is prevented by a STOP that commits between the decision and the arming', async () => {
    const stage = await prepare();
    between(stage, () => write(stage, 'opted-out'));
    expect(await deliverIntent(stage.delivery(INTENT_ID), stage)).toEqual({
      kind: 'done',
      state: 'SUPPRESSED',
    });
    expect(stage.twilio.requests).toEqual([]);
  });

  test('goes out where STOP and START both came between: it is judged anew', async () => {
    const stage = await prepare();
    between(stage, async () => {
      await write(stage, 'opted-out');
      await write(stage, 'clear');
    });
    expect(await deliverIntent(stage.delivery(INTENT_ID), stage)).toEqual({
      kind: 'done',
      state: 'ACCEPTED',
    });
    expect(stage.twilio.requests).toHaveLength(1);
  });

  test('is left to the queue where consent changes under every try', async () => {
    const stage = await prepare();
    const unsettle = (): void =>
      between(stage, async () => {
        await write(stage, 'clear');
        unsettle();
      });
    unsettle();
    await expect(deliverIntent(stage.delivery(INTENT_ID), stage)).rejects.toThrow(StoreUnavailableError);
    expect(stage.twilio.requests).toEqual([]);
  });

  test('is not made while consent cannot be read', async () => {
    const stage = await prepare();
    stage.tables.inject({
      before: ({ operation }) => (operation === 'query' ? 'throttled' : undefined),
    });
    await expect(deliverIntent(stage.delivery(INTENT_ID), stage)).rejects.toThrow();
    expect(stage.twilio.requests).toEqual([]);
  });
});

describe('a refusal by Twilio as opted out (21610)', () => {
  test('bars the recipient here in the very write that records it', async () => {
    const stage = await prepare();
    stage.twilio.script({
      kind: 'rejected',
      errorCode: 21610,
      httpStatus: 400,
      durationMilliseconds: 80,
    } as never);
    expect(await deliverIntent(stage.delivery(INTENT_ID), stage)).toEqual({
      kind: 'done',
      state: 'REJECTED',
    });
    const consent = await stage.consent.read({
      accountSid: pending().accountSid,
      channel: 'sms',
      address: RECIPIENT,
      trafficClass: 'otp',
    });
    expect(consent).toMatchObject({ standing: 'opted-out', scope: 'everything' });
    expect(stage.drainEvents().map(({ type }) => type)).toEqual([
      'message.rejected.v1',
      'consent.reported.v1',
    ]);
  });

  test('another refusal bars nobody', async () => {
    const stage = await prepare();
    stage.twilio.script({
      kind: 'rejected',
      errorCode: 21614,
      httpStatus: 400,
      durationMilliseconds: 80,
    } as never);
    await deliverIntent(stage.delivery(INTENT_ID), stage);
    expect(stage.tables.items('consent')).toEqual([]);
  });
});
