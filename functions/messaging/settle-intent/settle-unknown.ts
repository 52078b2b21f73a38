import type { SenderPool } from '../../shared/contract/settings.ts';
import { writeBound } from '../bind-message.ts';
import type { Moment } from '../domain/advance.ts';
import type { Intent } from '../domain/intent.ts';
import { type Listed, nextLookAt, settle } from '../domain/settlement.ts';
import { acceptByList, applyPolicy, lookAgain } from '../domain/settling.ts';
import { gatherEvidence } from './gather-evidence.ts';
import {
  askLater,
  momentOf,
  RETRY_MILLISECONDS,
  type SettleCommand,
  type SettleOutcome,
  type SettlePorts,
  write,
} from './settle-steps.ts';

/** What became of an attempt that nobody heard of: by Twilio's list, and past the settle time by the pool's policy. */
export async function settleUnknown(
  intent: Intent,
  rule: SenderPool['unknownOutcome'],
  command: SettleCommand,
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const evidence = await gatherEvidence(intent, ports);
  const moment = momentOf(command, ports);
  if (evidence.kind !== 'evidence') {
    const next = nextLookAt(intent.attempt?.armedAt ?? intent.updatedAt, moment.now);
    return askLater(intent, { answer: evidence, next }, moment, ports);
  }
  const decision = settle(intent, evidence, rule, moment.now);
  switch (decision.kind) {
    case 'match':
      return match(intent, decision.listed, moment, ports);
    case 'look-again':
      return write(intent, lookAgain(intent, decision.at, moment), 'looking-again', ports);
    case 'settle': {
      const transition = applyPolicy(intent, decision.policy, decision.reason, moment);
      return write(intent, transition, KIND_OF_STATE[transition.intent.state] ?? 'left', ports);
    }
    default:
      return decision satisfies never;
  }
}

const KIND_OF_STATE: Partial<Record<Intent['state'], SettleOutcome['kind']>> = {
  PARKED: 'parked',
  PENDING: 'resent',
  EXPIRED: 'expired',
};

/** Weak evidence takes a message or a call from nobody: if it was bound meanwhile, the next look counts anew. */
async function match(
  intent: Intent,
  listed: Listed,
  moment: Moment,
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const { sid } = listed;
  const transition = acceptByList(intent, listed, moment);
  const written = await writeBound({ before: intent, transition, sid, moment }, ports);
  if (written.kind !== 'taken') return { kind: written.kind === 'written' ? 'matched' : 'left' };
  return write(intent, lookAgain(intent, moment.now + RETRY_MILLISECONDS, moment), 'taken', ports);
}
