import type { Observer } from '../../shared/ports/observer.ts';
import type { TwilioCallLedger } from '../../shared/ports/twilio-call-ledger.ts';
import type { NoAnswer, TwilioLedger } from '../../shared/ports/twilio-ledger.ts';
import type { Moment } from '../domain/advance.ts';
import type { Intent } from '../domain/intent.ts';
import type { Transition } from '../domain/intent-event.ts';
import { lookAgain } from '../domain/settling.ts';
import { writeTransition } from '../intent-store.ts';
import type { JoinPorts } from '../join-report.ts';

export interface SettlePorts extends JoinPorts {
  readonly ledger: TwilioLedger;
  readonly callLedger: TwilioCallLedger;
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
    /** A call that reached nobody is placed again. */
    | 'redialed'
    /** It is not; a text takes its place where one was asked for. */
    | 'concluded'
    /** Moved by somebody else, or nothing to ask any more. */
    | 'left'
    /** The queue names an intent that does not exist. */
    | 'missing';
};

export const RETRY_MILLISECONDS = 60_000;
const LONGEST_RETRY_MILLISECONDS = 10 * 60_000;

/** Twilio gave no answer: nothing is concluded from it, not even that time has passed. */
export function askLater(
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

export async function write(
  intent: Intent,
  transition: Transition,
  kind: SettleOutcome['kind'],
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const written = await writeTransition(intent, transition, [], ports);
  return { kind: written.kind === 'written' ? kind : 'left' };
}

export const momentOf = (command: SettleCommand, ports: SettlePorts): Moment => ({
  now: ports.clock(),
  owner: command.owner,
  jitter: ports.random.fraction(),
});
