import { METRICS } from '../../shared/contract/metrics.ts';
import type { CallStart, CallStarts } from '../../shared/ports/call-starts.ts';
import type { ConsentFacts, ConsentGuard } from '../../shared/ports/consent-guard.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { StoreUnavailableError, type WriteAction } from '../../shared/ports/table-client.ts';
import type { TwilioCalls } from '../../shared/ports/twilio-calls.ts';
import type { PostOutcome, TwilioMessages } from '../../shared/ports/twilio-messages.ts';
import { type BindResult, writeBound } from '../bind-message.ts';
import type { Moment } from '../domain/advance.ts';
import { type Attempt, type CallIntent, type Intent, isCall } from '../domain/intent.ts';
import type { Transition } from '../domain/intent-event.ts';
import { applyLateAnswer } from '../domain/late-answer.ts';
import { recordOutcome } from '../domain/lifecycle.ts';
import { scopesOf } from '../domain/pool-trouble.ts';
import { GUARD_MILLISECONDS, NEEDED_MILLISECONDS } from '../domain/timing.ts';
import { attemptPut, recipientPointerPut } from '../evidence-rows.ts';
import {
  intentPut,
  readIntent,
  type StorePorts,
  type StoreResult,
  storeResultOf,
  transactOnItem,
  UnexpectedConditionError,
  writeTransition,
} from '../intent-store.ts';
import { countSend } from '../pool-health.ts';
import { checksOfSeen, consentQueryOf } from '../send-gate.ts';
import { type FirstTryPorts, objectToSecondTry } from './check-first-try.ts';
import { type Arming, type DecideCommand, type DecidePorts, decideSending } from './decide-sending.ts';
import { type CallOrigins, describeCallPost, describeMessagePost } from './describe-post.ts';

export interface DeliverPorts extends StorePorts, DecidePorts, FirstTryPorts {
  readonly twilio: TwilioMessages;
  readonly twilioCalls: TwilioCalls;
  readonly callStarts: CallStarts;
  readonly consent: ConsentGuard;
  readonly observer: Observer;
}

export interface DeliverCommand extends DecideCommand, CallOrigins {
  readonly intentId: string;
}

/** The queue message has done its work; `state` is the intent's. */
type DoneOutcome = { readonly kind: 'done'; readonly state: string };

export type DeliverOutcome = DoneOutcome | { readonly kind: 'missing' };

/**
 * Sends one intent: arm in one transaction, POST exactly once, record what it proved. Whatever happens after
 * arming, the intent is never sent again by this code unless it is proven that nothing was sent.
 */
export async function deliverIntent(command: DeliverCommand, ports: DeliverPorts): Promise<DeliverOutcome> {
  for (let judgement = 1; judgement <= JUDGEMENTS; judgement += 1) {
    const intent = await readIntent(ports.tables, command.intentId);
    if (intent === undefined) return { kind: 'missing' };
    const outcome = await deliver(intent, command, ports);
    if (outcome !== 'overtaken') return outcome;
  }
  throw new StoreUnavailableError('what was seen of the recipient kept changing under the arming');
}

/** A consent that changes under each of them is somebody who cannot decide: the queue brings the message again. So does a crowd of messages to one person. */
const JUDGEMENTS = 4;

/** What was judged is no longer so; nothing was written. */
type Overtaken = 'overtaken';

async function deliver(
  intent: Intent,
  command: DeliverCommand,
  ports: DeliverPorts,
): Promise<DeliverOutcome | Overtaken> {
  const objection = await objectToSecondTry(intent, moment(command, ports), ports);
  if (objection !== undefined) return write(intent, objection, ports);
  const decision = await decideSending(intent, command, ports);
  switch (decision.kind) {
    case 'leave':
      return { kind: 'done', state: decision.state };
    case 'wait':
      // The due-index has the intent; this message need not.
      return { kind: 'done', state: intent.state };
    case 'hold':
      ports.observer.count(METRICS.sendHeld, 1, decision.cause);
      return write(intent, decision.transition, ports);
    case 'suppress':
      ports.observer.count(METRICS.sendRefused, 1, decision.cause);
      return write(intent, decision.transition, ports);
    case 'expire':
      return write(intent, decision.transition, ports);
    case 'arm':
      return armAndSend(intent, decision, command, ports);
    default:
      return decision satisfies never;
  }
}

async function armAndSend(
  intent: Intent,
  arming: Arming,
  command: DeliverCommand,
  ports: DeliverPorts,
): Promise<DeliverOutcome | Overtaken> {
  const { attempt, transition, seen } = arming;
  const armed = await arm(intent, arming, ports);
  if (armed === 'overtaken') return armed;
  if (armed.kind === 'conflict') return { kind: 'done', state: armed.existing?.state ?? 'gone' };
  const outcome = await postOnce(transition.intent, attempt, command, ports);
  return recordProof(transition.intent, { attempt, outcome, consent: seen.consent }, command, ports);
}

/** One transaction over items of the recipient alone; an opt-out that commits before it prevents it, as a cap's last message does (protocols: 3 and 4). */
async function arm(
  intent: Intent,
  { attempt, transition, seen }: Arming,
  ports: DeliverPorts,
): Promise<StoreResult | Overtaken> {
  const evidence = [
    attemptPut(intent.id, attempt),
    recipientPointerPut(intent.to ?? 'erased', intent.id, attempt),
    ...(isCall(intent) ? [ports.callStarts.put(callStartOf(intent, attempt))] : []),
  ];
  const own = [intentPut(intent, transition), ...evidence];
  const checks = checksOfSeen(intent, seen, attempt.armedAt, ports.gate);
  const result = await transactOnItem([...own, ...checks], ports);
  if (result.kind !== 'refused') return storeResultOf(result, transition);
  if (result.by < own.length) throw new UnexpectedConditionError(result.by);
  return 'overtaken';
}

/** Twilio asks for it when somebody answers: of what it queued, until the deadline and a little ringing after it. */
const callStartOf = (intent: CallIntent, attempt: Attempt): CallStart => ({
  token: attempt.token,
  accountSid: intent.accountSid,
  intentId: intent.id,
  attempt: attempt.number,
  flow: intent.flow,
  context: intent.context ?? {},
  correlationId: intent.correlationId,
  expiresAt: Math.ceil(intent.deadline / 1000) + CALL_START_SECONDS,
});

/** The longest ringing (600 s, vendor limit) and Twilio's own tries. */
const CALL_START_SECONDS = 900;

/** The local guard: too late after arming, or too little time left, and the POST is not begun. */
async function postOnce(
  intent: Intent,
  attempt: Attempt,
  command: DeliverCommand,
  ports: DeliverPorts,
): Promise<PostOutcome> {
  const late = ports.clock() - attempt.armedAt > GUARD_MILLISECONDS;
  if (late || command.remainingMilliseconds() < NEEDED_MILLISECONDS) {
    return { kind: 'not-sent', reason: 'too little time was left for the request', durationMilliseconds: 0 };
  }
  return isCall(intent)
    ? ports.twilioCalls.create(describeCallPost(intent, attempt, command))
    : ports.twilio.create(describeMessagePost(intent, attempt, command.hooksOrigin, ports.clock()));
}

/** What one attempt came to. */
interface Proof {
  readonly attempt: Attempt;
  readonly outcome: PostOutcome;
  readonly consent: ConsentFacts;
}

async function recordProof(
  armed: Intent,
  proof: Proof,
  command: DeliverCommand,
  ports: DeliverPorts,
): Promise<DeliverOutcome> {
  const { attempt, outcome } = proof;
  const at = moment(command, ports);
  const transition = recordOutcome(armed, attempt, outcome, at);
  // Logged first: if the store fails now, this line is all that is known.
  ports.observer.info('attempt ended', {
    intentId: armed.id,
    attempt: attempt.number,
    outcome: outcome.kind,
    sid: outcome.kind === 'accepted' ? outcome.sid : undefined,
  });
  const written = await writeProof(armed, transition, proof, at, ports);
  const done: DoneOutcome =
    written.kind === 'conflict'
      ? await reconcile(written.existing, proof, command, ports)
      : { kind: 'done', state: transition.intent.state };
  ports.observer.count(METRICS.sendOutcome, 1, done.state);
  if (outcome.kind === 'accepted') await countSend(scopesOf(armed), attempt.armedAt, ports);
  return done;
}

/** An acceptance names its message; that message is this intent's and nobody else's. */
function writeProof(
  before: Intent,
  transition: Transition,
  proof: Proof,
  moment: Moment,
  ports: DeliverPorts,
): Promise<BindResult> {
  const { outcome } = proof;
  return outcome.kind === 'accepted'
    ? writeBound({ before, transition, sid: outcome.sid, moment }, ports)
    : writeTransition(before, transition, optOutShownBy(before, proof, moment, ports), ports);
}

/** Twilio's refusal of an opted-out recipient (21610) heals our own books in the same write. */
function optOutShownBy(
  intent: Intent,
  { outcome, consent: facts }: Proof,
  { now }: Moment,
  { consent }: DeliverPorts,
): readonly WriteAction[] {
  if (outcome.kind !== 'rejected' || outcome.errorCode !== OPTED_OUT_AT_TWILIO) return [];
  return consent.refusedByTwilio({ query: consentQueryOf(intent), facts, evidenceId: intent.id, at: now });
}

/** "Attempt to send to unsubscribed recipient" (Twilio error 21610). */
const OPTED_OUT_AT_TWILIO = 21610;

/** Somebody settled the intent before the answer could be recorded: mostly a callback that outran it. */
async function reconcile(
  settled: Intent | undefined,
  proof: Proof,
  command: DeliverCommand,
  ports: DeliverPorts,
): Promise<DoneOutcome> {
  if (settled === undefined) return { kind: 'done', state: 'gone' };
  const at = moment(command, ports);
  const transition = applyLateAnswer(settled, proof.attempt, proof.outcome, at);
  if (transition === undefined) return { kind: 'done', state: settled.state };
  const written = await writeProof(settled, transition, proof, at, ports);
  if (written.kind === 'conflict') return reconcile(written.existing, proof, command, ports);
  if (settled.otherSids?.length !== transition.intent.otherSids?.length)
    ports.observer.count(METRICS.duplicateDetected);
  return { kind: 'done', state: transition.intent.state };
}

async function write(before: Intent, transition: Transition, ports: DeliverPorts): Promise<DeliverOutcome> {
  const written = await writeTransition(before, transition, [], ports);
  const state = written.kind === 'written' ? transition.intent.state : written.existing?.state;
  return { kind: 'done', state: state ?? 'gone' };
}

const moment = (command: DeliverCommand, ports: DeliverPorts): Moment => ({
  now: ports.clock(),
  owner: command.owner,
  jitter: ports.random.fraction(),
});
