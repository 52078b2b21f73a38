import { describe, expect, test } from '@jest/globals';
import type { DeadLetter } from '../../../functions/shared/ports/dead-letters.ts';
import {
  type RedriveCommand,
  type RedriveProgress,
  redriveQueue,
} from '../../../functions/support/redrive-queue.ts';
import { MemoryDeadLetters } from '../../fakes/memory-dead-letters.ts';

const bodies = (count: number): string[] => Array.from({ length: count }, (_, index) => `body ${index}`);

const stageOf = (letters: MemoryDeadLetters) => {
  const delivered: string[] = [];
  const reports: RedriveProgress[] = [];
  let now = 0;
  let refuse: (letter: DeadLetter) => string | undefined = () => undefined;
  const ports = {
    letters,
    deliver: async (batch: readonly DeadLetter[]) => {
      const failed = batch.flatMap((letter, index) => {
        const reason = refuse(letter);
        return reason === undefined ? [] : [{ index, reason }];
      });
      const refused = new Set(failed.map(({ index }) => index));
      delivered.push(...batch.filter((_, index) => !refused.has(index)).map(({ body }) => body));
      return { failed };
    },
    clock: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
    report: (progress: RedriveProgress) => void reports.push(progress),
  };
  return {
    delivered,
    reports,
    refuse: (rule: typeof refuse) => {
      refuse = rule;
    },
    run: (command: Partial<RedriveCommand> = {}) => redriveQueue({ perSecond: 1_000, ...command }, ports),
    elapsed: () => now,
    ports,
  };
};

describe('a redrive', () => {
  test('delivers every letter, and removes it afterwards', async () => {
    const letters = new MemoryDeadLetters(bodies(25));
    const { run, delivered, reports } = stageOf(letters);
    expect(await run()).toEqual({ delivered: 25, kept: new Map() });
    expect(delivered.sort()).toEqual(bodies(25).sort());
    expect(letters.left).toEqual([]);
    expect(reports.map((report) => report.delivered)).toEqual([10, 20, 25]);
  });

  test('keeps to its rate, the time that deliveries take included', async () => {
    const { run, elapsed } = stageOf(new MemoryDeadLetters(bodies(100)));
    await run({ perSecond: 20 });
    expect(elapsed()).toBe(5_000);
  });

  test('keeps what is refused in the queue, says why, and does not go round in circles with it', async () => {
    const letters = new MemoryDeadLetters(bodies(12));
    const stage = stageOf(letters);
    stage.refuse(({ body }) => (body === 'body 3' ? 'unreadable' : undefined));
    expect(await stage.run()).toEqual({ delivered: 11, kept: new Map([['unreadable', 1]]) });
    expect(letters.left).toEqual(['body 3']);
    letters.reveal();
    expect(await stage.run()).toEqual({ delivered: 0, kept: new Map([['unreadable', 1]]) });
  });

  test('ends between two batches when it is told to stop, and goes on where it stopped', async () => {
    const letters = new MemoryDeadLetters(bodies(30));
    const stage = stageOf(letters);
    expect(await stage.run({ isStopped: () => stage.delivered.length >= 20 })).toMatchObject({
      delivered: 20,
    });
    expect(letters.left.length).toBe(10);
    expect(await stage.run()).toMatchObject({ delivered: 10 });
    expect(stage.delivered.sort()).toEqual(bodies(30).sort());
  });

  test('ends after about as many as were asked for', async () => {
    const letters = new MemoryDeadLetters(bodies(100));
    expect(await stageOf(letters).run({ most: 15 })).toMatchObject({ delivered: 20 });
    expect(letters.left.length).toBe(80);
  });

  test('loses nothing when a delivery breaks off: the batch is still there', async () => {
    const letters = new MemoryDeadLetters(bodies(20));
    const stage = stageOf(letters);
    const broken = redriveQueue(
      { perSecond: 1_000 },
      { ...stage.ports, deliver: () => Promise.reject(new Error('the network is gone')) },
    );
    await expect(broken).rejects.toThrow('the network is gone');
    letters.reveal();
    expect(await stage.run()).toMatchObject({ delivered: 20 });
  });

  test('delivers again what it could not remove', async () => {
    const letters = new MemoryDeadLetters(bodies(5));
    letters.lostRemovals = 2;
    const { run, delivered } = stageOf(letters);
    await run();
    letters.reveal();
    await run();
    expect(delivered.length).toBe(7);
    expect(letters.left).toEqual([]);
  });
});
