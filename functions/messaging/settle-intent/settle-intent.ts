import { METRICS } from '../../shared/contract/metrics.ts';
import type { SenderPool } from '../../shared/contract/settings.ts';
import { isAwaitingSequel, isAwaitingStatus } from '../domain/advance.ts';
import type { Intent } from '../domain/intent.ts';
import { readIntent } from '../intent-store.ts';
import { askStatus, callOff } from './ask-status.ts';
import { followCall } from './follow-call.ts';
import type { SettleCommand, SettleOutcome, SettlePorts } from './settle-steps.ts';
import { settleUnknown } from './settle-unknown.ts';

/**
 * What is open of one intent: Twilio is asked what became of an unknown outcome, or which status an accepted message or
 * call has; and of a call that reached nobody it is decided what follows.
 */
export async function settleIntent(
  command: SettleCommand,
  pools: readonly SenderPool[],
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const intent = await readIntent(ports.tables, command.intentId);
  if (intent === undefined) return { kind: 'missing' };
  const outcome = await settleOpen(intent, command, pools, ports);
  ports.observer.count(METRICS.settlement, 1, outcome.kind);
  return outcome;
}

async function settleOpen(
  intent: Intent,
  command: SettleCommand,
  pools: readonly SenderPool[],
  ports: SettlePorts,
): Promise<SettleOutcome> {
  if (intent.state === 'UNKNOWN') {
    const pool = pools.find((one) => one.name === intent.pool);
    const rule = pool?.unknownOutcome ?? { policy: 'park', settleSeconds: 86_400 };
    return settleUnknown(intent, rule, command, ports);
  }
  if (isAwaitingSequel(intent)) return followCall(intent, command, pools, ports);
  if (!isAwaitingStatus(intent)) return { kind: 'left' };
  return intent.cancelRequestedAt === undefined
    ? askStatus(intent, command, ports)
    : callOff(intent, command, ports);
}
