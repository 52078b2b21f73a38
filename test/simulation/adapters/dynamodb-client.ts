import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  DynamoDBServiceException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import type { Effect } from '../world/port-calls.ts';
import type { World } from '../world/world.ts';
import {
  actionsOf,
  canceled,
  type DynamoDbAnswer,
  type DynamoDbInput,
  executeDynamoDb,
} from './dynamodb-engine.ts';

/**
 * Takes the SDK client's place under the real table adapter: commands go in, outputs and the SDK's own exceptions come out,
 * after what the SDK's retries would have made of a fault.
 */
export const createSimulatedDynamoDb = (world: World): Pick<DynamoDBClient, 'send'> => {
  const send = async (command: { readonly input: DynamoDbInput }): Promise<object> => {
    const operation = command.constructor.name.replace(/Command$/, '');
    const answer = await world.ports.call({
      name: nameOf(operation, command.input),
      about: aboutOf(command.input),
      effect: effectOf(world, operation, command.input),
    });
    return outputOf(answer);
  };
  return { send } as unknown as Pick<DynamoDBClient, 'send'>;
};

const NAMES: Readonly<Record<string, string>> = {
  GetItem: 'get',
  PutItem: 'put',
  Query: 'query',
  Scan: 'scan',
};

export const nameOf = (operation: string, input: DynamoDbInput): string =>
  operation === 'TransactWriteItems' ? 'transact' : `${NAMES[operation] ?? operation} ${input.TableName}`;

/** As the port over the store writes it: traces of both read alike. */
export const aboutOf = (input: DynamoDbInput): string => {
  const items = input.TransactItems?.map(
    ({ Put, Delete, ConditionCheck }) => Put ?? Delete ?? ConditionCheck ?? {},
  ) ?? [input];
  return items
    .map(({ Item, Key }) =>
      [Item?.pk?.S ?? Key?.pk?.S, Item?.state?.S, Item?.version?.N]
        .filter((part) => part !== undefined)
        .join(' '),
    )
    .map((text) => (input.TransactItems === undefined ? text : `[${text}]`))
    .join(' ');
};

const READS = new Set(['GetItem', 'Query', 'Scan']);

export const effectOf =
  (world: World, operation: string, input: DynamoDbInput): Effect<DynamoDbAnswer> =>
  () => {
    const { faults, coverage } = world;
    const random = world.random('tables');
    const run = () => executeDynamoDb(world.store, operation, input);
    if (random.chance(faults.tableThrottled))
      return failed(world, 'throttled', serviceError('ThrottlingException'));
    if (READS.has(operation)) return { kind: 'value', value: run() };
    if (random.chance(faults.transactionConflict)) return conflicted(world, operation, input);
    const first = run();
    world.note(`  ${operation} ${first.kind}`);
    if (random.chance(faults.tableAcknowledgementLost))
      return failed(world, 'acknowledgement lost', networkError());
    if (!random.chance(faults.tableRepeated)) return { kind: 'value', value: first };
    const isPut = operation === 'PutItem';
    coverage.reach(`fault: ${isPut ? 'put' : 'transact'} asked again by the SDK`);
    const again = () => (!isPut && first.kind === 'output' ? first : run());
    return {
      kind: 'again',
      after: random.between(50, 1_200),
      effect: () => ({ kind: 'value', value: again() }),
    };
  };

const failed = (world: World, why: string, error: Error): ReturnType<Effect<DynamoDbAnswer>> => {
  world.coverage.reach(`fault: table ${why}`);
  return { kind: 'error', error, after: world.random('tables').between(200, 3_500) };
};

/** Another transaction holds an item: a put is refused by name, a transaction by a reason; or this very one is still under way. */
const conflicted = (
  world: World,
  operation: string,
  input: DynamoDbInput,
): ReturnType<Effect<DynamoDbAnswer>> => {
  const random = world.random('tables');
  world.coverage.reach('fault: transaction conflict');
  if (operation === 'PutItem')
    return { kind: 'error', error: new TransactionConflictException(exception('held')) };
  if (random.chance(0.2)) {
    world.coverage.reach('fault: transaction in progress');
    return { kind: 'error', error: new TransactionInProgressException(exception('in progress')) };
  }
  const actions = actionsOf(input);
  const { reasons } = world.store.conflict(actions, [random.below(actions.length)]) as Extract<
    ReturnType<World['store']['transact']>,
    { kind: 'canceled' }
  >;
  return { kind: 'value', value: canceled(reasons) };
};

const exception = (message: string) => ({ message, $metadata: {} });

const outputOf = (answer: DynamoDbAnswer): object => {
  switch (answer.kind) {
    case 'output':
      return answer.output;
    case 'condition-failed':
      throw new ConditionalCheckFailedException({
        ...exception('condition'),
        ...(answer.item === undefined ? {} : { Item: answer.item }),
      });
    case 'canceled':
      throw new TransactionCanceledException({
        ...exception('canceled'),
        CancellationReasons: [...answer.reasons],
      });
  }
};

const serviceError = (name: string): Error =>
  new DynamoDBServiceException({ name, $fault: 'client', ...exception(name) });

const networkError = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
