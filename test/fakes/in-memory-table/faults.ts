import type { TableName } from '../../../functions/shared/contract/tables.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';

/** One call as a fault plan sees it. */
export interface TableCall {
  /** 1 for the first call of this client. */
  readonly number: number;
  readonly operation: 'get' | 'put' | 'transact' | 'query' | 'scan';
  /** One for each action of a transaction. */
  readonly tables: readonly TableName[];
}

export type TableFault =
  /** Nothing happened, and the SDK has given up. */
  | 'throttled'
  /** It happened, the answer got lost, and the SDK has given up. */
  | 'acknowledgement-lost'
  /** It happened, the answer got lost, and the SDK asked again: a put meets its own item, a transaction its own token. */
  | 'repeated'
  /** Another writer held the item of the action named by `TableHooks.conflicting`: nothing happened. */
  | 'transaction-conflict';

export interface TableHooks {
  /** Before anything happens. Throws to crash the caller there. */
  before?(call: TableCall): TableFault | undefined | Promise<TableFault | undefined>;
  /** After it happened, before the caller knows. Throws to crash the caller there. */
  after?(call: TableCall): void | Promise<void>;
  /** Between the two tries of a `repeated` call. */
  between?(call: TableCall): void | Promise<void>;
  /** Indexes of the actions that meet a transaction conflict. @default the first */
  conflicting?(call: TableCall): readonly number[];
}

export interface Execution<Result> {
  readonly call: TableCall;
  readonly hooks: TableHooks;
  readonly run: () => Result;
  /** What a second try with the same token answers; by default it runs again. */
  readonly runAgain?: (first: Result) => Result;
  /** Answer to a transaction conflict; by default the adapter's retries have run out. */
  readonly conflict?: (actions: readonly number[]) => Result;
}

/** Runs a call under the fault that the plan has for it. @throws StoreUnavailableError, or what a hook throws */
export const executeUnderFaults = async <Result>(execution: Execution<Result>): Promise<Result> => {
  const { call, hooks } = execution;
  const fault = await hooks.before?.(call);
  const result = await carryOut(execution, fault);
  await hooks.after?.(call);
  if (fault === 'acknowledgement-lost') throw new StoreUnavailableError('injected: the answer was lost');
  return result;
};

const carryOut = async <Result>(
  execution: Execution<Result>,
  fault: TableFault | undefined,
): Promise<Result> => {
  const { call, hooks, run } = execution;
  switch (fault) {
    case 'throttled':
      throw new StoreUnavailableError('injected: throttled');
    case 'transaction-conflict':
      if (execution.conflict === undefined) throw new StoreUnavailableError('injected: the item stayed held');
      return execution.conflict(hooks.conflicting?.(call) ?? [0]);
    case 'repeated': {
      const first = run();
      await hooks.between?.(call);
      return execution.runAgain === undefined ? run() : execution.runAgain(first);
    }
    case 'acknowledgement-lost':
    case undefined:
      return run();
  }
};
