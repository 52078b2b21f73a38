import type { WebhookParameters } from '../webhook-parameters.ts';

/** Statuses of a Call, as Twilio's OpenAPI lists them. */
export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled';

export type CallDirection = 'inbound' | 'outbound-api' | 'outbound-dial';

/** Events of a call that a StatusCallback can subscribe to. */
export const callEvents = ['initiated', 'ringing', 'answered', 'completed'] as const;
export type CallEventName = (typeof callEvents)[number];

export type AnsweredBy =
  | 'human'
  | 'machine_start'
  | 'machine_end_beep'
  | 'machine_end_silence'
  | 'machine_end_other'
  | 'fax'
  | 'unknown';

export type HttpMethod = 'GET' | 'POST';

/** Where Twilio goes for TwiML or with a callback. */
export interface Hook {
  readonly url: string;
  readonly method: HttpMethod;
}

/** A document to execute: fetched from somewhere, or given with the request that made or changed the call. */
export type Source =
  | ({ readonly kind: 'page'; readonly extra?: WebhookParameters | undefined } & Hook)
  | { readonly kind: 'inline'; readonly twiml: string };

/**
 * Why a call is over. `application-error` is the dead end: Twilio had no document left to execute and told
 * the caller so.
 */
export type EndCause =
  | 'hung-up-by-phone'
  | 'hangup-verb'
  | 'end-of-document'
  | 'application-error'
  | 'rejected'
  | 'busy'
  | 'no-answer'
  | 'unreachable'
  | 'canceled'
  | 'completed-by-api'
  | 'peer-hung-up'
  | 'time-limit'
  | 'simulator-restarted';

/** One thing that happened in a call, in the order in which it happened. Instants are milliseconds since 1970. */
export type TranscriptEntry = { readonly at: number } & (
  | { readonly kind: 'verb'; readonly verb: string; readonly attributes: Readonly<Record<string, string>> }
  | {
      readonly kind: 'heard';
      readonly what: 'say' | 'play' | 'beep' | 'ringing' | 'music' | 'bridge' | 'error-voice' | 'busy-tone';
      readonly text: string;
      /** How long it lasted; less than it is long where the caller broke in. */
      ms: number;
    }
  | { readonly kind: 'did'; readonly what: 'keys' | 'speech' | 'hangup' | 'answer'; readonly text: string }
  | {
      readonly kind: 'request';
      readonly url: string;
      readonly method: HttpMethod;
      readonly fallback: boolean;
      readonly statusCode?: number | undefined;
      readonly errorCode?: number | undefined;
    }
);

/** What a call waits for a person to do. */
export interface Waiting {
  readonly verb: 'Gather' | 'Record' | 'Enqueue' | 'Dial' | 'ringing';
  readonly since: number;
  /** When the prompts are over; a caller may break in before. */
  readonly promptsEndAt: number;
  readonly input?: readonly ('dtmf' | 'speech')[] | undefined;
}

export interface StatusHook extends Hook {
  readonly events: readonly CallEventName[];
}

export interface MachineDetection {
  readonly mode: 'Enable' | 'DetectMessageEnd';
  readonly timeoutMs: number;
  /** Set where the call goes on while the detection listens. */
  readonly async?: { readonly callback?: Hook | undefined } | undefined;
}

/** What `POST Calls.json` asked for. */
export interface OutboundPlan {
  readonly source: Source;
  readonly timeoutMs: number;
  readonly sendDigits?: string | undefined;
  readonly machineDetection?: MachineDetection | undefined;
  readonly record?: RecordingOrder | undefined;
}

export interface RecordingOrder {
  readonly channels: 1 | 2;
  readonly source: RecordingSource;
  readonly track: 'inbound' | 'outbound' | 'both';
  readonly trim: boolean;
  readonly callback?: (Hook & { readonly events: readonly RecordingEvent[] }) | undefined;
}

export type RecordingSource = 'DialVerb' | 'RecordVerb' | 'OutboundAPI' | 'StartCallRecordingAPI';
export type RecordingEvent = 'in-progress' | 'completed' | 'absent';

/** A Call as the simulated Twilio keeps it. Instants are milliseconds since 1970. */
export interface CallRecord {
  readonly sid: string;
  readonly accountSid: string;
  readonly direction: CallDirection;
  readonly from: string;
  readonly to: string;
  readonly parentCallSid?: string | undefined;
  readonly phoneNumberSid?: string | undefined;
  readonly forwardedFrom?: string | undefined;
  readonly plan?: OutboundPlan | undefined;
  readonly statusHook?: StatusHook | undefined;
  readonly timeLimitMs: number;
  readonly createdAt: number;
  readonly listedFrom: number;
  readonly ordinal: number;
  /** How long the account's calls per second make it wait. */
  readonly queueMs: number;
  fallback?: Hook | undefined;
  updatedAt: number;
  startedAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  status: CallStatus;
  answeredBy: AnsweredBy | null;
  sipResponseCode?: number | undefined;
  end?: EndCause | undefined;
  /** How many status callbacks were fired: the next one's SequenceNumber. */
  sequence: number;
  documents: number;
  waiting?: Waiting | undefined;
  readonly transcript: TranscriptEntry[];
  /** SIDs of the recordings of the call. */
  readonly recordings: string[];
  /** Ids of the callbacks that told of the call. */
  readonly callbacks: string[];
  deleted?: boolean | undefined;
}

const finalStatuses: readonly CallStatus[] = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];

export const isOver = (status: CallStatus): boolean => finalStatuses.includes(status);

/** Whole seconds between answer and end; a call that was never answered lasted 0. */
export function durationSeconds(call: CallRecord): number {
  if (call.answeredAt === null || call.endedAt === null) return 0;
  return Math.max(1, Math.ceil((call.endedAt - call.answeredAt) / 1000));
}
