import type { SenderPool } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { StoreUnavailableError } from '../../shared/ports/table-client.ts';
import { changeSending, type SendingControl, type SendingState } from '../domain/sending-control.ts';
import type { StorePorts } from '../intent-store.ts';
import { readSendingControl, sendingControlPut } from '../sending-control-store.ts';
import { recallCommand, writeOnce } from './remember-command.ts';

export interface ChangePause {
  readonly clientId: string;
  readonly idempotencyKey: string;
  readonly scope: string;
  readonly state: SendingState;
  readonly reason: string;
  readonly isConfirmed: boolean;
}

export interface OperationPorts extends StorePorts {
  readonly clock: Clock;
}

export type ChangePauseOutcome =
  /** `control` is what stands now; a repeated command changes nothing. */
  | { readonly kind: 'done'; readonly control: SendingControl }
  | { readonly kind: 'key-reused' }
  /** It would end a freeze. */
  | { readonly kind: 'unconfirmed' }
  | { readonly kind: 'unknown-pool' };

const TRIES = 5;

/** Stops or resumes a scope once per idempotency key, against every other operator. */
export async function changePause(
  command: ChangePause,
  pools: readonly SenderPool[],
  ports: OperationPorts,
): Promise<ChangePauseOutcome> {
  if (namesUnknownPool(command, pools)) return { kind: 'unknown-pool' };
  const owner = ports.random.token();
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const outcome = await tryToChange(command, owner, ports);
    if (outcome !== undefined) return outcome;
  }
  throw new StoreUnavailableError('the sending control kept changing under the command');
}

/** Undefined where another operator came first: to be decided anew. */
async function tryToChange(
  command: ChangePause,
  owner: string,
  ports: OperationPorts,
): Promise<ChangePauseOutcome | undefined> {
  const { clientId, idempotencyKey, scope, state, reason, isConfirmed } = command;
  const once = { clientId, idempotencyKey, request: ['pause', scope, state, reason, isConfirmed] };
  const control = await readSendingControl(ports.tables);
  const memory = await recallCommand(once, ports.tables);
  if (memory === 'key-reused') return { kind: memory };
  if (memory === 'repeated') return { kind: 'done', control };
  const now = ports.clock();
  const change = changeSending(control, { scope, state, reason, isConfirmed, by: clientId }, now);
  if (change.kind === 'unconfirmed') return change;
  const actions = change.kind === 'changed' ? [sendingControlPut(control, change)] : [];
  const written = await writeOnce(once, actions, { now, owner }, ports);
  if (written !== 'written') return undefined;
  return { kind: 'done', control: change.kind === 'changed' ? change.control : control };
}

/** A pool that was removed from the configuration can still be resumed. */
const namesUnknownPool = ({ scope, state }: ChangePause, pools: readonly SenderPool[]): boolean =>
  state !== 'running' && scope.startsWith('pool:') && !pools.some(({ name }) => scope === `pool:${name}`);
