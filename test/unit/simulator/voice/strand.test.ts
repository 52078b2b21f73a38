import { describe, expect, test } from '@jest/globals';
import { Strand } from '../../../../local/twilio/engine/voice/strand.ts';
import { createManualClock } from '../../../../local/twilio/manual-clock.ts';

const start = () => {
  const clock = createManualClock(0);
  const errors: unknown[] = [];
  const strand = new Strand<string>(clock, (error) => errors.push(error));
  const log: string[] = [];
  const say = (what: string) => log.push(`${clock.now()} ${what}`);
  return { clock, strand, errors, log, say };
};

describe('a strand', () => {
  test('waits for a signal or for an instant, whatever comes first', async () => {
    const { clock, strand, log, say } = start();
    strand.start(async () => {
      say(`${await strand.wait(1000)}`);
      say(`${await strand.wait(5000)}`);
    });
    await clock.advance(400);
    strand.send('key');
    await clock.advance(10_000);
    expect(log).toEqual(['400 key', '5000 undefined']);
  });

  test('does all its work before time goes on, however many turns of the event loop that takes', async () => {
    const { clock, strand, log, say } = start();
    strand.start(async () => {
      await strand.wait(1000);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      say('worked');
      await strand.wait(1001);
      say('and again');
    });
    await clock.advance(5000);
    expect(log).toEqual(['1000 worked', '1001 and again']);
  });

  test('gets signals that came while it worked, in their order', async () => {
    const { clock, strand, log, say } = start();
    strand.start(async () => {
      await strand.pause(1000);
      say(`${await strand.wait()}`);
      say(`${await strand.wait()}`);
    });
    strand.send('one');
    await clock.advance(10);
    strand.send('two');
    await clock.advance(1000);
    expect(log).toEqual(['1000 one', '1000 two']);
  });

  test('can look for one kind of signal among those that wait', async () => {
    const { clock, strand, log, say } = start();
    strand.start(async () => {
      await strand.pause(100);
      say(`${strand.take((signal) => signal === 'hang up')}`);
      say(`${strand.take((signal) => signal === 'hang up')}`);
      say(`${await strand.wait()}`);
    });
    strand.send('key');
    strand.send('hang up');
    await clock.advance(100);
    expect(log).toEqual(['100 hang up', '100 undefined', '100 key']);
  });

  test('that fails tells so, and takes no signals any more', async () => {
    const { clock, strand, errors } = start();
    strand.start(async () => {
      throw new Error('a bug');
    });
    await clock.advance(0);
    strand.send('late');
    await clock.advance(0);
    expect(errors).toEqual([new Error('a bug')]);
  });

  test('that is abandoned is never continued, and holds nobody up', async () => {
    const { clock, strand, log, say } = start();
    strand.start(async () => {
      await strand.wait(1000);
      say('never');
    });
    await clock.advance(10);
    strand.abandon();
    await clock.advance(5000);
    expect(log).toEqual([]);
  });

  test('may signal another one that runs at the same instant', async () => {
    const { clock, strand, log, say } = start();
    const other = new Strand<string>(clock, () => {});
    strand.start(async () => {
      other.send('ping');
      say(`${await strand.wait()}`);
    });
    other.start(async () => {
      say(`${await other.wait()}`);
      strand.send('pong');
    });
    await clock.advance(0);
    expect(log).toEqual(['0 ping', '0 pong']);
  });
});

describe('the manual clock', () => {
  test('runs tasks in the order of their instants, and those of one instant in the order of their making', async () => {
    const clock = createManualClock(0);
    const order: number[] = [];
    for (const at of [50, 10, 30, 10, 40, 20]) {
      clock.schedule(at, async () => void order.push(at * 10 + order.length));
    }
    await clock.advance(100);
    expect(order.map((each) => Math.floor(each / 10))).toEqual([10, 10, 20, 30, 40, 50]);
    expect(clock.now()).toBe(100);
  });

  test('jumps from task to task until nothing is planned, tasks made meanwhile included', async () => {
    const clock = createManualClock(0);
    const off = clock.schedule(500, async () => {
      throw new Error('was called off');
    });
    clock.schedule(100, async () => void clock.schedule(7_200_000, async () => {}));
    off();
    await clock.runUntilIdle();
    expect(clock.now()).toBe(7_200_000);
  });
});
