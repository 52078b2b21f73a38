/**
 * The language of call flows: a state machine as data. Types only, so that a flow module costs a function nothing; the
 * zod schema of the same shape is in flow-schema.ts. Words are lower-case with hyphens: they go into events.
 */

/** `{name}` stands for a value of the context or for what an earlier `gather` put into a slot. */
export type Prompt =
  | { readonly say: string }
  /** Address of a recording, https, nothing variable in it. */
  | { readonly play: string };
export type Prompts = readonly Prompt[];

/** A value that a call brings along (outbound: from the request). */
export interface ContextField {
  /** `digits` are read one by one. */
  readonly kind: 'text' | 'digits';
  /** Longest value in characters; bounds the document. */
  readonly maximumLength: number;
  /** May be handed to an agent's task and to TaskRouter's log: never personal. @default false */
  readonly isShareable?: boolean;
}

/** Where a caller who said nothing, or nothing expected, is sent after the last attempt. */
export interface LastWay<Id extends string> {
  /** Said before the state's own prompt is repeated. */
  readonly again: Prompts;
  readonly to: Id;
}

interface Asks<Id extends string> {
  readonly prompt: Prompts;
  /** Seconds of silence, 1 to 60, after which nothing was said. */
  readonly timeoutSeconds: number;
  /** How often the question is asked, 1 to 5. */
  readonly attempts: number;
  readonly silence: LastWay<Id>;
  readonly mismatch: LastWay<Id>;
  /** Outcome if the caller hangs up here. @default the flow's `hangUp` */
  readonly hangUp?: string;
}

export interface SayState<Id extends string> {
  readonly kind: 'say';
  readonly prompt: Prompts;
  readonly next: Id;
}

export interface MenuState<Id extends string> extends Asks<Id> {
  readonly kind: 'menu';
  readonly options: readonly {
    /** One of 0-9, * and #. */
    readonly key: string;
    /** What a caller may say instead, lower case; speech is listened to if any option has some. */
    readonly phrases?: readonly string[];
    readonly to: Id;
  }[];
}

export interface GatherState<Id extends string> extends Asks<Id> {
  readonly kind: 'gather';
  /** Where the answer is kept: in the call's item only. */
  readonly slot: string;
  readonly input: 'digits' | 'speech';
  readonly minimumLength: number;
  readonly maximumLength: number;
  /** Never said again, never handed on; only asked where no recording runs. */
  readonly secret?: boolean;
  readonly next: Id;
}

export interface HoursState<Id extends string> {
  readonly kind: 'hours';
  /** Name of a calendar in the environment's voice settings. */
  readonly calendar: string;
  readonly open: Id;
  readonly closed: Id;
}

/** Branches on a value of the context or a slot; compared whole. */
export interface ChooseState<Id extends string> {
  readonly kind: 'choose';
  readonly value: string;
  readonly cases: Readonly<Record<string, Id>>;
  readonly otherwise: Id;
}

/** Counts how often a call has come by: what bounds every loop. */
export interface LimitState<Id extends string> {
  readonly kind: 'limit';
  readonly visits: number;
  readonly within: Id;
  readonly beyond: Id;
}

/** Goes on in another flow and does not come back. */
export interface RedirectState {
  readonly kind: 'redirect';
  readonly flow: string;
}

export interface SubFlowState<Id extends string> {
  readonly kind: 'sub-flow';
  readonly flow: string;
  /** By the outcome of its `return`. */
  readonly returns: Readonly<Record<string, Id>>;
}

/** Ends a sub-flow. */
export interface ReturnState {
  readonly kind: 'return';
  readonly outcome: string;
}

/** Rings one destination after the other until one answers. */
export interface DialState<Id extends string> {
  readonly kind: 'dial';
  /** Names of destinations in the environment's voice settings; numbers never stand in a flow. */
  readonly destinations: readonly string[];
  /** Seconds each may ring, 5 to 600 (vendor limit); Twilio adds 5. */
  readonly ringSeconds: number;
  /** Longest conversation in seconds, at most 4 h (vendor limit). */
  readonly maximumSeconds: number;
  /** Said to whoever answers, before the two are joined. */
  readonly whisper?: Prompts;
  /** Record both sides, where the recording policy and the caller let us. */
  readonly record?: boolean;
  readonly answered: Id;
  readonly unanswered: Id;
  readonly hangUp?: string;
}

export interface EnqueueState<Id extends string> {
  readonly kind: 'enqueue';
  /** A queue of Twilio's by name, or a TaskRouter workflow by its name in the environment's voice settings. */
  readonly to: { readonly queue: string; readonly maximumSize: number } | { readonly workflow: string };
  /** Said at the start of each round of waiting; `{position}` is the place in the queue. */
  readonly wait: { readonly prompt: Prompts; readonly music?: string; readonly everySeconds: number };
  /** Longest wait; then the caller is led on. */
  readonly maximumWaitSeconds: number;
  /** Names of shareable context values that an agent's task gets besides flow and state. */
  readonly attributes?: readonly string[];
  readonly bridged: Id;
  readonly timedOut: Id;
  readonly full: Id;
  readonly failed: Id;
  readonly hangUp?: string;
}

/** `voicemail` is a recording that somebody is expected to hear. */
export interface RecordState<Id extends string> {
  readonly kind: 'record' | 'voicemail';
  readonly prompt: Prompts;
  readonly maximumSeconds: number;
  readonly silenceSeconds: number;
  readonly recorded: Id;
  readonly empty: Id;
  /** Outcome if the caller hangs up after having spoken, which is how most end. */
  readonly hangUpAfterSpeaking: string;
  readonly hangUp?: string;
}

/** Applies the recording policy: notice or key press, whichever the numbers' jurisdictions want. */
export interface RecordingNoticeState<Id extends string> {
  readonly kind: 'recording-notice';
  readonly granted: Id;
  readonly refused: Id;
  readonly hangUp?: string;
}

/** Puts a word on the timeline and on the bus: how an application learns what a caller decided. */
export interface ReportState<Id extends string> {
  readonly kind: 'report';
  readonly word: string;
  readonly next: Id;
}

export interface HangUpState {
  readonly kind: 'hang-up';
  readonly prompt: Prompts;
  readonly outcome: string;
}

export type StateOf<Id extends string> =
  | SayState<Id>
  | MenuState<Id>
  | GatherState<Id>
  | HoursState<Id>
  | ChooseState<Id>
  | LimitState<Id>
  | RedirectState
  | SubFlowState<Id>
  | ReturnState
  | DialState<Id>
  | EnqueueState<Id>
  | RecordState<Id>
  | RecordingNoticeState<Id>
  | ReportState<Id>
  | HangUpState;

export interface FlowOf<Id extends string> {
  readonly name: string;
  /** BCP 47, for the voice and for the recognition of speech. */
  readonly language: string;
  /** One of Twilio's voices. @default Twilio's for the language */
  readonly voice?: string;
  readonly context?: Readonly<Record<string, ContextField>>;
  readonly start: Id;
  /** Outcome of a call whose caller hangs up. */
  readonly hangUp: string;
  /** Steps after which a call is led to the way out of trouble, whatever it does. */
  readonly maximumSteps: number;
  readonly states: Readonly<Record<Id, StateOf<Id>>>;
}

export type State = StateOf<string>;
export type Flow = FlowOf<string>;

/** A flow with every flow it leads into: what a call is pinned to. */
export interface FlowPackage {
  readonly entry: string;
  readonly flows: Readonly<Record<string, Flow>>;
}
