import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createInMemoryTableClient } from '../fakes/in-memory-table-client.ts';
import { type Operation, perform, sequences } from './differential-operations.ts';
import { type EngineTables, engineProblem, startEngineTables } from './engines.ts';

/** Sequences compared; more on demand, `TRUNKLINE_DIFFERENTIAL_RUNS=10000`. */
const RUNS = Number(process.env.TRUNKLINE_DIFFERENTIAL_RUNS ?? 200);

const KIND = process.env.TRUNKLINE_DIFFERENTIAL_ENGINE === 'dynamodb-local' ? 'dynamodb-local' : 'dynoxide';

const problem = engineProblem(KIND);

const answersOf = async (
  client: Parameters<typeof perform>[0],
  prefix: string,
  sequence: readonly Operation[],
): Promise<readonly unknown[]> => {
  const answers: unknown[] = [];
  for (const operation of sequence) answers.push(await perform(client, prefix, operation));
  return answers;
};

if (problem === undefined) {
  let engine: EngineTables | undefined;
  beforeAll(async () => {
    engine = await startEngineTables(KIND);
  }, 30_000);
  afterAll(async () => engine?.stop());

  describe(`the in-memory fake against ${KIND}`, () => {
    test(
      'answers every sequence of operations as the engine does',
      async () => {
        const real = engine?.tables;
        if (real === undefined) throw new Error('the engine did not start');
        const fake = createInMemoryTableClient();
        let compared = 0;
        await fc.assert(
          fc.asyncProperty(sequences, async (sequence) => {
            compared += 1;
            const prefix = `D${compared}#`;
            expect(await answersOf(fake, prefix, sequence)).toEqual(await answersOf(real, prefix, sequence));
          }),
          { numRuns: RUNS },
        );
      },
      Math.max(60_000, RUNS * 200),
    );
  });
} else {
  test.todo(`SKIPPED differential test against ${KIND}: ${problem}`);
}
