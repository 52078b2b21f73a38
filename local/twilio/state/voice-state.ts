import type { CreateFault } from '../domain/faults.ts';
import type { CallRecord, HttpMethod } from '../domain/voice/call.ts';
import type { PhoneBehaviour } from '../domain/voice/phone-behaviour.ts';
import type { QueueRecord } from '../domain/voice/queue.ts';
import type { RecordingRecord } from '../domain/voice/recording.ts';
import type { WebhookParameters } from '../domain/webhook-parameters.ts';
import type { WebhookAttempt } from '../webhooks/send-attempt.ts';
import type { HowAnswered } from './simulator-state.ts';

/** One request to make a call, whatever the client learned of it. */
export interface CallCreateEntry {
  readonly ordinal: number;
  readonly at: number;
  readonly accountSid: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly fault?: CreateFault | undefined;
  callSid?: string | undefined;
  errorCode?: number | undefined;
  answered: HowAnswered;
}

/** A callback that Twilio does not wait for; its parameters are those of the moment it tells of. */
export interface VoiceCallbackEntry {
  readonly id: string;
  readonly kind:
    | 'call-status'
    | 'recording'
    | 'machine-detection'
    | 'partial-result'
    | 'action-after-hangup'
    | 'task-router';
  readonly accountSid: string;
  /** Of the call, or of the TaskRouter resource. */
  readonly resourceSid: string;
  readonly callSid?: string | undefined;
  /** `completed`, `in-progress`, `reservation.created`, … */
  readonly event: string;
  readonly at: number;
  readonly url: string;
  readonly method: HttpMethod;
  readonly params: WebhookParameters;
  readonly lost: boolean;
  plannedFor: readonly number[];
  readonly attempts: (WebhookAttempt & { readonly copy: number })[];
}

/** A request for TwiML, or an assignment callback: Twilio waits for its answer. */
export interface VoiceRequestEntry {
  readonly callSid: string;
  readonly at: number;
  readonly url: string;
  readonly method: HttpMethod;
  readonly params: WebhookParameters;
  readonly fallback: boolean;
  readonly errorCode?: number | undefined;
  readonly attempts: readonly WebhookAttempt[];
}

export interface VoiceState {
  readonly calls: Record<string, CallRecord>;
  readonly creates: CallCreateEntry[];
  readonly callbacks: Record<string, VoiceCallbackEntry>;
  /** By CallSid. */
  readonly requests: Record<string, VoiceRequestEntry[]>;
  readonly recordings: Record<string, RecordingRecord>;
  readonly queues: Record<string, QueueRecord>;
  /** What was set by API; everybody else behaves as the number says. */
  readonly behaviours: Record<string, PhoneBehaviour>;
  /** When each account may dial next. */
  readonly nextDialAt: Record<string, number>;
}

export const emptyVoiceState = (): VoiceState => ({
  calls: {},
  creates: [],
  callbacks: {},
  requests: {},
  recordings: {},
  queues: {},
  behaviours: {},
  nextDialAt: {},
});
