import { describe, expect, test } from '@jest/globals';
import { readGatePolicy } from '../../../functions/messaging/gate-policy.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { createSendGate } from '../../../functions/messaging/send-message/decide-sending.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { pacePools } from '../../../functions/messaging/send-message/pace-pools.ts';
import type { SenderPool } from '../../../functions/shared/contract/settings.ts';
import { createCallStarts } from '../../../functions/voice/call-starts.ts';
import { consentOf } from '../../fakes/consent/consent-of.ts';
import { createInMemoryTableClient } from '../../fakes/in-memory-table-client.ts';
import { RecordingObserver } from '../../fakes/ingress/recording-observer.ts';
import { NOON, pending } from '../../fakes/messaging/intents.ts';
import { ScriptedCalls } from '../../fakes/messaging/scripted-calls.ts';
import { ScriptedLedger } from '../../fakes/messaging/scripted-ledger.ts';
import { accepted, ScriptedTwilio, sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { SeededRandomness } from '../../fakes/messaging/seeded-randomness.ts';
import { TRANSACTIONAL } from '../../fakes/messaging/settings.ts';
import { HOOKS_ORIGIN, Stage } from '../../fakes/messaging/stage.ts';
import { VirtualTime } from '../../fakes/virtual-time.ts';

const poolAt = (segmentsPerSecond: number): SenderPool => ({ ...TRANSACTIONAL, segmentsPerSecond });

describe('the pacer of a sandbox', () => {
  const setTo = (rate: number) => {
    const stage = new Stage('2026-03-01T12:00:00.500Z');
    return { stage, pacer: pacePools([poolAt(rate)], stage) };
  };

  test('leaves a pool without a registered rate alone', async () => {
    const stage = new Stage('2026-03-01T12:00:00Z');
    const pacer = pacePools([TRANSACTIONAL], stage);
    expect(await pacer.take('transactional', 500)).toEqual({ kind: 'taken', at: NOON });
    expect(await pacer.take('a pool that was removed', 500)).toMatchObject({ kind: 'taken' });
    expect(stage.tables.calls).toEqual([]);
  });

  test('leases one by one at first, then as many at once as it spent in the second before', async () => {
    const { stage, pacer } = setTo(100);
    for (let sent = 0; sent < 8; sent += 1) await pacer.take('transactional', 1);
    expect(stage.tables.calls).toHaveLength(8);
    stage.at('2026-03-01T12:00:01Z').tables.resetUnits();
    for (let sent = 0; sent < 8; sent += 1) {
      expect(await pacer.take('transactional', 1)).toMatchObject({ kind: 'taken' });
    }
    expect(stage.tables.calls).toHaveLength(1);
    expect(stage.rows('RATE#')).toMatchObject([
      { pk: 'RATE#transactional', taken: 8, window: NOON / 1000 + 1 },
    ]);
  });

  test('forgets the tokens of a second that is over', async () => {
    const { stage, pacer } = setTo(100);
    for (let sent = 0; sent < 8; sent += 1) await pacer.take('transactional', 1);
    stage.at('2026-03-01T12:00:01Z');
    await pacer.take('transactional', 1);
    stage.at('2026-03-01T12:00:02Z').tables.resetUnits();
    await pacer.take('transactional', 1);
    expect(stage.tables.calls).toHaveLength(1);
  });

  test('says when to come again once the second is used up', async () => {
    const { pacer } = setTo(2);
    await pacer.take('transactional', 2);
    const none = await pacer.take('transactional', 1);
    expect(none).toMatchObject({ kind: 'none', rate: 2 });
    const after = none.kind === 'none' ? none.tryAgainAt - NOON : 0;
    expect(after).toBeGreaterThanOrEqual(1_000);
    expect(after).toBeLessThan(1_500);
  });

  test('meets the others at the counter of the pool', async () => {
    const { stage, pacer } = setTo(10);
    const other = pacePools([poolAt(10)], stage);
    for (let round = 0; round < 5; round += 1) {
      expect(await pacer.take('transactional', 1)).toMatchObject({ kind: 'taken' });
      expect(await other.take('transactional', 1)).toMatchObject({ kind: 'taken' });
    }
    expect(await pacer.take('transactional', 1)).toMatchObject({ kind: 'none' });
    expect(await other.take('transactional', 1)).toMatchObject({ kind: 'none' });
    expect(stage.rows('RATE#')).toMatchObject([{ taken: 10 }]);
  });

  test('takes no token of a second that ended while the counter was written', async () => {
    const { stage, pacer } = setTo(10);
    let slow = 1;
    stage.tables.inject({
      after: () => {
        stage.now += slow * 600;
        slow = 0;
      },
    });
    expect(await pacer.take('transactional', 1)).toEqual({ kind: 'taken', at: NOON + 1_100 });
    expect(stage.rows('RATE#')).toMatchObject([{ window: NOON / 1000 + 1, taken: 1 }]);
  });

  test('loses a lease whose acknowledgement it never saw, and leases another', async () => {
    const { stage, pacer } = setTo(10);
    stage.tables.inject({ before: ({ number }) => (number === 1 ? 'repeated' : undefined) });
    expect(await pacer.take('transactional', 1)).toMatchObject({ kind: 'taken' });
    expect(stage.rows('RATE#')).toMatchObject([{ taken: 2 }]);
  });

  test('gives up on a counter that never holds still, and sends nothing', async () => {
    const { stage, pacer } = setTo(100);
    const restless = {
      ...stage,
      tables: {
        put: async () => ({
          kind: 'conflict' as const,
          existing: { version: 1, window: NOON / 1000, taken: 1 },
        }),
      },
    };
    expect(await pacePools([poolAt(100)], restless).take('transactional', 1)).toMatchObject({ kind: 'none' });
    expect(await pacer.take('transactional', 1)).toMatchObject({ kind: 'taken' });
  });

  test('throws where the counter cannot be written: nothing is sent', async () => {
    const { stage, pacer } = setTo(10);
    stage.tables.inject({ before: () => 'throttled' });
    await expect(pacer.take('transactional', 1)).rejects.toThrow();
  });
});

interface Run {
  readonly rate: number;
  readonly senders: number;
  readonly messages: number;
  readonly body?: string;
  readonly postMilliseconds: number;
  readonly seed: number;
}

/** A queue worked off by many sandboxes at once, each with its own memory; ids come back as SQS would deliver them. */
const workOff = async ({ rate, senders, messages, body = 'Hello', postMilliseconds, seed }: Run) => {
  const time = new VirtualTime(NOON);
  const tables = createInMemoryTableClient();
  const chance = new SeededRandomness(seed);
  const ids = Array.from({ length: messages }, (_, number) => `int_${number.toString(16).padStart(32, '0')}`);
  for (const id of ids) {
    await writeTransition(undefined, { intent: pending({ id, body }), outbox: [] }, [], {
      ...time,
      tables,
      random: chance,
    });
  }
  const queue = ids.map((id) => ({ id, visibleAt: NOON }));
  tables.drainStream();
  tables.onChange(({ newImage }) => {
    for (const entry of (newImage?.outbox ?? []) as readonly {
      kind: string;
      intentId: string;
      delaySeconds: number;
    }[]) {
      if (entry.kind === 'dispatch')
        queue.push({ id: entry.intentId, visibleAt: time.clock() + entry.delaySeconds * 1000 });
    }
  });
  tables.inject({ before: async () => void (await time.sleep(3 + chance.fraction() * 12)) });
  let posted = 0;
  const sender = async (number: number) => {
    const ports = {
      tables,
      clock: time.clock,
      sleep: time.sleep,
      random: new SeededRandomness(seed * 100 + number),
    };
    const twilio = new ScriptedTwilio();
    twilio.create = async () => {
      posted += 1;
      const sid = sidOf(posted);
      await time.sleep(postMilliseconds * (0.5 + chance.fraction()));
      return accepted(sid);
    };
    const gate = createSendGate([poolAt(rate)], readGatePolicy(), { ...ports, consent: consentOf(tables) });
    // Tokens of attempts are drawn apart, for every sandbox counts its own from one.
    const random = { fraction: ports.random.fraction, token: () => `${number}-${ports.random.token()}` };
    for (let turn = 0; posted < messages; turn += 1) {
      const at = queue.findIndex(({ visibleAt }) => visibleAt <= time.clock());
      const [message] = at === -1 ? [] : queue.splice(at, 1);
      if (message === undefined) {
        await time.sleep(20);
        continue;
      }
      const began = time.clock();
      const remainingMilliseconds = () => 20_000 - (time.clock() - began);
      await deliverIntent(
        {
          intentId: message.id,
          owner: `${number}#${turn}`,
          hooksOrigin: HOOKS_ORIGIN,
          remainingMilliseconds,
        },
        {
          ...ports,
          random,
          gate,
          twilio,
          twilioCalls: new ScriptedCalls(),
          callStarts: createCallStarts(),
          ledger: new ScriptedLedger(),
          consent: consentOf(tables),
          observer: new RecordingObserver(),
        },
      );
    }
  };
  await time.until(Promise.all(Array.from({ length: senders }, (_, number) => sender(number + 1))));
  const armedAt = tables
    .items('messaging')
    .filter(({ sk }) => sk === 'ATTEMPT')
    .map(({ attempt }) => (attempt as { armedAt: number }).armedAt);
  return { armedAt: armedAt.sort((left, right) => left - right), tables };
};

const perSecond = (instants: readonly number[]): readonly number[] => {
  const counts = new Map<number, number>();
  for (const instant of instants)
    counts.set(Math.floor(instant / 1000), (counts.get(Math.floor(instant / 1000)) ?? 0) + 1);
  return [...counts.values()];
};

describe('senders of one pool together', () => {
  test.each<Run>([
    { rate: 10, senders: 20, messages: 150, postMilliseconds: 200, seed: 1 },
    { rate: 10, senders: 20, messages: 150, postMilliseconds: 200, seed: 2 },
    { rate: 10, senders: 20, messages: 150, postMilliseconds: 600, seed: 3 },
    { rate: 3, senders: 20, messages: 40, postMilliseconds: 200, seed: 4 },
    { rate: 1, senders: 2, messages: 12, postMilliseconds: 300, seed: 5 },
    { rate: 50, senders: 20, messages: 500, postMilliseconds: 150, seed: 6 },
  ])(
    'arm $rate a second at most and 80 % of it at least ($senders senders, POST of $postMilliseconds ms, seed $seed)',
    async (run) => {
      const { armedAt } = await workOff(run);
      expect(armedAt).toHaveLength(run.messages);
      expect(Math.max(...perSecond(armedAt))).toBeLessThanOrEqual(run.rate);
      const seconds = ((armedAt.at(-1) ?? 0) - NOON) / 1000;
      expect(run.messages / Math.max(1, Math.ceil(seconds))).toBeGreaterThanOrEqual(0.8 * run.rate);
    },
  );

  test('count segments, not messages', async () => {
    const { armedAt } = await workOff({
      rate: 10,
      senders: 20,
      messages: 60,
      body: 'a'.repeat(161),
      postMilliseconds: 200,
      seed: 7,
    });
    expect(Math.max(...perSecond(armedAt))).toBeLessThanOrEqual(5);
    expect((armedAt.at(-1) ?? 0) - NOON).toBeLessThanOrEqual(15_000);
  });

  test('send what is larger than their rate, one at a time, and pay for it', async () => {
    const { armedAt } = await workOff({
      rate: 1,
      senders: 3,
      messages: 5,
      body: 'a'.repeat(400),
      postMilliseconds: 100,
      seed: 8,
    });
    const gaps = armedAt
      .slice(1)
      .map((at, index) => Math.floor(at / 1000) - Math.floor((armedAt[index] ?? 0) / 1000));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3);
  });
});
