export type ViolationKind =
  /** Twilio has two messages of one intent. */
  | 'duplicate'
  /** An acknowledged intent is gone or never came to an end; a webhook's effect never came. */
  | 'lost'
  /** What we say became of it is not what happened. */
  | 'wrong-outcome'
  | 'wrong-status'
  /** One acknowledged webhook, more than one effect. */
  | 'repeated-effect'
  | 'illegal-transition'
  | 'illegal-post'
  | 'armed-after-opt-out'
  | 'incomplete-story'
  | 'genuine-webhook-refused'
  | 'forged-webhook-accepted'
  | 'api-answer'
  | 'code-after-end'
  | 'handler-threw';

export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
  /** An intent id, a MessageSid or an invocation: what to look for in the trace. */
  readonly about: string;
}
