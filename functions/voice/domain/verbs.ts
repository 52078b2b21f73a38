/** TwiML as data: what a step answers, before it is spelled as XML. Attribute names are Twilio's. */

export type Speech =
  | {
      readonly verb: 'say';
      readonly text: string;
      readonly language: string;
      readonly voice?: string;
    }
  | { readonly verb: 'play'; readonly url: string }
  | { readonly verb: 'pause'; readonly length: number };

export interface Gather {
  readonly verb: 'gather';
  readonly action: string;
  readonly input: 'dtmf' | 'speech' | 'dtmf speech';
  /** Seconds. */
  readonly timeout: number;
  readonly numDigits?: number;
  readonly finishOnKey: string;
  readonly language: string;
  readonly hints?: string;
  readonly speech: readonly Speech[];
}

export interface Dial {
  readonly verb: 'dial';
  readonly number: string;
  readonly action?: string;
  /** Seconds of ringing. */
  readonly timeout: number;
  /** Seconds of conversation. */
  readonly timeLimit: number;
  readonly record?: 'record-from-answer' | 'record-from-answer-dual';
  readonly recordingStatusCallback?: string;
  /** TwiML for whoever answers. */
  readonly whisperUrl?: string;
}

export interface Enqueue {
  readonly verb: 'enqueue';
  readonly action: string;
  readonly waitUrl: string;
  readonly queue:
    | { readonly name: string; readonly maxQueueSize: number }
    | { readonly workflowSid: string; readonly attributes: string };
}

export interface RecordVerb {
  readonly verb: 'record';
  readonly action: string;
  readonly method: 'GET' | 'POST';
  readonly maxLength: number;
  /** Seconds of silence that end it. */
  readonly timeout: number;
  readonly recordingStatusCallback?: string;
}

export type Verb =
  | Speech
  | Gather
  | Dial
  | Enqueue
  | RecordVerb
  | { readonly verb: 'redirect'; readonly url: string }
  | { readonly verb: 'leave' }
  | { readonly verb: 'hangup' };
