import type { SendChannel, TrafficClass } from '../../shared/contract/settings.ts';
import type { StatusReport, StatusView } from './message-status.ts';
import type { TextSize } from './segments.ts';

/**
 * An intent to send one message, and all that is known of what became of it (protocols: 4).
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

export type Intent = {
  readonly id: string;
  readonly version: number;
  readonly state: IntentState;
  /** The API client, or the part of Trunkline, that asked for it. */
  readonly clientId: string;
  /** Hash of the request: the same idempotency key with another one is refused. */
  readonly requestHash: string;
  readonly accountSid: string;
  readonly channel: SendChannel;
  readonly trafficClass: TrafficClass;
  readonly pool: string;
  readonly messagingServiceSid: string;
  /** Absent once the content's retention has ended. */
  readonly to?: string;
  readonly body?: string;
  readonly mediaUrls?: readonly string[];
  /** Of an SMS, as its Messaging Service sends it. */
  readonly size?: TextSize;
  readonly correlationId: string;
  readonly causationId?: string;
  /** MessageSid that this message answers. */
  readonly inReplyTo?: string;
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
  /** The client took it back while Twilio had it scheduled. */
  readonly cancelRequestedAt?: number;
  /** Not to be sent after. */
  readonly deadline: number;
  /** Cap of Twilio's ValidityPeriod, seconds. */
  readonly validitySeconds: number;
  /** The recipient must not get it after: end of the legal hours that it was armed in. Absent: its deadline is the end. */
  readonly legalUntil?: number;
  /** When the minute tick must look at the intent; absent if never. */
  readonly dueAt?: number;
  /** The last attempt, kept after its end. */
  readonly attempt?: Attempt;
  /** Attempts that were given up on, by policy or by an operator: nobody ever learned whether Twilio has their messages. */
  readonly unresolvedAttempts?: readonly Attempt[];
  /** Owner of the last transition: tells an own lost acknowledgement from another's write. */
  readonly owner: string;
  readonly messageSid?: string;
  /** When we learned that Twilio has it. */
  readonly acceptedAt?: number;
  /** How we know. `list` is weak: stronger evidence may displace it. */
  readonly evidence?: 'response' | 'callback' | 'list';
  /** Further MessageSids with strong evidence: duplicates. */
  readonly otherMessageSids?: readonly string[];
  readonly reports: readonly StatusReport[];
  readonly status?: StatusView;
  readonly errorCode?: number;
  /** Why it is in this state, in words. */
  readonly reason?: string;
};

const OPEN = new Set<IntentState>(['ARMED', 'UNKNOWN', 'PARKED']);

/** Attempts that may have made a message which no MessageSid of the intent accounts for; oldest first. */
export const openAttempts = ({ state, attempt, unresolvedAttempts = [] }: Intent): readonly Attempt[] =>
  attempt !== undefined && OPEN.has(state) ? [...unresolvedAttempts, attempt] : unresolvedAttempts;

/** Asked about no more: whatever is open stays unresolved, and the next state may be any. */
export const giveUpAttempts = (intent: Intent): Intent => ({ ...intent, ...unresolvedAfter(intent) });

/** What stays unresolved once the message of an attempt is known. */
export const unresolvedAfter = (intent: Intent, resolved?: Attempt): Pick<Intent, 'unresolvedAttempts'> => {
  const left = openAttempts(intent).filter(({ number }) => number !== resolved?.number);
  return left.length === 0 ? {} : { unresolvedAttempts: left };
};

/** The intent as it was before the list seemed to show its message: what the list told of that one is not its own. */
export function withoutListed(intent: Intent): Intent {
  const { messageSid: _sid, acceptedAt: _acceptedAt, evidence: _evidence, status: _status, ...kept } = intent;
  return { ...kept, state: 'UNKNOWN', reports: [] };
}

export const isSettled = (state: IntentState): boolean => state !== 'PENDING' && state !== 'ARMED';
