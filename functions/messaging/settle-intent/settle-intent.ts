import { METRICS } from '../../shared/contract/metrics.ts';
import type { SenderPool } from '../../shared/contract/settings.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { NoAnswer, TwilioLedger, TwilioMessage } from '../../shared/ports/twilio-ledger.ts';
import { writeBound } from '../bind-message.ts';
import { advance, isAwaitingStatus, type Moment, sentAtOf } from '../domain/advance.ts';
import { refuseCancellation } from '../domain/canceling.ts';
import type { Intent } from '../domain/intent.ts';
import type { Transition } from '../domain/intent-event.ts';
import { type ListedMessage, nextLookAt, settle } from '../domain/settlement.ts';
import { acceptByList, applyPolicy, lookAgain } from '../domain/settling.ts';
import { nextStatusPollAt } from '../domain/timing.ts';
import { readIntent, writeTransition } from '../intent-store.ts';
import { type JoinPorts, joinReport } from '../join-report.ts';
import { gatherEvidence } from './gather-evidence.ts';

export interface SettlePorts extends JoinPorts {
  readonly ledger: TwilioLedger;
  readonly observer: Observer;
}

export interface SettleCommand {
  readonly intentId: string;
  readonly owner: string;
}

export type SettleOutcome = {
  readonly kind:
    | 'matched'
    | 'taken'
    | 'looking-again'
    | 'parked'
    | 'resent'
    | 'expired'
    | 'status-recorded'
    | 'status-known'
    | 'called-off'
    | 'cancel-refused'
    /** Moved by somebody else, or nothing to ask any more. */
    | 'left'
    /** The queue names an intent that does not exist. */
    | 'missing';
};

const RETRY_MILLISECONDS = 60_000;
const LONGEST_RETRY_MILLISECONDS = 10 * 60_000;

/** Asks Twilio about one intent: what became of an unknown outcome, or which status an accepted message has. */
export async function settleIntent(
  command: SettleCommand,
  pools: readonly SenderPool[],
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const intent = await readIntent(ports.tables, command.intentId);
  if (intent === undefined) return { kind: 'missing' };
  const outcome = await ask(intent, command, pools, ports);
  ports.observer.count(METRICS.settlement, 1, outcome.kind);
  return outcome;
}

async function ask(
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
  if (!isAwaitingStatus(intent)) return { kind: 'left' };
  return intent.cancelRequestedAt === undefined
    ? askStatus(intent, command, ports)
    : callOff(intent, command, ports);
}

async function settleUnknown(
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

/** Weak evidence takes a message from nobody: if it was bound meanwhile, the next look counts anew. */
async function match(
  intent: Intent,
  listed: ListedMessage,
  moment: Moment,
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const { messageSid } = listed;
  const transition = acceptByList(intent, listed, moment);
  const written = await writeBound({ before: intent, transition, messageSid, moment }, ports);
  if (written.kind !== 'taken') return { kind: written.kind === 'written' ? 'matched' : 'left' };
  return write(intent, lookAgain(intent, moment.now + RETRY_MILLISECONDS, moment), 'taken', ports);
}

/** Twilio gave no answer: nothing is concluded from it, not even that time has passed. */
function askLater(
  intent: Intent,
  { answer, next }: { readonly answer: NoAnswer; readonly next: number | undefined },
  moment: Moment,
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const wait = answer.kind === 'throttled' ? (answer.retryAfterSeconds ?? 0) * 1000 : 0;
  const soonest = moment.now + Math.max(wait, RETRY_MILLISECONDS);
  const latest = moment.now + LONGEST_RETRY_MILLISECONDS;
  const at = Math.max(soonest, Math.min(next ?? latest, latest));
  return write(intent, lookAgain(intent, at, moment), 'looking-again', ports);
}

async function write(
  intent: Intent,
  transition: Transition,
  kind: SettleOutcome['kind'],
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const written = await writeTransition(intent, transition, [], ports);
  return { kind: written.kind === 'written' ? kind : 'left' };
}

/** Twilio's word on a cancellation goes through the same join; too late, and the message is what its callbacks say. */
async function callOff(intent: Intent, command: SettleCommand, ports: SettlePorts): Promise<SettleOutcome> {
  const { accountSid, messageSid } = intent;
  if (messageSid === undefined) return { kind: 'left' };
  const answer = await ports.ledger.cancelMessage({ accountSid, messageSid });
  const moment = momentOf(command, ports);
  switch (answer.kind) {
    case 'canceled': {
      const receivedAt = new Date(moment.now).toISOString();
      await joinReport(intent, { status: 'canceled', messageSid, receivedAt }, command.owner, ports);
      return { kind: 'called-off' };
    }
    case 'too-late':
    case 'absent':
      return write(intent, refuseCancellation(intent, moment), 'cancel-refused', ports);
    case 'throttled':
    case 'unavailable':
      return askLater(intent, { answer, next: undefined }, moment, ports);
    default:
      return answer satisfies never;
  }
}

/** A missed callback is repaired by asking; the answer goes through the same join. */
async function askStatus(intent: Intent, command: SettleCommand, ports: SettlePorts): Promise<SettleOutcome> {
  const { accountSid, messageSid } = intent;
  if (messageSid === undefined) return { kind: 'left' };
  const answer = await ports.ledger.fetchMessage({ accountSid, messageSid });
  if (answer.kind === 'absent') return pollLater(intent, command, ports);
  if (answer.kind !== 'found') {
    const moment = momentOf(command, ports);
    const next = nextStatusPollAt(sentAtOf(intent), intent.trafficClass, moment.now);
    return askLater(intent, { answer, next }, moment, ports);
  }
  const report = {
    ...statusOf(answer.message),
    messageSid,
    receivedAt: new Date(ports.clock()).toISOString(),
  };
  const joined = await joinReport(intent, report, command.owner, ports);
  return joined === 'recorded' ? { kind: 'status-recorded' } : pollLater(intent, command, ports);
}

/** Nothing new: without a next appointment of its own, the guard of this one would ask every few minutes for ever. */
const pollLater = (intent: Intent, command: SettleCommand, ports: SettlePorts): Promise<SettleOutcome> => {
  const later = advance(intent, momentOf(command, ports), { state: intent.state });
  return write(intent, { intent: later, outbox: [] }, 'status-known', ports);
};

const statusOf = ({ status, errorCode }: TwilioMessage) =>
  errorCode === undefined ? { status } : { status, errorCode };

const momentOf = (command: SettleCommand, ports: SettlePorts): Moment => ({
  now: ports.clock(),
  owner: command.owner,
  jitter: ports.random.fraction(),
});
