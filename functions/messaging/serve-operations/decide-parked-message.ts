import type { SenderPool } from '../../shared/contract/settings.ts';
import { StoreUnavailableError } from '../../shared/ports/table-client.ts';
import type { Intent, IntentState } from '../domain/intent.ts';
import { decideParked } from '../domain/settling.ts';
import { intentPut, readIntent } from '../intent-store.ts';
import type { OperationPorts } from './change-pause.ts';
import { recallCommand, writeOnce } from './remember-command.ts';

export interface DecideParkedMessage {
  readonly clientId: string;
  readonly idempotencyKey: string;
  readonly intentId: string;
  readonly decision: 'resend' | 'give-up';
  readonly reason: string;
}

export type DecideParkedOutcome =
  /** `intent` is what stands now; a repeated command changes nothing. */
  | { readonly kind: 'done'; readonly intent: Intent }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'missing' }
  /** Never parked, decided by somebody else, or settled by late evidence. */
  | { readonly kind: 'not-parked'; readonly state: IntentState }
  /** It cannot be sent again: the configuration has its pool no more. */
  | { readonly kind: 'no-pool'; readonly pool: string };

const TRIES = 5;

/** Carries an operator's decision out once per idempotency key, unless evidence or another operator was faster. */
export async function decideParkedMessage(
  command: DecideParkedMessage,
  pools: readonly SenderPool[],
  ports: OperationPorts,
): Promise<DecideParkedOutcome> {
  const owner = ports.random.token();
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const outcome = await tryToDecide(command, owner, pools, ports);
    if (outcome !== undefined) return outcome;
  }
  throw new StoreUnavailableError('the intent kept changing under the decision');
}

/** Undefined where something else came first: to be decided anew. */
async function tryToDecide(
  command: DecideParkedMessage,
  owner: string,
  pools: readonly SenderPool[],
  ports: OperationPorts,
): Promise<DecideParkedOutcome | undefined> {
  const { clientId, idempotencyKey, intentId, decision, reason } = command;
  const once = { clientId, idempotencyKey, request: ['parked', intentId, decision, reason] };
  const intent = await readIntent(ports.tables, intentId);
  if (intent === undefined) return { kind: 'missing' };
  const memory = await recallCommand(once, ports.tables);
  if (memory === 'key-reused') return { kind: memory };
  if (memory === 'repeated') return { kind: 'done', intent };
  const pool = pools.find(({ name }) => name === intent.pool);
  if (pool === undefined && decision === 'resend') return { kind: 'no-pool', pool: intent.pool };
  const now = ports.clock();
  const deadline = now + (pool?.deadlineSeconds ?? 0) * 1000;
  const moment = { now, owner, jitter: ports.random.fraction() };
  const transition = decideParked(intent, { decision, reason, deadline, decidedBy: clientId }, moment);
  if (transition === undefined) return { kind: 'not-parked', state: intent.state };
  const written = await writeOnce(once, [intentPut(intent, transition)], moment, ports);
  return written === 'written' ? { kind: 'done', intent: transition.intent } : undefined;
}
