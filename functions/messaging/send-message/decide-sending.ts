import type { SenderPool } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Randomness, Sleep } from '../../shared/ports/randomness.ts';
import type { Moment } from '../domain/advance.ts';
import type { GatePolicy } from '../domain/gate/facts.ts';
import type { GateDecision } from '../domain/gate/judge.ts';
import { heldUntil, hold, tokensOf } from '../domain/holding.ts';
import type { Intent } from '../domain/intent.ts';
import type { Transition } from '../domain/intent-event.ts';
import { type ArmDecision, decideArming, expire } from '../domain/lifecycle.ts';
import { suppress } from '../domain/suppressing.ts';
import { NEEDED_MILLISECONDS } from '../domain/timing.ts';
import { createGate, type GatePorts, passGate, type SeenFacts } from '../send-gate.ts';
import type { WatchPorts } from '../watch-sending-control.ts';
import { type PacerPorts, type PoolPacer, pacePools, type TakenTokens } from './pace-pools.ts';

export interface DecidePorts {
  readonly clock: Clock;
  readonly random: Randomness;
  readonly sleep: Sleep;
  readonly gate: SendGate;
}

/** What a sandbox knows of the gate's facts and of rates; kept as long as it lives. */
export interface SendGate extends GatePorts {
  readonly pacer: PoolPacer;
}

export const createSendGate = (
  pools: readonly SenderPool[],
  policy: GatePolicy,
  ports: PacerPorts & WatchPorts & Pick<GatePorts, 'consent'>,
): SendGate => ({
  ...createGate(policy, ports),
  pacer: pacePools(pools, ports),
});

export interface DecideCommand {
  /** Names this invocation in every write. */
  readonly owner: string;
  /** Time that the invocation has left, milliseconds. */
  readonly remainingMilliseconds: () => number;
}

export type SendDecision =
  | Exclude<ArmDecision, { kind: 'arm' }>
  | Arming
  /** A rule of the gate holds it, or its pool has no token: it waits without an attempt. */
  | {
      readonly kind: 'hold';
      /** `rate`, else the rule. */
      readonly cause: string;
      /** Epoch milliseconds. */
      readonly until: number;
      readonly transition: Transition;
    }
  /** A rule of the gate refuses it: it is never sent. */
  | { readonly kind: 'suppress'; readonly cause: string; readonly transition: Transition };

/** May be sent, as long as what was seen of the recipient is still so. */
export type Arming = Extract<ArmDecision, { kind: 'arm' }> & { readonly seen: SeenFacts };

/** Longest wait inside the function: for a dispatch that came a little early (clocks differ), and for tokens. */
const PATIENCE_MILLISECONDS = 2_000;

/**
 * May this be sent now? The intent itself is asked first, then the gate, then the rate of its pool: the answers that cost
 * nothing come before the one that takes something. Nothing of this is an attempt.
 * @throws when a fact of the gate or tokens cannot be read: then nothing is sent.
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
  const gate = await passGate(intent, { now: moment.now, lookAgainAt: heldUntil(moment) }, ports.gate);
  if (gate.decision.kind !== 'pass') return stoppedAtGate(intent, gate.decision, moment);
  const taken = await ports.gate.pacer.take(intent.pool, tokensOf(intent));
  if (taken.kind === 'none') return holdForToken(intent, taken, { ...moment, now: ports.clock() });
  const arming = decideArming(withinLaw(intent, gate.decision), token, { ...moment, now: taken.at });
  return arming.kind === 'arm' ? { ...arming, seen: gate.seen } : arming;
}

/** The end of the legal window goes to Twilio with the message: its queue must not outlast it. */
function withinLaw(
  { legalUntil: _earlier, ...intent }: Intent,
  { legalUntil }: Extract<GateDecision, { kind: 'pass' }>,
): Intent {
  return legalUntil === undefined ? intent : { ...intent, legalUntil };
}

function stoppedAtGate(
  intent: Intent,
  decision: Exclude<GateDecision, { kind: 'pass' }>,
  moment: Moment,
): SendDecision {
  const { rule, explanation } = decision.by;
  switch (decision.kind) {
    case 'hold': {
      const { until } = decision;
      return { kind: 'hold', cause: rule, until, transition: hold(intent, explanation, until, moment) };
    }
    case 'expire':
      return {
        kind: 'expire',
        transition: expire(intent, moment, `${explanation}; that is past its deadline`),
      };
    case 'refuse':
      return { kind: 'suppress', cause: rule, transition: suppress(intent, explanation, moment) };
    default:
      return decision satisfies never;
  }
}

/** Milliseconds after which the answer may be another one; for ever, if only somebody else can change it. */
function worthWaiting(decision: SendDecision, now: number): number {
  if (decision.kind === 'wait') return decision.milliseconds;
  return decision.kind === 'hold' && decision.cause === 'rate'
    ? Math.max(0, decision.until - now)
    : Number.POSITIVE_INFINITY;
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
