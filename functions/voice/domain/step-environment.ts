import type { Verb } from './verbs.ts';

/** How the numbers' jurisdictions want recording to be begun; decided by the recording policy. */
export interface PlannedRecording {
  readonly record: boolean;
  readonly before: 'nothing' | 'notice' | 'key-press';
  /** What is said: the notice, or the question which key 1 answers with yes. */
  readonly wording: string;
  readonly channels: 'mono' | 'dual';
  /** What the proof of the notice names. */
  readonly noticeId: string;
  readonly policyVersion: string;
  readonly jurisdictions: readonly string[];
}

/** Addresses that a document may name; absolute, with tokens and nothing else of the call in them. */
export interface StepLinks {
  /** The next step. */
  readonly step: string;
  /** Waits and whispers: read as often as Twilio likes. */
  readonly wait: string;
  readonly recordings: string;
}

/** What a step needs to know of its deployment; all of it data or pure. */
export interface StepEnvironment {
  readonly links: StepLinks;
  readonly isOpen: (calendar: string) => boolean;
  readonly destinations: Readonly<Record<string, string>>;
  /** WorkflowSids by name. */
  readonly workflows: Readonly<Record<string, string>>;
  readonly recordingPlan: PlannedRecording;
  /** What is said, and done, where a flow has used up its steps. */
  readonly apology: readonly Verb[];
}
