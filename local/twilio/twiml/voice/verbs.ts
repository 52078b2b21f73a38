import type { HttpMethod, RecordingEvent } from '../../domain/voice/call.ts';
import type { GatherRules } from '../../domain/voice/gather.ts';

/** A URL as the document has it: relative to the document's own address. */
export interface Link {
  readonly url: string;
  readonly method: HttpMethod;
}

export interface Say {
  readonly verb: 'Say';
  readonly text: string;
  /** 0: until the call is over. */
  readonly loop: number;
}

export interface Play {
  readonly verb: 'Play';
  readonly url: string;
  readonly digits?: string | undefined;
  readonly loop: number;
}

export interface Pause {
  readonly verb: 'Pause';
  readonly ms: number;
}

export type Prompt = Say | Play | Pause;

export interface Gather {
  readonly verb: 'Gather';
  readonly rules: GatherRules;
  /** Undefined: the current document's own address. */
  readonly action?: Link | undefined;
  readonly method: HttpMethod;
  readonly actionOnEmptyResult: boolean;
  readonly partialResultCallback?: Link | undefined;
  readonly prompts: readonly Prompt[];
}

export interface RecordingCallback extends Link {
  readonly events: readonly RecordingEvent[];
}

export interface RecordVerb {
  readonly verb: 'Record';
  readonly action?: Link | undefined;
  readonly method: HttpMethod;
  /** Silence that ends the recording; 0 never. */
  readonly timeoutMs: number;
  readonly maxLengthMs: number;
  readonly finishOnKey: string;
  readonly playBeep: boolean;
  readonly trim: boolean;
  readonly callback?: RecordingCallback | undefined;
}

export interface StatusLink extends Link {
  readonly events: readonly ('initiated' | 'ringing' | 'answered' | 'completed')[];
}

export interface DialTarget {
  readonly noun: 'Number' | 'Client' | 'Sip';
  readonly address: string;
  readonly whisper?: Link | undefined;
  readonly sendDigits?: string | undefined;
  readonly status?: StatusLink | undefined;
  readonly machineDetection?: 'Enable' | 'DetectMessageEnd' | undefined;
  readonly amdCallback?: Link | undefined;
}

export interface DialQueue {
  readonly noun: 'Queue';
  readonly name: string;
  readonly whisper?: Link | undefined;
  readonly reservationSid?: string | undefined;
  readonly postWorkActivitySid?: string | undefined;
}

export interface Dial {
  readonly verb: 'Dial';
  readonly targets: readonly DialTarget[];
  readonly queue?: DialQueue | undefined;
  readonly action?: Link | undefined;
  readonly timeoutMs: number;
  readonly timeLimitMs: number;
  readonly answerOnBridge: boolean;
  readonly hangupOnStar: boolean;
  readonly sequential: boolean;
  readonly callerId?: string | undefined;
  readonly record: 'no' | 'from-answer' | 'from-ringing';
  readonly channels: 1 | 2;
  readonly trim: boolean;
  readonly track: 'inbound' | 'outbound' | 'both';
  readonly recordingCallback?: RecordingCallback | undefined;
}

export interface Enqueue {
  readonly verb: 'Enqueue';
  readonly name: string;
  readonly action?: Link | undefined;
  readonly waitUrl?: Link | undefined;
  readonly workflowSid?: string | undefined;
  readonly maxQueueSize?: number | undefined;
  readonly task?:
    | {
        readonly attributes: string;
        readonly priority: number;
        readonly timeoutSeconds?: number | undefined;
      }
    | undefined;
}

export type Verb =
  | Prompt
  | Gather
  | RecordVerb
  | Dial
  | Enqueue
  | { readonly verb: 'Redirect'; readonly to: Link }
  | { readonly verb: 'Reject'; readonly reason: 'rejected' | 'busy' }
  | { readonly verb: 'Hangup' }
  | { readonly verb: 'Leave' };

/** A verb as it stands in the document, for the transcript. */
export interface PlacedVerb {
  readonly verb: Verb;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TwimlWarning {
  readonly errorCode: number;
  readonly detail: string;
}

/** What Twilio makes of an answer to a voice request. */
export type VoiceDocument =
  | {
      readonly kind: 'verbs';
      readonly verbs: readonly PlacedVerb[];
      readonly warnings: readonly TwimlWarning[];
    }
  | { readonly kind: 'error'; readonly errorCode: number; readonly detail: string };
