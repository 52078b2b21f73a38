import type { SenderPool } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Randomness, Sleep } from '../../shared/ports/randomness.ts';
import type { Moment } from '../domain/advance.ts';
import { heldUntil, hold, tokensOf } from '../domain/holding.ts';
import type { Intent } from '../domain/intent.ts';
import type { Transition } from '../domain/intent-event.ts';
import { type ArmDecision, decideArming } from '../domain/lifecycle.ts';
import { waitsForItsTime } from '../domain/scheduling.ts';
import { type Pause, pauseOf, reasonOfPause } from '../domain/sending-control.ts';
import { NEEDED_MILLISECONDS } from '../domain/timing.ts';
import { type PacerPorts, type PoolPacer, pacePools, type TakenTokens } from './pace-pools.ts';
import { type WatchPorts, type WatchSendingControl, watchSendingControl } from './watch-sending-control.ts';

export interface DecidePorts {
  readonly clock: Clock;
  readonly random: Randomness;
  readonly sleep: Sleep;
  readonly gate: SendGate;
}

/** What a sandbox knows of pauses and rates; kept as long as it lives. */
export interface SendGate {
  readonly sendingControl: WatchSendingControl;
  readonly pacer: PoolPacer;
}

export const createSendGate = (pools: readonly SenderPool[], ports: PacerPorts & WatchPorts): SendGate => ({
  sendingControl: watchSendingControl(ports),
  pacer: pacePools(pools, ports),
});

export interface DecideCommand {
  /** Names this invocation in every write. */
  readonly owner: string;
  /** Time that the invocation has left, milliseconds. */
  readonly remainingMilliseconds: () => number;
}

export type SendDecision =
  | ArmDecision
  /** An operator stopped it, or its pool has no token: it waits without an attempt. */
  | {
      readonly kind: 'hold';
      readonly cause: 'paused' | 'frozen' | 'rate' | 'schedule';
      /** Epoch milliseconds. */
      readonly until: number;
      readonly transition: Transition;
    };

/** Longest wait inside the function: for a dispatch that came a little early (clocks differ), and for tokens. */
const PATIENCE_MILLISECONDS = 2_000;

/**
 * May this be sent now? The intent itself is asked first, then what operators stopped, then the rate of its pool: the
 * answers that cost nothing come before the one that takes something. Nothing of this is an attempt.
 * @throws when pauses or tokens cannot be read: then nothing is sent.
 */
export async function decideSending(
  intent: Intent,
  command: DecideCommand,
  ports: DecidePorts,
): Promise<SendDecision> {
  const patienceEndsAt = ports.clock() + PATIENCE_MILLISECONDS;
  for (;;) {
    const moment = momentOf(command, ports);
    const decision = await decideAt(moment, intent, ports);
    const wait = worthWaiting(decision, ports.clock());
    const hasTime = command.remainingMilliseconds() - wait > NEEDED_MILLISECONDS;
    if (!hasTime || ports.clock() + wait > patienceEndsAt) return decision;
    await ports.sleep(wait);
  }
}

async function decideAt(moment: Moment, intent: Intent, ports: DecidePorts): Promise<SendDecision> {
  const token = ports.random.token();
  const decision = decideArming(intent, token, moment);
  if (decision.kind !== 'arm') return decision;
  const until = waitsForItsTime(intent, moment.now);
  if (until !== undefined) return holdForItsTime(intent, until, moment);
  const pause = pauseOf(await ports.gate.sendingControl(), intent);
  if (pause !== undefined) return holdForPause(intent, pause, moment);
  const taken = await ports.gate.pacer.take(intent.pool, tokensOf(intent));
  if (taken.kind === 'none') return holdForToken(intent, taken, { ...moment, now: ports.clock() });
  return decideArming(intent, token, { ...moment, now: taken.at });
}

/** Milliseconds after which the answer may be another one; for ever, if only somebody else can change it. */
function worthWaiting(decision: SendDecision, now: number): number {
  if (decision.kind === 'wait') return decision.milliseconds;
  return decision.kind === 'hold' && decision.cause === 'rate'
    ? Math.max(0, decision.until - now)
    : Number.POSITIVE_INFINITY;
}

function holdForPause(intent: Intent, pause: Pause, moment: Moment): SendDecision {
  const until = heldUntil(moment);
  return {
    kind: 'hold',
    cause: pause.kind === 'freeze' ? 'frozen' : 'paused',
    until,
    transition: hold(intent, reasonOfPause(pause), until, moment),
  };
}

/** Too late for Twilio to hold it, too early to send it: a schedule must not turn into a message at once. */
function holdForItsTime(intent: Intent, until: number, moment: Moment): SendDecision {
  const reason = 'it missed its hand-over to Twilio, and is sent at its time';
  return { kind: 'hold', cause: 'schedule', until, transition: hold(intent, reason, until, moment) };
}

function holdForToken(
  intent: Intent,
  { rate, tryAgainAt: until }: Extract<TakenTokens, { kind: 'none' }>,
  moment: Moment,
): SendDecision {
  const reason = `its pool sends ${rate} segments a second`;
  return { kind: 'hold', cause: 'rate', until, transition: hold(intent, reason, until, moment) };
}

const momentOf = ({ owner }: DecideCommand, { clock, random }: DecidePorts): Moment => ({
  now: clock(),
  owner,
  jitter: random.fraction(),
});
