import {
  type Item,
  StoreUnavailableError,
  type TableClient,
  type WriteAction,
} from '../../../functions/shared/ports/table-client.ts';
import type { Effect } from './port-calls.ts';
import type { World } from './world.ts';

type Operation = 'get' | 'put' | 'transact' | 'query' | 'scan';

/**
 * DynamoDB as the port has it, over the store in memory: throttled for good, done but the answer lost, done and asked
 * again by the SDK, held by another transaction.
 */
export const createTablePort = (world: World): TableClient => ({
  get: (table, key, { consistent = false } = {}) =>
    world.ports.call({
      name: `get ${table}`,
      about: keyText(key),
      effect: reading(world, () => world.store.get(table, key, consistent)),
    }),
  put: (put) =>
    world.ports.call({
      name: `put ${put.table}`,
      about: itemText(put.item),
      effect: writing(world, 'put', () => world.store.put(put)),
    }),
  transact: (actions) =>
    world.ports.call({
      name: 'transact',
      about: actions.map(actionText).join(' '),
      effect: transacting(world, actions),
    }),
  query: (query) =>
    world.ports.call({
      name: `query ${query.table}`,
      about: query.index ?? '',
      effect: reading(world, () => world.store.query(query)),
    }),
  scan: (scan) =>
    world.ports.call({
      name: `scan ${scan.table}`,
      about: String(scan.segment),
      effect: reading(world, () => world.store.scan(scan)),
    }),
});

const keyText = (key: Item): string => String(key.pk);

const itemText = (item: Item): string =>
  [keyText(item), item.state, item.version].filter((part) => part !== undefined).join(' ');

const actionText = (action: WriteAction): string =>
  action.kind === 'put' ? `[${itemText(action.item)}]` : `[${action.kind} ${keyText(action.key)}]`;

const reading =
  <Result>(world: World, run: () => Result): Effect<Result> =>
  () => {
    if (world.random('tables').chance(world.faults.tableThrottled)) return unavailable(world, 'throttled');
    return { kind: 'value', value: run() };
  };

const unavailable = <Result>(world: World, why: string): ReturnType<Effect<Result>> => {
  world.coverage.reach(`fault: table ${why}`);
  const after = world.random('tables').between(200, 3_500);
  return { kind: 'error', error: new StoreUnavailableError(`simulated: ${why}`), after };
};

/** `runAgain` is what the SDK's second try meets. */
const writing =
  <Result>(
    world: World,
    operation: Operation,
    run: () => Result,
    runAgain: (first: Result) => Result = run,
  ): Effect<Result> =>
  () => {
    const { faults, coverage } = world;
    const random = world.random('tables');
    if (random.chance(faults.tableThrottled)) return unavailable(world, 'throttled');
    const value = run();
    world.note(`  ${operation} ${outcomeText(value)}`);
    if (random.chance(faults.tableAcknowledgementLost)) return unavailable(world, 'acknowledgement lost');
    if (!random.chance(faults.tableRepeated)) return { kind: 'value', value };
    coverage.reach(`fault: ${operation} asked again by the SDK`);
    const effect: Effect<Result> = () => ({ kind: 'value', value: runAgain(value) });
    return { kind: 'again', after: random.between(50, 1_200), effect };
  };

const transacting = (
  world: World,
  actions: readonly WriteAction[],
): Effect<ReturnType<World['store']['transact']>> => {
  const write = writing(
    world,
    'transact',
    () => world.store.transact(actions),
    // The same ClientRequestToken: a committed transaction is committed.
    (first) => (first.kind === 'committed' ? first : world.store.transact(actions)),
  );
  return () => {
    const random = world.random('tables');
    if (!random.chance(world.faults.transactionConflict)) return write();
    world.coverage.reach('fault: transaction conflict');
    return { kind: 'value', value: world.store.conflict(actions, [random.below(actions.length)]) };
  };
};

const outcomeText = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'kind' in value ? String(value.kind) : '';
