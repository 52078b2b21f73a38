import type { Randomness, Sleep } from '../shared/ports/randomness.ts';
import {
  type CancellationReason,
  type Expression,
  type Put,
  StoreUnavailableError,
  type TableClient,
  type WriteAction,
  type WriteResult,
} from '../shared/ports/table-client.ts';
import { tellFailure } from './domain/failing.ts';
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
export function intentPut(before: Intent | undefined, transition: Transition): Put {
  return {
    kind: 'put',
    table: 'messaging',
    item: intentItem(tellFailure(before, transition)),
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
  const result =
    others.length === 0 ? await ports.tables.put(put) : await transactOnItem([put, ...others], ports);
  if (result.kind === 'refused') throw new UnexpectedConditionError(result.by);
  return storeResultOf(result, transition);
}

/** A conflict with our own write means that its acknowledgement was lost. */
export function storeResultOf(result: WriteResult, transition: Transition): StoreResult {
  if (result.kind === 'written') return result;
  const stored = result.existing === undefined ? undefined : intentOfItem(result.existing);
  const isOurOwn = stored?.owner === transition.intent.owner && stored.version === transition.intent.version;
  return isOurOwn ? { kind: 'written' } : { kind: 'conflict', existing: stored };
}

export type TransactionOutcome =
  | WriteResult
  /** The first action held, the condition of the one at index `by` did not; nothing was written. */
  | { readonly kind: 'refused'; readonly by: number };

const TRANSACTION_TRIES = 4;
const CONFLICT_PAUSE_MILLISECONDS = 50;

/**
 * Runs a transaction whose first action decides; only conflicts and throttles are tried again, with jitter.
 * @throws StoreUnavailableError after the last try.
 */
export async function transactOnItem(
  actions: readonly WriteAction[],
  ports: StorePorts,
): Promise<TransactionOutcome> {
  for (let attempt = 1; attempt <= TRANSACTION_TRIES; attempt += 1) {
    const result = await ports.tables.transact(actions);
    if (result.kind === 'committed') return { kind: 'written' };
    const outcome = decisionOf(result.reasons);
    if (outcome !== undefined) return outcome;
    await ports.sleep(ports.random.fraction() * CONFLICT_PAUSE_MILLISECONDS * 2 ** attempt);
  }
  throw new StoreUnavailableError('the transaction met only conflicts and throttles');
}

/** Undefined where the first action's condition was not judged: what the others met then says nothing. */
function decisionOf(reasons: readonly CancellationReason[]): TransactionOutcome | undefined {
  const [first] = reasons;
  if (first?.code === 'condition-failed') return { kind: 'conflict', existing: first.existing };
  if (first?.code !== 'none') return undefined;
  const by = reasons.findIndex((reason) => reason.code === 'condition-failed');
  return by === -1 ? undefined : { kind: 'refused', by };
}

/** A condition failed that no protocol lets fail: a bug, or a token drawn twice. */
export class UnexpectedConditionError extends Error {
  override readonly name = 'UnexpectedConditionError';
  readonly retryable = true;

  constructor(action: number) {
    super(`transaction canceled by its action ${action}, whose condition must hold`);
  }
}
