import { expect, test } from '@jest/globals';
import { createHandler } from '../../../functions/messaging/dispatch-due/handler.ts';
import { measureParked } from '../../../functions/messaging/dispatch-due/measure-parked.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { createInMemoryTableClient } from '../../fakes/in-memory-table-client.ts';
import { ATTEMPT, NOON, pending } from '../../fakes/messaging/intents.ts';
import { lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { Stage } from '../../fakes/messaging/stage.ts';
import { createRecordingObserver } from '../../fakes/recording-observer.ts';

const HOUR = 3_600_000;
const END_OF_RETENTION = NOON + 30 * 24 * HOUR;

/** Parked at these instants, the first sent first. */
const measured = async (parkedAt: readonly number[], pageBytes?: number) => {
  const stage = new Stage('2026-03-02T12:00:00Z');
  const tables = createInMemoryTableClient(pageBytes === undefined ? {} : { pageBytes });
  const observer = createRecordingObserver();
  const ports = { tables, observer, clock: stage.clock, random: stage.random, sleep: stage.sleep };
  for (const [number, updatedAt] of parkedAt.entries()) {
    const id = `int_${number.toString(16).padStart(32, '0')}`;
    const dueAt = END_OF_RETENTION + number * 1_000;
    const intent = pending({ id, state: 'PARKED', attempt: ATTEMPT, updatedAt, dueAt });
    await writeTransition(undefined, { intent, outbox: [] }, [], ports);
  }
  await measureParked(ports);
  return observer.metrics;
};

test('nothing parked is told as zero, which ends an alarm', async () => {
  expect(await measured([])).toEqual([
    { metric: 'Parked', value: 0 },
    { metric: 'ParkedAge', value: 0 },
  ]);
});

test('what is parked is counted, and the age is that of the longest wait', async () => {
  const noonOfTheSecond = NOON + 24 * HOUR;
  expect(await measured([2, 5, 3].map((hours) => noonOfTheSecond - hours * HOUR))).toEqual([
    { metric: 'Parked', value: 3 },
    { metric: 'ParkedAge', value: 5 * HOUR },
  ]);
});

test('more than a page is counted whole', async () => {
  const [count] = await measured(
    Array.from({ length: 70 }, () => NOON),
    2_000,
  );
  expect(count).toEqual({ metric: 'Parked', value: 70 });
});

test('the minute tick measures', async () => {
  const stage = new Stage('2026-03-02T12:00:00Z');
  await createHandler(stage)({}, lambdaContext(50_000));
  expect(stage.observer.counts.get('Parked')).toBe(0);
  expect(stage.observer.counts.has('ParkedAge')).toBe(true);
});
