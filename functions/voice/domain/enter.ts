import type {
  DialState,
  EnqueueState,
  Flow,
  FlowPackage,
  GatherState,
  MenuState,
  RecordState,
  State,
} from '../../shared/contract/flows/flow.ts';
import { type CallState, FlowError, type Frame, type StepNote } from './call-state.ts';
import { speak } from './speak.ts';
import type { StepEnvironment } from './step-environment.ts';
import type { Speech, Verb } from './verbs.ts';

/** A call that waits for its next webhook, and what is answered until then. */
export interface Arrival {
  readonly state: CallState;
  readonly verbs: readonly Verb[];
  readonly notes: readonly StepNote[];
  /** States passed on the way, the last one included: `flow/state`. */
  readonly passed: readonly string[];
}

/** More states without a webhook between them than any checked flow has. */
const MOST_MOVES = 500;

/** Where a state that asks nothing leads: on, or nowhere more. */
type Move =
  | {
      readonly kind: 'on';
      readonly state: CallState;
      readonly verbs?: readonly Verb[];
      readonly notes?: readonly StepNote[];
    }
  | {
      readonly kind: 'wait';
      readonly state: CallState;
      readonly verbs: readonly Verb[];
      readonly notes?: readonly StepNote[];
    };

export interface Place {
  readonly flow: Flow;
  readonly frame: Frame;
  readonly state: State;
}

/** @throws FlowError */
export const placeOf = ({ flows }: FlowPackage, { frames }: CallState): Place => {
  const frame = frames.at(-1);
  const flow = frame === undefined ? undefined : flows[frame.flow];
  const state = frame === undefined ? undefined : flow?.states[frame.state];
  if (frame === undefined || flow === undefined || state === undefined)
    throw new FlowError('the call stands in a state that its flow does not have');
  return { flow, frame, state };
};

/** The innermost frame moved to another state of its flow. */
export const moveTo = (call: CallState, state: string): CallState => ({
  ...call,
  asked: 0,
  destination: 0,
  frames: call.frames.with(-1, { flow: call.frames.at(-1)?.flow ?? '', state }),
});

/** Goes on from where the call stands until something must be waited for. `before` is said first. */
export const enter = (
  flows: FlowPackage,
  call: CallState,
  environment: StepEnvironment,
  before: readonly Verb[] = [],
): Arrival => {
  const verbs: Verb[] = [...before];
  const notes: StepNote[] = [];
  const passed: string[] = [];
  let state = call;
  for (let moves = 0; moves < MOST_MOVES; moves += 1) {
    const place = placeOf(flows, state);
    passed.push(`${place.frame.flow}/${place.frame.state}`);
    const move = enterState(flows, state, place, environment);
    verbs.push(...(move.verbs ?? []));
    notes.push(...(move.notes ?? []));
    state = move.state;
    if (move.kind === 'wait') return { state, verbs, notes, passed };
  }
  throw new FlowError('the flow goes on for ever without asking anything');
};

const enterState = (
  flows: FlowPackage,
  call: CallState,
  { flow, frame, state }: Place,
  environment: StepEnvironment,
): Move => {
  const on = (to: string): Move => ({ kind: 'on', state: moveTo(call, to) });
  const said = (prompt: Parameters<typeof speak>[0]) => speak(prompt, flow, call.values);
  switch (state.kind) {
    case 'say':
      return { ...on(state.next), verbs: said(state.prompt) };
    case 'report':
      return { ...on(state.next), notes: [{ kind: 'report', word: state.word }] };
    case 'hours':
      return on(environment.isOpen(state.calendar) ? state.open : state.closed);
    case 'choose':
      return on(chosen(state.cases, call.values[state.value]) ?? state.otherwise);
    case 'limit':
      return pastLimit(call, frame, state);
    case 'redirect':
      return {
        kind: 'on',
        state: { ...call, frames: [...call.frames.slice(0, -1), startOf(flows, state.flow)] },
      };
    case 'sub-flow':
      return { kind: 'on', state: { ...call, frames: [...call.frames, startOf(flows, state.flow)] } };
    case 'return':
      return { kind: 'on', state: returned(flows, call, state.outcome) };
    case 'hang-up':
      return {
        kind: 'wait',
        state: { ...call, outcome: state.outcome },
        verbs: [...said(state.prompt), { verb: 'hangup' }],
        notes: [{ kind: 'ended', outcome: state.outcome }],
      };
    case 'menu':
    case 'gather':
      return { kind: 'wait', state: { ...call, asked: 1 }, verbs: ask(state, flow, call, environment) };
    case 'dial':
      return { kind: 'wait', state: call, verbs: [ring(state, call, environment)] };
    case 'enqueue':
      return { kind: 'wait', state: call, verbs: [queueUp(state, call, frame, environment)] };
    case 'record':
    case 'voicemail':
      return { kind: 'wait', state: call, verbs: record(state, said(state.prompt), environment) };
    case 'recording-notice':
      return giveNotice(call, state, flow, environment);
    default:
      return state satisfies never;
  }
};

const chosen = (cases: Readonly<Record<string, string>>, value: string | undefined): string | undefined =>
  value !== undefined && Object.hasOwn(cases, value) ? cases[value] : undefined;

const pastLimit = (
  call: CallState,
  frame: Frame,
  limit: Extract<State, { readonly kind: 'limit' }>,
): Move => {
  const key = `${frame.flow}/${frame.state}`;
  const visits = (call.visits[key] ?? 0) + 1;
  const counted = { ...call, visits: { ...call.visits, [key]: visits } };
  return { kind: 'on', state: moveTo(counted, visits <= limit.visits ? limit.within : limit.beyond) };
};

const startOf = ({ flows }: FlowPackage, name: string): Frame => {
  const flow = flows[name];
  if (flow === undefined) throw new FlowError('a flow leads into one that is not in its package');
  return { flow: name, state: flow.start };
};

const returned = (flows: FlowPackage, call: CallState, outcome: string): CallState => {
  const outer = { ...call, frames: call.frames.slice(0, -1) };
  const { state } = placeOf(flows, outer);
  const to = state.kind === 'sub-flow' ? chosen(state.returns, outcome) : undefined;
  if (to === undefined) throw new FlowError('a sub-flow returns an outcome that nobody awaits');
  return moveTo(outer, to);
};

/** The question and, behind it, a way out: Twilio goes on to the next verb where nothing was said. */
export const ask = (
  state: MenuState<string> | GatherState<string>,
  flow: Flow,
  call: CallState,
  environment: StepEnvironment,
): readonly Verb[] => {
  const phrases = state.kind === 'menu' ? state.options.flatMap((option) => option.phrases ?? []) : [];
  const isSpeech = state.kind === 'gather' && state.input === 'speech';
  return [
    {
      verb: 'gather',
      action: environment.links.step,
      input: isSpeech ? 'speech' : phrases.length > 0 ? 'dtmf speech' : 'dtmf',
      timeout: state.timeoutSeconds,
      ...(!isSpeech && { numDigits: state.kind === 'menu' ? 1 : state.maximumLength }),
      // A key that ends the input cannot be an option: a menu's one key ends it anyway.
      finishOnKey: state.kind === 'menu' ? '' : '#',
      language: flow.language,
      ...(phrases.length > 0 && { hints: phrases.join(',') }),
      speech: speak(state.prompt, flow, call.values),
    },
    { verb: 'redirect', url: environment.links.step },
  ];
};

export const ring = (
  state: DialState<string>,
  { destination, recording }: CallState,
  { destinations, links, recordingPlan }: StepEnvironment,
): Verb => {
  const number = destinations[state.destinations[destination] ?? ''];
  if (number === undefined) throw new FlowError('a destination has no number in this environment');
  const isRecorded = state.record === true && recording === 'granted';
  return {
    verb: 'dial',
    number,
    action: links.step,
    timeout: state.ringSeconds,
    timeLimit: state.maximumSeconds,
    ...(isRecorded && {
      record: recordingPlan.channels === 'dual' ? 'record-from-answer-dual' : 'record-from-answer',
      recordingStatusCallback: links.recordings,
    }),
    ...(state.whisper !== undefined && { whisperUrl: links.wait }),
  };
};

const queueUp = (
  state: EnqueueState<string>,
  { values }: CallState,
  frame: Frame,
  { links, workflows }: StepEnvironment,
): Verb => {
  const way = { verb: 'enqueue', action: links.step, waitUrl: links.wait } as const;
  if ('queue' in state.to)
    return { ...way, queue: { name: state.to.queue, maxQueueSize: state.to.maximumSize } };
  const workflowSid = workflows[state.to.workflow];
  if (workflowSid === undefined) throw new FlowError('a workflow has no SID in this environment');
  const named = (state.attributes ?? []).map((name) => [name, values[name] ?? ''] as const);
  const attributes = JSON.stringify({ flow: frame.flow, state: frame.state, ...Object.fromEntries(named) });
  return { ...way, queue: { workflowSid, attributes } };
};

const record = (
  state: RecordState<string>,
  prompt: readonly Speech[],
  { links }: StepEnvironment,
): readonly Verb[] => [
  ...prompt,
  {
    verb: 'record',
    action: links.step,
    method: 'POST',
    maxLength: state.maximumSeconds,
    timeout: state.silenceSeconds,
    recordingStatusCallback: links.recordings,
  },
  // Silence records nothing, and Twilio goes on here instead of to the action (Record reference).
  { verb: 'redirect', url: links.step },
];

const giveNotice = (
  call: CallState,
  state: Extract<State, { readonly kind: 'recording-notice' }>,
  flow: Flow,
  environment: StepEnvironment,
): Move => {
  const { record: isWanted, before, wording } = environment.recordingPlan;
  const decided = (recording: 'granted' | 'refused') => ({
    kind: 'on' as const,
    state: { ...moveTo(call, recording === 'granted' ? state.granted : state.refused), recording },
  });
  if (!isWanted) return decided('refused');
  switch (before) {
    case 'nothing':
      return decided('granted');
    case 'notice':
      return {
        ...decided('granted'),
        verbs: speak([{ say: wording }], flow, {}),
        notes: [{ kind: 'notice-given', consent: 'announced' }],
      };
    case 'key-press':
      return { kind: 'wait', state: { ...call, asked: 1 }, verbs: askConsent(flow, environment) };
    default:
      return before satisfies never;
  }
};

/** Seconds that a caller has to find the key. */
const CONSENT_TIMEOUT = 7;

export const askConsent = (flow: Flow, { links, recordingPlan }: StepEnvironment): readonly Verb[] => [
  {
    verb: 'gather',
    action: links.step,
    input: 'dtmf',
    timeout: CONSENT_TIMEOUT,
    numDigits: 1,
    finishOnKey: '',
    language: flow.language,
    speech: speak([{ say: recordingPlan.wording }], flow, {}),
  },
  { verb: 'redirect', url: links.step },
];
