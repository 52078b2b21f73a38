import { afterAll, beforeAll, test } from '@jest/globals';
import { type EngineTables, engineProblem, startEngineTables, withLightClient } from './engines.ts';
import { describeTableClientContract } from './table-client.contract.ts';

const problem = engineProblem('dynamodb-local');

if (problem === undefined) {
  let engine: EngineTables | undefined;
  beforeAll(async () => {
    engine = await startEngineTables('dynamodb-local');
  }, 30_000);
  afterAll(async () => engine?.stop());

  describeTableClientContract('dynamodb-local, through the SDK adapter', () => {
    if (engine === undefined) throw new Error('the engine did not start');
    return engine.tables;
  });
  describeTableClientContract('dynamodb-local, through the light client', () => {
    if (engine === undefined) throw new Error('the engine did not start');
    return withLightClient(engine);
  });
} else {
  test.todo(`SKIPPED on dynamodb-local: ${problem}`);
}
