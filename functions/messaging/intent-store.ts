import type { Randomness, Sleep } from '../shared/ports/randomness.ts';
import {
  type Expression,
  type Item,
  StoreUnavailableError,
  type TableClient,
  type WriteAction,
} from '../shared/ports/table-client.ts';
import type { Intent } from './domain/intent.ts';
import type { Transition } from './domain/intent-event.ts';
import { intentItem, intentKey, intentOfItem } from './intent-item.ts';

export interface StorePorts {
  readonly tables: TableClient;
  readonly random: Randomness;
  readonly sleep: Sleep;
}

export type StoreResult =
  | { readonly kind: 'written' }
  /** Somebody else's write came first; `existing` is what stands now. */
  | { readonly kind: 'conflict'; readonly existing: Intent | undefined };

export const isAbsent: Expression = {
  expression: 'attribute_not_exists(#pk)',
  names: { '#pk': 'pk' },
};

export const isAtVersion = (version: number): Expression => ({
  expression: '#version = :version',
  names: { '#version': 'version' },
  values: { ':version': version },
});

/** Read strongly: a decision to send rests on it. */
export async function readIntent(tables: TableClient, intentId: string): Promise<Intent | undefined> {
  const item = await tables.get('messaging', intentKey(intentId), { consistent: true });
  return item === undefined ? undefined : intentOfItem(item);
}

/** The put of a transition's intent, on the condition that nobody changed it since `before`. */
export function intentPut(before: Intent | undefined, transition: Transition): WriteAction {
  return {
    kind: 'put',
    table: 'messaging',
    item: intentItem(transition),
    condition: before === undefined ? isAbsent : isAtVersion(before.version),
  };
}

/** Writes a transition, together with `others` where given: all or nothing. */
export async function writeTransition(
  before: Intent | undefined,
  transition: Transition,
  others: readonly WriteAction[],
  ports: StorePorts,
): Promise<StoreResult> {
  const put = intentPut(before, transition);
  const existing =
    others.length === 0 && put.kind === 'put'
      ? conflictOf(await ports.tables.put(put))
      : await transactOnItem([put, ...others], ports);
  if (existing === 'written') return { kind: 'written' };
  const stored = existing.item === undefined ? undefined : intentOfItem(existing.item);
  const isOurOwn = stored?.owner === transition.intent.owner && stored.version === transition.intent.version;
  return isOurOwn ? { kind: 'written' } : { kind: 'conflict', existing: stored };
}

type Conflict = 'written' | { readonly item: Item | undefined };

const conflictOf = (result: Awaited<ReturnType<TableClient['put']>>): Conflict =>
  result.kind === 'written' ? 'written' : { item: result.existing };

const TRANSACTION_TRIES = 4;
const CONFLICT_PAUSE_MILLISECONDS = 50;

/**
 * Runs a transaction whose first action decides; only conflicts and throttles are tried again, with jitter.
 * @throws StoreUnavailableError after the last try.
 */
export async function transactOnItem(actions: readonly WriteAction[], ports: StorePorts): Promise<Conflict> {
  for (let attempt = 1; attempt <= TRANSACTION_TRIES; attempt += 1) {
    const result = await ports.tables.transact(actions);
    if (result.kind === 'committed') return 'written';
    const failed = result.reasons.find((reason) => reason.code === 'condition-failed');
    if (failed !== undefined) {
      const [first] = result.reasons;
      if (first?.code === 'condition-failed') return { item: first.existing };
      throw new UnexpectedConditionError(result.reasons.map((reason) => reason.code));
    }
    await ports.sleep(ports.random.fraction() * CONFLICT_PAUSE_MILLISECONDS * 2 ** attempt);
  }
  throw new StoreUnavailableError('the transaction met only conflicts and throttles');
}

/** A condition failed that no protocol lets fail: a bug, or a token drawn twice. */
export class UnexpectedConditionError extends Error {
  override readonly name = 'UnexpectedConditionError';
  readonly retryable = true;

  constructor(codes: readonly string[]) {
    super(`transaction canceled by an action that must hold: ${codes.join(', ')}`);
  }
}
