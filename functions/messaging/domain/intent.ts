import type { MachineDetection, SendChannel, TrafficClass } from '../../shared/contract/settings.ts';
import type { TextSize } from './segments.ts';
import type { StatusReport, StatusView } from './status-report.ts';

/**
 * An intent to send one message, or to place one call, and all that is known of what became of it (protocols: 4).
 *
 *   PENDING ─arm─▶ ARMED ─one POST─▶ ACCEPTED | REJECTED | UNKNOWN        SUPPRESSED, EXPIRED: decided against
 *      ▲             │
 *      └─ not sent ──┘                                                    UNKNOWN ─callback with its token─▶ ACCEPTED
 */
export const INTENT_STATES = [
  'PENDING',
  'ARMED',
  'ACCEPTED',
  'REJECTED',
  'SUPPRESSED',
  'EXPIRED',
  'UNKNOWN',
  'PARKED',
] as const;
export type IntentState = (typeof INTENT_STATES)[number];

/** One try to send, named by its token in the StatusCallback path. */
export type Attempt = {
  /** 1, 2, ... */
  readonly number: number;
  readonly token: string;
  /** The invocation that armed it. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly armedAt: number;
};

/** What every intent has, whatever is to be sent. */
type Common = {
  readonly id: string;
  readonly version: number;
  readonly state: IntentState;
  /** The API client, or the part of Trunkline, that asked for it. */
  readonly clientId: string;
  /** Hash of the request: the same idempotency key with another one is refused. */
  readonly requestHash: string;
  readonly accountSid: string;
  readonly trafficClass: TrafficClass;
  readonly pool: string;
  /** Absent once the content's retention has ended. */
  readonly to?: string;
  /** What the client says of where the recipient lives: an IANA name, a ZIP or postal code; erased with the content. */
  readonly timeZone?: string;
  readonly postcode?: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly tags?: readonly string[];
  /** What it belongs to, by the client's own word. */
  readonly campaign?: string;
  /** Epoch milliseconds, all of them. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Not to be handed to Twilio before. */
  readonly notBefore: number;
  /** When the recipient is to get it, where that was asked for; later than `notBefore` with two-phase sending. */
  readonly sendAt?: number;
  /** The client took it back while Twilio had it scheduled, or still waiting to ring. */
  readonly cancelRequestedAt?: number;
  /** Not to be sent after. */
  readonly deadline: number;
  /** The recipient must not get it after: end of the legal hours that it was armed in. Absent: its deadline is the end. */
  readonly legalUntil?: number;
  /** When the minute tick must look at the intent; absent if never. */
  readonly dueAt?: number;
  /** The last attempt, kept after its end. */
  readonly attempt?: Attempt;
  /** Attempts that were given up on, by policy or by an operator: nobody ever learned what Twilio made of them. */
  readonly unresolvedAttempts?: readonly Attempt[];
  /** How often Twilio refused it with an error that is tried again. */
  readonly refusals?: number;
  /** The intent whose message failed: this is the second try. */
  readonly retryOf?: string;
  /** Owner of the last transition: tells an own lost acknowledgement from another's write. */
  readonly owner: string;
  /** MessageSid or CallSid. */
  readonly sid?: string;
  /** When we learned that Twilio has it. */
  readonly acceptedAt?: number;
  /** How we know. `list` is weak: stronger evidence may displace it. */
  readonly evidence?: 'response' | 'callback' | 'list';
  /** Further SIDs with strong evidence: duplicates. */
  readonly otherSids?: readonly string[];
  readonly reports: readonly StatusReport[];
  readonly status?: StatusView;
  readonly errorCode?: number;
  /** Why it is in this state, in words. */
  readonly reason?: string;
};

export type MessageIntent = Common & {
  readonly channel: SendChannel;
  readonly messagingServiceSid: string;
  readonly body?: string;
  readonly mediaUrls?: readonly string[];
  /** Of an SMS, as its Messaging Service sends it. */
  readonly size?: TextSize;
  /** MessageSid that this message answers. */
  readonly inReplyTo?: string;
  /** The one message that an opt-out does not forbid. */
  readonly purpose?: 'opt-out-confirmation';
  /** Cap of Twilio's ValidityPeriod, seconds. */
  readonly validitySeconds: number;
};

export type CallIntent = Common & {
  readonly channel: 'voice';
  /** Caller id: a number of ours. */
  readonly from: string;
  /** Name of the flow that speaks with whoever answers. */
  readonly flow: string;
  /** What the flow knows from the start; erased with the content. */
  readonly context?: CallContext;
  /** How long it may ring, seconds. */
  readonly ringSeconds: number;
  readonly machineDetection?: MachineDetection;
  /** The text that goes out where nobody could be reached; erased with the content. */
  readonly smsFallback?: SmsFallback;
  /** Calls of earlier attempts, all of them over; oldest first. */
  readonly earlierCalls?: readonly EndedCall[];
  /** When it was decided that no attempt follows the last one; epoch milliseconds. */
  readonly concludedAt?: number;
};

export type Intent = MessageIntent | CallIntent;

/** Values by name, as the flow declares them. */
export type CallContext = Readonly<Record<string, string>>;

export type SmsFallback = { readonly body: string; readonly trafficClass: TrafficClass };

/** A call that was placed, and ended without reaching anybody. */
export type EndedCall = {
  readonly sid: string;
  readonly attempt: number;
  readonly reports: readonly StatusReport[];
  readonly status: StatusView;
};

/** What fits every intent: a transition changes nothing else of it. */
export type IntentChange = Partial<Common>;

export const isCall = (intent: Intent): intent is CallIntent => intent.channel === 'voice';

const OPEN = new Set<IntentState>(['ARMED', 'UNKNOWN', 'PARKED']);

/** Attempts that may have made something which no SID of the intent accounts for; oldest first. */
export const openAttempts = ({ state, attempt, unresolvedAttempts = [] }: Intent): readonly Attempt[] =>
  attempt !== undefined && OPEN.has(state) ? [...unresolvedAttempts, attempt] : unresolvedAttempts;

/** Asked about no more: whatever is open stays unresolved, and the next state may be any. */
export const giveUpAttempts = (intent: Intent): Intent => ({ ...intent, ...unresolvedAfter(intent) });

/** What stays unresolved once it is known what an attempt made. */
export const unresolvedAfter = (intent: Intent, resolved?: Attempt): Pick<Intent, 'unresolvedAttempts'> => {
  const left = openAttempts(intent).filter(({ number }) => number !== resolved?.number);
  return left.length === 0 ? {} : { unresolvedAttempts: left };
};

/** The intent as it was before the list seemed to show what became of it: what the list told of that is not its own. */
export function withoutListed(intent: Intent): Intent {
  const { sid: _sid, acceptedAt: _acceptedAt, evidence: _evidence, status: _status, ...kept } = intent;
  return { ...kept, state: 'UNKNOWN', reports: [] };
}

export const isSettled = (state: IntentState): boolean => state !== 'PENDING' && state !== 'ARMED';
