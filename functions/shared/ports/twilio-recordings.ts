import type { NoAnswer } from './twilio-ledger.ts';

export interface RecordingName {
  readonly accountSid: string;
  readonly recordingSid: string;
}

/** A recording as Twilio keeps it. */
export interface TwilioRecording {
  readonly status: string;
  readonly callSid?: string;
  readonly conferenceSid?: string;
  readonly source?: string;
  /** Epoch milliseconds. */
  readonly startedAt?: number;
  readonly durationSeconds?: number;
  readonly channels?: number;
  readonly errorCode?: number;
}

export interface MediaRequest extends RecordingName {
  readonly format: 'wav' | 'mp3';
  /** As recorded: the file is asked for with as many. */
  readonly channels?: number | undefined;
  /** Counted while reading: what a header announces is not believed. */
  readonly maximumBytes: number;
}

/** Recordings at Twilio. No method throws for anything that Twilio or the network does. */
export interface TwilioRecordings {
  fetchRecording(
    name: RecordingName,
  ): Promise<
    { readonly kind: 'found'; readonly recording: TwilioRecording } | { readonly kind: 'absent' } | NoAnswer
  >;
  readMedia(
    request: MediaRequest,
  ): Promise<
    | { readonly kind: 'media'; readonly bytes: Uint8Array }
    | { readonly kind: 'absent' }
    | { readonly kind: 'too-large' }
    | NoAnswer
  >;
  /** `absent`: it was gone already. */
  deleteRecording(
    name: RecordingName,
  ): Promise<{ readonly kind: 'deleted' } | { readonly kind: 'absent' } | NoAnswer>;
}
