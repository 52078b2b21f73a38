import type { FlowPackage } from '../../../shared/contract/flows/flow.ts';
import { type CallState, FlowError, type StepInput } from '../call-state.ts';
import { type Arrival, placeOf } from '../enter.ts';
import { begin, step } from '../step.ts';
import type { PlannedRecording, StepEnvironment } from '../step-environment.ts';
import { MAXIMUM_TWIML_BYTES, renderTwiml } from '../twiml.ts';
import { waitingVerbs } from '../wait.ts';
import type { Finding } from './finding.ts';
import { comparedValues, possibleContexts, possibleInputs } from './possible-inputs.ts';

/** What is outside a call and differs between calls. */
export interface Circumstances {
  readonly isOpen: boolean;
  readonly recording: PlannedRecording;
}

export interface Taken {
  readonly on: string;
  readonly input: StepInput;
}

/** One step of one call, with the way that led to it: enough to run it again anywhere. */
export interface ExploredStep {
  readonly circumstances: Circumstances;
  readonly context: Readonly<Record<string, string>>;
  readonly path: readonly Taken[];
  readonly arrival: Arrival;
}

export interface Exploration {
  readonly findings: readonly Finding[];
  /** States of calls that were told apart. */
  readonly callStates: number;
  readonly transitions: number;
  /** Webhooks of the longest call that there can be. */
  readonly longestSteps: number;
  readonly longestDocumentBytes: number;
  readonly outcomes: ReadonlySet<string>;
  readonly steps: readonly ExploredStep[];
}

const MOST_CALL_STATES = 100_000;

/** As long as real ones: origin, account, token, overrides. */
const ADDRESS = `https://hooks.${'x'.repeat(60)}.example.com/twilio/AC${'0'.repeat(32)}/voice/steps/s${'0'.repeat(22)}#rc=3&rp=all&ct=2000&rt=3500`;

const WORDING = 'w'.repeat(500);
const PLAN = {
  wording: WORDING,
  noticeId: 'explored',
  policyVersion: 'explored',
  jurisdictions: [],
} as const;
const RECORDINGS: readonly PlannedRecording[] = [
  { ...PLAN, record: true, before: 'nothing', channels: 'dual' },
  { ...PLAN, record: true, before: 'notice', channels: 'mono' },
  { ...PLAN, record: true, before: 'key-press', channels: 'dual' },
  { ...PLAN, record: false, before: 'nothing', channels: 'mono' },
];

/** All circumstances where a flow asks about recording; else one stands for all. */
const possibleCircumstances = ({ flows }: FlowPackage): readonly Circumstances[] => {
  const states = Object.values(flows).flatMap((flow) => Object.values(flow.states));
  const asks = states.some(({ kind }) => kind === 'recording-notice');
  const hasHours = states.some(({ kind }) => kind === 'hours');
  return (asks ? RECORDINGS : RECORDINGS.slice(0, 1)).flatMap((recording) =>
    (hasHours ? [true, false] : [true]).map((isOpen) => ({ isOpen, recording })),
  );
};

const anything = (name: string): Readonly<Record<string, string>> => new Proxy({}, { get: () => name });

export const exploredEnvironment = ({ isOpen, recording }: Circumstances): StepEnvironment => ({
  links: { step: ADDRESS, wait: ADDRESS, recordings: ADDRESS },
  isOpen: () => isOpen,
  destinations: anything('+15005550006'),
  workflows: anything(`WW${'0'.repeat(32)}`),
  recordingPlan: recording,
  apology: [{ verb: 'hangup' }],
});

/**
 * Every way that a call can take through a flow, each state of a call looked at once. The interpreter is the one that
 * answers real calls; a way that it cannot go, a document too long for Twilio, a recording nobody was told of, and a
 * call that might need more steps than it is given are findings.
 */
export const explore = (flows: FlowPackage): Exploration => {
  const walk = new Walk(flows);
  for (const circumstances of possibleCircumstances(flows))
    for (const context of possibleContexts(flows)) walk.from(circumstances, context);
  return walk.result();
};

class Walk {
  private readonly flows: FlowPackage;
  private readonly compared: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly findings = new Map<string, Finding>();
  private readonly outcomes = new Set<string>();
  private readonly steps: ExploredStep[] = [];
  private callStates = 0;
  private longestSteps = 0;
  private longestDocumentBytes = 0;

  constructor(flows: FlowPackage) {
    this.flows = flows;
    this.compared = comparedValues(flows);
  }

  from(circumstances: Circumstances, context: Readonly<Record<string, string>>): void {
    const environment = exploredEnvironment(circumstances);
    const seen = new Map<string, number>();
    const visit = (path: readonly Taken[], make: () => Arrival): number => {
      const arrival = this.attempt(make);
      if (arrival === undefined) return 1;
      this.look({ circumstances, context, path, arrival });
      const key = keyOf(arrival.state);
      const known = seen.get(key);
      if (known !== undefined) return 1 + known;
      this.callStates += 1;
      seen.set(key, 0);
      const deeper = this.inputsAt(arrival.state).map(([on, input]) =>
        visit([...path, { on, input }], () => step(this.flows, free(arrival.state), input, environment)),
      );
      const remaining = Math.max(0, ...deeper);
      seen.set(key, remaining);
      return 1 + remaining;
    };
    const longest = visit([], () => begin(this.flows, context, environment));
    this.longestSteps = Math.max(this.longestSteps, longest);
  }

  result(): Exploration {
    const limit = this.flows.flows[this.flows.entry]?.maximumSteps ?? 0;
    if (this.longestSteps > limit)
      this.find('too-few-steps', `a call may take ${this.longestSteps} steps, but is given ${limit}`);
    return {
      findings: [...this.findings.values()],
      callStates: this.callStates,
      transitions: this.steps.length,
      longestSteps: this.longestSteps,
      longestDocumentBytes: this.longestDocumentBytes,
      outcomes: this.outcomes,
      steps: this.steps,
    };
  }

  private inputsAt(call: CallState): readonly (readonly [string, StepInput])[] {
    if (call.outcome !== undefined) return [];
    if (this.callStates > MOST_CALL_STATES) {
      this.find('too-large-to-explore', `more than ${MOST_CALL_STATES} states of a call`);
      return [];
    }
    const { state } = placeOf(this.flows, call);
    return possibleInputs(
      state,
      (state.kind === 'gather' ? this.compared.get(state.slot) : undefined) ?? new Set(),
    );
  }

  private attempt(make: () => Arrival): Arrival | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      this.find('breaks', error.message);
      return undefined;
    }
  }

  private look(explored: ExploredStep): void {
    const { arrival } = explored;
    this.steps.push(explored);
    if (arrival.state.outcome !== undefined) this.outcomes.add(arrival.state.outcome);
    this.measure(arrival, renderTwiml(arrival.verbs));
    if (arrival.state.outcome !== undefined) return;
    const { frame, state } = placeOf(this.flows, arrival.state);
    if (state.kind === 'dial' && state.record === true && arrival.state.recording === 'unasked')
      this.find(
        'unannounced-recording',
        'records, but no recording-notice lies on every way here',
        frame.state,
      );
    const waiting = waitingVerbs(this.flows, arrival.state, { queueTime: 0, position: 1000 });
    if (waiting !== undefined) this.measure(arrival, renderTwiml(waiting));
  }

  private measure({ state }: Arrival, document: string): void {
    const bytes = new TextEncoder().encode(document).length;
    this.longestDocumentBytes = Math.max(this.longestDocumentBytes, bytes);
    if (bytes > MAXIMUM_TWIML_BYTES)
      this.find(
        'too-long-a-document',
        `${bytes} bytes of TwiML; Twilio takes ${MAXIMUM_TWIML_BYTES}`,
        state.frames.at(-1)?.state,
      );
  }

  private find(rule: Finding['rule'], problem: string, state?: string): void {
    const finding = { flow: this.flows.entry, rule, problem, ...(state !== undefined && { state }) };
    this.findings.set(`${rule} ${state ?? ''}`, finding);
  }
}

/** Steps are counted by the walk itself: two calls that differ in nothing else are in one state. */
const free = (call: CallState): CallState => ({ ...call, steps: 0 });

const keyOf = (call: CallState): string => JSON.stringify(free(call));
