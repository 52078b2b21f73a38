import type {
  DialState,
  EnqueueState,
  FlowPackage,
  GatherState,
  LastWay,
  MenuState,
  State,
} from '../../shared/contract/flows/flow.ts';
import { type CallState, FlowError, type StepInput } from './call-state.ts';
import { type Arrival, ask, askConsent, enter, moveTo, type Place, placeOf, ring } from './enter.ts';
import { chosenOption, isAcceptable } from './read-answer.ts';
import { speak } from './speak.ts';
import type { StepEnvironment } from './step-environment.ts';

/** A call enters its flow. @throws FlowError */
export const begin = (
  flows: FlowPackage,
  values: Readonly<Record<string, string>>,
  environment: StepEnvironment,
): Arrival => {
  const start = flows.flows[flows.entry]?.start;
  if (start === undefined) throw new FlowError('a package without its entry');
  const call: CallState = {
    frames: [{ flow: flows.entry, state: start }],
    asked: 0,
    destination: 0,
    visits: {},
    values,
    recording: 'unasked',
    steps: 1,
  };
  return enter(flows, call, environment);
};

/** One webhook: what it says moves the call from where it waits to where it waits next. @throws FlowError */
export const step = (
  flows: FlowPackage,
  before: CallState,
  input: StepInput,
  environment: StepEnvironment,
): Arrival => {
  if (before.outcome !== undefined) return stay(before);
  const place = placeOf(flows, before);
  const call = { ...before, steps: before.steps + 1 };
  if (input.isOver) return end(call, outcomeOfHangUp(flows, place, input));
  if (call.steps > (flows.flows[flows.entry]?.maximumSteps ?? 0)) return giveUp(call, environment);
  return take({ flows, call, place, input, environment });
};

/** Outcome of a call that used up its steps: led out of the flow, not cut off. */
export const STEP_LIMIT = 'step-limit';

interface Turn {
  readonly flows: FlowPackage;
  readonly call: CallState;
  readonly place: Place;
  readonly input: StepInput;
  readonly environment: StepEnvironment;
}

const take = (turn: Turn): Arrival => {
  const { state } = turn.place;
  switch (state.kind) {
    case 'menu':
      return answerMenu(turn, state);
    case 'gather':
      return answerGather(turn, state);
    case 'dial':
      return answerDial(turn, state);
    case 'enqueue':
      return go(turn, wayOutOfQueue(state, turn.input.queueResult));
    case 'record':
    case 'voicemail':
      return go(turn, (turn.input.recordedSeconds ?? 0) > 0 ? state.recorded : state.empty);
    case 'recording-notice':
      return answerConsent(turn, state);
    default:
      throw new FlowError('the call waits in a state that asks nothing');
  }
};

const go = ({ flows, call, environment }: Turn, to: string): Arrival =>
  enter(flows, moveTo(call, to), environment);

const answerMenu = (turn: Turn, state: MenuState<string>): Arrival => {
  const { digits, speech } = turn.input;
  if (!isSaid(digits) && !isSaid(speech)) return again(turn, state, state.silence);
  const option = chosenOption(state.options, digits, speech);
  return option === undefined ? again(turn, state, state.mismatch) : go(turn, option.to);
};

const answerGather = (turn: Turn, state: GatherState<string>): Arrival => {
  const answer = state.input === 'digits' ? turn.input.digits : turn.input.speech;
  if (!isSaid(answer)) return again(turn, state, state.silence);
  if (!isAcceptable(state, answer)) return again(turn, state, state.mismatch);
  const call = { ...turn.call, values: { ...turn.call.values, [state.slot]: answer } };
  return go({ ...turn, call }, state.next);
};

const isSaid = (text: string | undefined): text is string => text !== undefined && text !== '';

/** The same question once more, or the last way where it has been asked often enough. */
const again = (
  turn: Turn,
  state: MenuState<string> | GatherState<string>,
  { again: words, to }: LastWay<string>,
): Arrival => {
  const { call, place, environment } = turn;
  if (call.asked >= state.attempts) return go(turn, to);
  return {
    state: { ...call, asked: call.asked + 1 },
    verbs: [...speak(words, place.flow, call.values), ...ask(state, place.flow, call, environment)],
    notes: [],
    passed: [`${place.frame.flow}/${place.frame.state}`],
  };
};

const ANSWERED: ReadonlySet<string> = new Set(['completed', 'answered']);

const answerDial = (turn: Turn, state: DialState<string>): Arrival => {
  const { call, place, input, environment } = turn;
  if (ANSWERED.has(input.dialStatus ?? '')) return go(turn, state.answered);
  const destination = call.destination + 1;
  if (destination >= state.destinations.length) return go(turn, state.unanswered);
  const next = { ...call, destination };
  return {
    state: next,
    verbs: [ring(state, next, environment)],
    notes: [],
    passed: [`${place.frame.flow}/${place.frame.state}`],
  };
};

/** QueueResult of the Enqueue reference; a word that is not known there is a failure with a way on. */
const wayOutOfQueue = (state: EnqueueState<string>, result: string | undefined): string => {
  switch (result) {
    case 'bridged':
    case 'redirected-from-bridged':
      return state.bridged;
    case 'leave':
      return state.timedOut;
    case 'queue-full':
      return state.full;
    default:
      return state.failed;
  }
};

/** Times that the question about recording is asked; whoever does not say yes, says no. */
const CONSENT_ATTEMPTS = 2;

const answerConsent = (turn: Turn, state: Extract<State, { readonly kind: 'recording-notice' }>): Arrival => {
  const { call, place, input, flows, environment } = turn;
  if (input.digits === '1') {
    const arrival = enter(flows, { ...moveTo(call, state.granted), recording: 'granted' }, environment);
    return { ...arrival, notes: [{ kind: 'notice-given', consent: 'key-press' }, ...arrival.notes] };
  }
  if (!isSaid(input.digits) && call.asked < CONSENT_ATTEMPTS)
    return {
      state: { ...call, asked: call.asked + 1 },
      verbs: askConsent(place.flow, environment),
      notes: [],
      passed: [`${place.frame.flow}/${place.frame.state}`],
    };
  return enter(flows, { ...moveTo(call, state.refused), recording: 'refused' }, environment);
};

const outcomeOfHangUp = (flows: FlowPackage, { state }: Place, input: StepInput): string => {
  const ofFlow = flows.flows[flows.entry]?.hangUp ?? 'hung-up';
  const isRecording = state.kind === 'record' || state.kind === 'voicemail';
  if (isRecording && (input.recordedSeconds ?? 0) > 0) return state.hangUpAfterSpeaking;
  return 'hangUp' in state ? (state.hangUp ?? ofFlow) : ofFlow;
};

const end = (call: CallState, outcome: string): Arrival => ({
  state: { ...call, outcome },
  verbs: [],
  notes: [{ kind: 'ended', outcome }],
  passed: [],
});

const giveUp = (call: CallState, { apology }: StepEnvironment): Arrival => ({
  state: { ...call, outcome: STEP_LIMIT },
  verbs: apology,
  notes: [{ kind: 'ended', outcome: STEP_LIMIT }],
  passed: [],
});

/** The flow is over: whatever Twilio still asks, the call is to end. */
const stay = (call: CallState): Arrival => ({
  state: call,
  verbs: [{ verb: 'hangup' }],
  notes: [],
  passed: [],
});
