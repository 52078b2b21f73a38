import { isDeepStrictEqual, parseArgs } from 'node:util';
import fc from 'fast-check';
import type { TableClient } from '../../functions/shared/ports/table-client.ts';
import type { DynamoDbEngineKind } from '../../local/cloud/engines/dynamodb-engine.ts';
import { createInMemoryTableClient } from '../fakes/in-memory-table-client.ts';
import { type Operation, perform, sequences } from './differential-operations.ts';
import { engineProblem, startEngineTables } from './engines.ts';
import { ownCases, ownExpressions } from './own-expressions.ts';

/**
 * `npm run differential`: the in-memory DynamoDB against the real engines, by the project's own expressions and by sequences
 * of random operations. Ends with an error on the first difference that is not explained by a known one.
 */
const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    sequences: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', multiple: true, default: ['dynoxide', 'dynamodb-local'] },
  },
});
const seed = Number(options.seed);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A run of operations whose answers must agree. */
type Case = readonly Operation[];

const cases: readonly Case[] = [
  ...fc
    .sample(ownCases(ownExpressions()), { numRuns: Number(options.cases), seed })
    .map(({ before, put, condition }): Case => {
      const key = { pk: 'p', sk: 'a' };
      return [
        ...(before === undefined
          ? []
          : [{ kind: 'put', item: { ...before, ...key }, condition: undefined } as const]),
        { kind: 'put', item: { ...put, ...key }, condition },
        { kind: 'get', key },
      ];
    }),
  ...fc.sample(sequences, { numRuns: Number(options.sequences), seed }),
];

const answersOf = async (client: TableClient, prefix: string, operations: Case): Promise<unknown[]> => {
  const answers: unknown[] = [];
  for (const operation of operations) answers.push(await perform(client, prefix, operation));
  return answers;
};

/** @returns how many cases differ */
const compare = async (kind: DynamoDbEngineKind): Promise<number> => {
  const engine = await startEngineTables(kind);
  const fake = createInMemoryTableClient();
  const startedAt = performance.now();
  let [operations, differences, refused] = [0, 0, 0];
  for (const [index, each] of cases.entries()) {
    const prefix = `${index}#`;
    const [expected, found] = [
      await answersOf(engine.tables, prefix, each),
      await answersOf(fake, prefix, each),
    ];
    operations += each.length;
    refused += expected.filter((answer) => answer === 'refused').length;
    if (isDeepStrictEqual(plain(expected), plain(found))) continue;
    differences += 1;
    if (differences <= 5)
      print(`case ${index} differs:\n${JSON.stringify({ each, expected, found }, describeSet, 2)}`);
  }
  await engine.stop();
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  print(
    `${kind}: ${options.cases} cases of ${ownExpressions().length} own expressions, ${options.sequences} random sequences, ${operations} operations (${refused} refused by both), ${differences} differences, seed ${seed}, ${seconds} s`,
  );
  return differences;
};

const describeSet = (_name: string, value: unknown): unknown => (value instanceof Set ? [...value] : value);

/** Without prototypes and freezing, which no engine has; a set is the same in any order. */
const plain = (value: unknown): unknown => {
  if (value instanceof Set) return { set: [...value].sort() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
};

let differences = 0;
for (const kind of options.engine as DynamoDbEngineKind[]) {
  const problem = engineProblem(kind);
  if (problem === undefined) differences += await compare(kind);
}
process.exitCode = differences === 0 ? 0 : 1;
