import { setTimeout as wait } from 'node:timers/promises';
import type { TableClient } from '../../functions/shared/ports/table-client.ts';
import { systemWithin } from '../../functions/shared/runtime/deadline.ts';
import { callSidOf, VoiceHarness, verbsOf } from '../../test/fakes/voice/voice-harness.ts';
import type { Figure } from '../figure.ts';
import { lognormal, percentile, seededUniform } from '../statistics.ts';

const ROUNDS = 3;
const CALLS = 100;
const TURNS = 10;
const GOAL_MILLISECONDS = 50;

/** Milliseconds of DynamoDB within a Region, as published measurements have them. */
const DYNAMODB = { p50: 5, p99: 18 };

/** p99 of the handler's answers to 100 callers at once, each pressing keys, with AWS's latencies under the real handler. */
export const measureTurns = async (): Promise<readonly Figure[]> => {
  const ours: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) ours.push(percentile(await answers(round), 0.99));
  const baseline = ours.map(() => GOAL_MILLISECONDS);
  return [
    { name: `call: p99 of an answer, ${CALLS} callers (limit 50)`, unit: 'ms', baseline, ours, goal: 1 },
  ];
};

const answers = async (seed: number): Promise<readonly number[]> => {
  const uniform = seededUniform(seed);
  const latency = lognormal(uniform, DYNAMODB);
  const slow = (tables: TableClient): TableClient => ({
    ...tables,
    get: async (...call) => (await wait(latency()), await tables.get(...call)),
    put: async (...call) => (await wait(latency()), await tables.put(...call)),
    transact: async (...call) => (await wait(latency()), await tables.transact(...call)),
  });
  const twilio = new VoiceHarness({ tables: slow, within: systemWithin });
  const times: number[] = [];
  const timed = async (work: () => ReturnType<VoiceHarness['post']>) => {
    const start = performance.now();
    const answer = await work();
    times.push(performance.now() - start);
    return answer;
  };
  const call = async (number: number): Promise<void> => {
    const callSid = callSidOf(number);
    await wait(uniform() * 500);
    let answer = await timed(() => twilio.post({ callSid }));
    for (let turn = 0; turn < TURNS; turn += 1) {
      const next = verbsOf(answer).find(({ attributes }) => attributes.action !== undefined)?.attributes
        .action;
      if (next === undefined) return;
      await wait(uniform() * 100);
      answer = await timed(() => twilio.follow(next, [['Digits', '9']], callSid));
    }
  };
  await call(0);
  times.length = 0;
  await Promise.all(Array.from({ length: CALLS }, (_, at) => call(at + 1)));
  return times;
};
