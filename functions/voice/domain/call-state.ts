/** A place in a flow. */
export interface Frame {
  readonly flow: string;
  readonly state: string;
}

/** Where a call stands in its flow; content (slots, context) included, so it lives in the CALL item only. */
export interface CallState {
  /** The way down through sub-flows, innermost last. */
  readonly frames: readonly Frame[];
  /** How often the present question has been asked. */
  readonly asked: number;
  /** Which of the destinations is ringing. */
  readonly destination: number;
  /** Times that a `limit` was passed, by flow and state. */
  readonly visits: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, string>>;
  /** What the recording notice came to. */
  readonly recording: 'unasked' | 'granted' | 'refused';
  readonly steps: number;
  /** Set once the flow has come to its end. */
  readonly outcome?: string;
}

/** What a webhook of a step says, whichever verb asked for it. */
export interface StepInput {
  /** The caller is gone: Twilio tells how the verb ended and ignores the answer. */
  readonly isOver: boolean;
  readonly digits?: string;
  readonly speech?: string;
  /** DialCallStatus. */
  readonly dialStatus?: string;
  /** QueueResult. */
  readonly queueResult?: string;
  readonly recordedSeconds?: number;
}

/** What happened in a step, besides where it led; becomes events. */
export type StepNote =
  | { readonly kind: 'report'; readonly word: string }
  | { readonly kind: 'notice-given'; readonly consent: 'announced' | 'key-press' }
  | { readonly kind: 'ended'; readonly outcome: string };

/** The flow and the state of the call do not fit: a bug, or a flow that no checker saw. */
export class FlowError extends Error {
  override readonly name = 'FlowError';
  readonly retryable = false;
}
