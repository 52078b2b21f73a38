import { afterAll, beforeAll, test } from '@jest/globals';
import { type EngineTables, engineProblem, startEngineTables, withLightClient } from './engines.ts';
import { describeTableClientContract } from './table-client.contract.ts';

const problem = engineProblem('dynoxide');

if (problem === undefined) {
  let engine: EngineTables | undefined;
  beforeAll(async () => {
    engine = await startEngineTables('dynoxide');
  }, 30_000);
  afterAll(async () => engine?.stop());

  describeTableClientContract(
    'dynoxide, through the SDK adapter',
    () => {
      if (engine === undefined) throw new Error('the engine did not start');
      return engine.tables;
    },
    // Refused in its transactions, not in its puts (1.2.1).
    { notRefused: ['a value that is not used'] },
  );
  describeTableClientContract(
    'dynoxide, through the light client',
    () => {
      if (engine === undefined) throw new Error('the engine did not start');
      return withLightClient(engine);
    },
    { notRefused: ['a value that is not used'] },
  );
} else {
  test.todo(`SKIPPED on dynoxide: ${problem}`);
}
