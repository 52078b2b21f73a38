import { advance, isAwaitingStatus, type Moment } from '../../../functions/messaging/domain/advance.ts';
import { applyStatus, type TracedReport } from '../../../functions/messaging/domain/apply-status.ts';
import type { Attempt, Intent } from '../../../functions/messaging/domain/intent.ts';
import type { Transition } from '../../../functions/messaging/domain/intent-event.ts';
import { applyLateAnswer } from '../../../functions/messaging/domain/late-answer.ts';
import { decideArming, recordOutcome, wake } from '../../../functions/messaging/domain/lifecycle.ts';
import { joinStatus, viewOf } from '../../../functions/messaging/domain/message-status.ts';
import { rivalsOf, type SettleRule, settle } from '../../../functions/messaging/domain/settlement.ts';
import {
  acceptByList,
  applyPolicy,
  decideParked,
  displace,
  inheritReports,
  lookAgain,
} from '../../../functions/messaging/domain/settling.ts';
import type { StatusReport } from '../../../functions/messaging/domain/status-report.ts';
import type { PostOutcome } from '../../../functions/shared/ports/twilio-messages.ts';
import { NOON, pending } from './intents.ts';
import { accepted, sidOf } from './scripted-twilio.ts';

/** What becomes of a POST, and what its sender learns of it, if it lives to learn anything. */
export type Fate = 'answered' | 'answer-lost' | 'refused-to-slow-down' | 'never-arrived';

/** Seconds. */
export type Delays = readonly [made: number, listed: number];

export interface TwilioSide {
  readonly sid: string;
  readonly intentId: string;
  readonly attempt: Attempt;
  readonly createdAt: number;
  /** The list shows it from now on. */
  readonly listedAt: number;
  readonly reports: readonly StatusReport[];
}

interface Post {
  readonly intentId: string;
  readonly attempt: Attempt;
  readonly outcome: PostOutcome;
}

/** Why an earlier attempt did not forbid the next one. */
type Permission = 'proven not sent' | 'resend policy' | 'operator';

const REPORTS: readonly StatusReport[] = [
  { status: 'queued' },
  { status: 'sent' },
  { status: 'undelivered', errorCode: 30_003 },
  { status: 'delivered' },
];

/**
 * Intents with the same words for the same recipient, Twilio with its list and its callbacks, and the rules between them;
 * every write is atomic, as the store's are. Breaks of a promise are collected in `broken`.
 */
export class SettlementWorld {
  now = NOON;
  readonly broken: string[] = [];
  readonly intents = new Map<string, Intent>();
  readonly messages: TwilioSide[] = [];
  readonly bindings = new Map<string, string>();
  readonly permissions = new Map<string, Permission>();
  readonly #posts: Post[] = [];
  readonly #orphans = new Map<string, readonly StatusReport[]>();
  /** Everything that anybody heard of a message, in whatever way. */
  readonly #told = new Map<string, readonly StatusReport[]>();
  readonly #rule: SettleRule;

  constructor(intents: number, rule: SettleRule) {
    this.#rule = rule;
    for (let number = 0; number < intents; number += 1) {
      const id = `int_${String(number).padStart(32, '0')}`;
      this.intents.set(id, pending({ id, notBefore: NOON + number * 2_000, deadline: NOON + 86_400_000 }));
    }
  }

  pass(seconds: number): void {
    this.now += seconds * 1_000;
  }

  /** `delays`: until Twilio makes the message, and from then until its list shows it. */
  arm(choice: number, fate: Fate, delays: Delays): void {
    const intent = this.#pick(choice);
    const decision = decideArming(intent, `token of ${intent.id}, ${this.now}`, this.#moment());
    if (decision.kind === 'expire') this.#write(intent, decision.transition);
    if (decision.kind !== 'arm') return;
    this.#judgePost(intent);
    this.#write(intent, decision.transition);
    this.#post(intent.id, decision.attempt, fate, delays);
  }

  /** The sender's answer, at any time: also after the sweeper, the callback, the resend. */
  answer(choice: number): void {
    const [post] = this.#posts.splice(choice % Math.max(1, this.#posts.length), 1);
    if (post === undefined) return;
    const { attempt, outcome } = post;
    const intent = this.#of(post.intentId);
    const isHis = intent.state === 'ARMED' && intent.attempt?.number === attempt.number;
    const transition = isHis
      ? recordOutcome(intent, attempt, outcome, this.#moment())
      : applyLateAnswer(intent, attempt, outcome, this.#moment());
    if (transition === undefined) return;
    const sid = outcome.kind === 'accepted' ? outcome.sid : undefined;
    if (isHis && transition.intent.state === 'PENDING') this.#permit(intent, 'proven not sent');
    this.#write(intent, transition, sid);
    if (sid !== undefined) this.#judgeClaim(intent.id, sid);
  }

  /** The minute tick looks at one intent. */
  wake(choice: number): void {
    const intent = this.#pick(choice);
    const decision = wake(intent, this.#moment());
    if (decision.kind !== 'not-due') this.#write(intent, decision.transition);
  }

  /** A queue message about one intent, due or not, the first or the third of its kind. */
  settle(choice: number): void {
    const intent = this.#pick(choice);
    if (intent.state === 'UNKNOWN') this.#settleUnknown(intent);
    if (intent.state === 'ACCEPTED') this.#poll(intent);
  }

  callBack(choice: number, which: number, hasToken: boolean): void {
    const message = this.messages[choice % Math.max(1, this.messages.length)];
    const report = message?.reports[which % message.reports.length];
    if (message !== undefined && report !== undefined) this.#callBack(message, report, hasToken);
  }

  decide(choice: number, decision: 'resend' | 'give-up'): void {
    const intent = this.#pick(choice);
    const command = { decision, decidedBy: 'operator', reason: 'asked', deadline: this.now + 3_600_000 };
    const transition = decideParked(intent, command, this.#moment());
    if (transition === undefined) return;
    if (decision === 'resend') this.#permit(intent, 'operator');
    this.#write(intent, transition);
  }

  /** Every callback that Twilio has to make arrives at last. */
  deliverCallbacks(order: (messages: readonly TwilioSide[]) => readonly TwilioSide[]): void {
    for (const message of order(this.messages))
      for (const report of message.reports) this.#callBack(message, report, true);
  }

  /** Only the tick and the settlement go on. @returns false if something keeps coming up */
  runOut(): boolean {
    for (let step = 0; step < 400; step += 1) {
      const due = [...this.intents.values()]
        .filter(({ dueAt }) => dueAt !== undefined)
        .sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0))[0];
      if (due === undefined) return true;
      this.now = Math.max(this.now + 1_000, due.dueAt ?? 0);
      const choice = [...this.intents.keys()].indexOf(due.id);
      this.arm(choice, 'answered', [0, 0]);
      this.answer(0);
      this.wake(choice);
      this.settle(choice);
    }
    return false;
  }

  #post(intentId: string, attempt: Attempt, fate: Fate, [made, listed]: Delays): void {
    const number = this.messages.length + 1;
    const sid = sidOf(number);
    const isAccepted = fate === 'answered' || fate === 'answer-lost';
    if (isAccepted)
      this.messages.push({
        sid,
        intentId,
        attempt,
        createdAt: this.now + made * 1_000,
        listedAt: this.now + (made + listed) * 1_000,
        reports: REPORTS.slice(0, 1 + (number % REPORTS.length)),
      });
    this.#posts.push({ intentId, attempt, outcome: OUTCOMES[fate](sid) });
  }

  #settleUnknown(intent: Intent): void {
    const moment = this.#moment();
    const unbound = this.messages
      .filter(({ listedAt, sid }) => listedAt <= this.now && !this.bindings.has(sid))
      .map((message) => ({
        ...message,
        kind: 'message' as const,
        body: 'Your parcel is here.',
        ...latestOf(message),
      }));
    const rivals = [...this.intents.values()].flatMap((other) => rivalsOf(intent, other));
    const decision = settle(intent, { unbound, rivals, isComplete: true }, this.#rule, this.now);
    if (decision.kind === 'match') {
      const { listed } = decision;
      const { status, errorCode } = listed;
      this.#hear(listed.sid, errorCode === undefined ? { status } : { status, errorCode });
      if (!this.messages.some(({ intentId }) => intentId === intent.id))
        this.#break('matched though it was never sent', intent);
      this.#write(intent, acceptByList(intent, listed, moment), listed.sid);
    } else if (decision.kind === 'look-again') {
      this.#write(intent, lookAgain(intent, decision.at, moment));
    } else {
      const transition = applyPolicy(intent, decision.policy, decision.reason, moment);
      if (transition.intent.state === 'PENDING') this.#judgeResend(intent, unbound.length);
      this.#write(intent, transition);
    }
  }

  #poll(intent: Intent): void {
    const message = this.messages.find(({ sid }) => sid === intent.sid);
    const report = message?.reports.at(-1);
    if (message === undefined || report === undefined) return;
    this.#hear(message.sid, report);
    this.#apply(intent, { ...report, sid: message.sid, receivedAt: this.#time() });
    if (this.#of(intent.id) === intent) this.#write(intent, pollLater(intent, this.#moment()));
  }

  #callBack(message: TwilioSide, report: StatusReport, hasToken: boolean): void {
    const { sid, attempt } = message;
    const traced = { ...report, sid, receivedAt: this.#time() };
    const holder = this.bindings.get(sid);
    this.#hear(sid, report);
    if (hasToken) {
      this.#apply(this.#of(message.intentId), { ...traced, attempt });
      this.#judgeClaim(message.intentId, sid);
    } else if (holder !== undefined) this.#apply(this.#of(holder), traced);
    else this.#orphans.set(sid, joinStatus(this.#orphans.get(sid) ?? [], report).reports);
  }

  #hear(sid: string, report: StatusReport): void {
    this.#told.set(sid, joinStatus(this.#told.get(sid) ?? [], report).reports);
  }

  #apply(intent: Intent, report: TracedReport): void {
    const decision = applyStatus(intent, report, this.#moment());
    if (decision.kind === 'foreign' || decision.kind === 'known') return;
    this.#write(intent, decision.transition, decision.kind === 'recorded' ? undefined : report.sid);
  }

  /** As the store does it: the binding, its taking over and its release are one with the transition. */
  #write(before: Intent, given: Transition, sid?: string): void {
    const holder = sid === undefined ? undefined : this.bindings.get(sid);
    const isWeak = given.intent.evidence === 'list' && given.intent.sid === sid;
    let transition = given;
    if (sid !== undefined && given.intent.sid === sid) {
      const displaced = holder === undefined || holder === before.id ? [] : this.#of(holder).reports;
      const known = [...(this.#orphans.get(sid) ?? []), ...displaced];
      transition = inheritReports(given, sid, known, this.#moment());
    }
    if (holder !== undefined && holder !== before.id) {
      if (isWeak) this.#break('weak evidence found a message that was taken', before);
      this.#displace(this.#of(holder), sid ?? '');
    }
    if (before.sid !== undefined && before.sid !== transition.intent.sid) {
      this.bindings.delete(before.sid);
      this.#orphans.set(before.sid, before.reports);
    }
    if (sid !== undefined) this.bindings.set(sid, before.id);
    this.#put(before, transition.intent);
    this.#judge();
  }

  #displace(holder: Intent, sid: string): void {
    if (holder.evidence !== 'list') this.#break('strong evidence was displaced', holder);
    this.#put(holder, displace(holder, sid, this.#moment()).intent);
  }

  #put(before: Intent, next: Intent): void {
    if (next.version !== before.version + 1) this.#break('version', next);
    const retainedFrom = before.attempt?.armedAt ?? before.createdAt;
    if (before.to !== undefined && next.to === undefined && this.now < retainedFrom + 30 * 86_400_000)
      this.#break('content erased before its time', next);
    this.intents.set(next.id, next);
  }

  #judge(): void {
    for (const intent of this.intents.values()) {
      const needs = intent.to !== undefined || intent.state !== 'ACCEPTED' || isFresh(intent, this.now);
      if (needs && intent.dueAt === undefined && isOpen(intent)) this.#break('no appointment', intent);
      const names = [intent.sid, ...(intent.otherSids ?? [])].filter((sid) => sid !== undefined);
      for (const sid of names)
        if (this.bindings.get(sid) !== intent.id) this.#break(`${sid} is not bound to it`, intent);
      this.#judgeStatus(intent);
      if ((intent.sid !== undefined) !== (intent.state === 'ACCEPTED')) this.#break('MessageSid', intent);
    }
    for (const [sid, id] of this.bindings) {
      const { sid: own, otherSids = [] } = this.#of(id);
      if (own !== sid && !otherSids.includes(sid)) this.#break(`${sid} is not its own`, this.#of(id));
    }
  }

  /** The status is the join of all that was heard of the message, and of nothing else. */
  #judgeStatus(intent: Intent): void {
    const told = intent.sid === undefined ? [] : (this.#told.get(intent.sid) ?? []);
    if (JSON.stringify(intent.reports) !== JSON.stringify(told)) this.#break('reports', intent);
    if (JSON.stringify(intent.status) !== JSON.stringify(viewOf(told))) this.#break('status', intent);
  }

  /** Proof that an intent has a message leaves no doubt. */
  #judgeClaim(intentId: string, sid: string): void {
    const intent = this.#of(intentId);
    const isFirst = intent.sid === sid && intent.evidence !== 'list';
    if (!isFirst && intent.otherSids?.includes(sid) !== true)
      this.#break(`${sid} is proven, and not taken`, intent);
  }

  /** Every earlier attempt was proven not sent, or somebody was allowed to send again in spite of it. */
  #judgePost(intent: Intent): void {
    for (let number = 1; number <= (intent.attempt?.number ?? 0); number += 1)
      if (!this.permissions.has(`${intent.id}/${number}`))
        this.#break(`POST after attempt ${number}`, intent);
  }

  #judgeResend(intent: Intent, listed: number): void {
    const armedAt = intent.attempt?.armedAt ?? 0;
    if (this.#rule.policy !== 'resend') this.#break('sent again under another policy', intent);
    if (this.now < armedAt + this.#rule.settleSeconds * 1_000) this.#break('sent again too early', intent);
    const isOwn = ({ intentId, listedAt, sid }: TwilioSide) =>
      intentId === intent.id && listedAt <= this.now && !this.bindings.has(sid);
    if (listed > 0 && this.messages.some(isOwn)) this.#break('sent again though the list had it', intent);
    const blind = [...this.permissions].filter(
      ([key, permission]) => key.startsWith(`${intent.id}/`) && permission === 'resend policy',
    );
    if (blind.length > 0) this.#break('sent again blindly for the second time', intent);
    this.#permit(intent, 'resend policy');
  }

  #permit({ id, attempt }: Intent, permission: Permission): void {
    this.permissions.set(`${id}/${attempt?.number}`, permission);
  }

  #break(promise: string, { id, state, version }: Intent): void {
    this.broken.push(`${promise}: ${id.slice(-2)} ${state} v${version}`);
  }

  #pick(choice: number): Intent {
    return this.#of([...this.intents.keys()][choice % this.intents.size] ?? '');
  }

  #of(id: string): Intent {
    const intent = this.intents.get(id);
    if (intent === undefined) throw new Error(`no intent ${id}`);
    return intent;
  }

  #moment(): Moment {
    return { now: this.now, owner: 'world', jitter: 0.5 };
  }

  #time(): string {
    return new Date(this.now).toISOString();
  }
}

const OUTCOMES: Readonly<Record<Fate, (sid: string) => PostOutcome>> = {
  answered: accepted,
  'answer-lost': () => ({ kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 }),
  'never-arrived': () => ({ kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 }),
  'refused-to-slow-down': () => ({ kind: 'throttled', httpStatus: 429, durationMilliseconds: 10 }),
};

const latestOf = ({ reports }: TwilioSide): StatusReport => reports.at(-1) ?? { status: 'accepted' };

const isOpen = (intent: Intent): boolean =>
  ['PENDING', 'ARMED', 'UNKNOWN', 'PARKED'].includes(intent.state) || isAwaitingStatus(intent);

/** Within the time in which a status is asked for. */
const isFresh = ({ acceptedAt = 0 }: Intent, now: number): boolean => now < acceptedAt + 43_200_000;

const pollLater = (intent: Intent, moment: Moment): Transition => ({
  intent: advance(intent, moment, { state: intent.state }),
  outbox: [],
});
