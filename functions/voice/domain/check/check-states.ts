import type { Flow, FlowPackage, GatherState, Prompts, State } from '../../../shared/contract/flows/flow.ts';
import { placeholdersIn } from '../speak.ts';
import type { Finding, FlowRule } from './finding.ts';
import { BUILT_IN } from './possible-inputs.ts';

type Report = (rule: FlowRule, problem: string) => Finding;

/** What single states get wrong by themselves. */
export const checkStates = (flow: Flow, flows: FlowPackage): readonly Finding[] => {
  const slots = slotsOf(flows);
  return Object.entries(flow.states).flatMap(([state, definition]) => {
    const report: Report = (rule, problem) => ({ flow: flow.name, state, rule, problem });
    return [
      ...checkOptions(definition, report),
      ...checkLengths(definition, report),
      ...checkValues(flow, definition, slots, report),
      ...checkAttributes(flow, definition, report),
    ];
  });
};

const slotsOf = ({ flows }: FlowPackage): ReadonlyMap<string, GatherState<string>> =>
  new Map(
    Object.values(flows).flatMap((flow) =>
      Object.values(flow.states).flatMap((state) =>
        state.kind === 'gather' ? [[state.slot, state] as const] : [],
      ),
    ),
  );

const checkOptions = (state: State, report: Report): readonly Finding[] => {
  if (state.kind !== 'menu') return [];
  const keys = state.options.map(({ key }) => key);
  const phrases = state.options.flatMap(({ phrases: said = [] }) => said);
  return [...repeated(keys), ...repeated(phrases)].map((option) =>
    report('ambiguous-option', `'${option}' leads to more than one place`),
  );
};

const repeated = (values: readonly string[]): readonly string[] =>
  values.filter((value, at) => values.indexOf(value) < at);

const checkLengths = (state: State, report: Report): readonly Finding[] =>
  state.kind === 'gather' && state.minimumLength > state.maximumLength
    ? [
        report(
          'lengths',
          `no answer has at least ${state.minimumLength} and at most ${state.maximumLength} characters`,
        ),
      ]
    : [];

const checkValues = (
  flow: Flow,
  state: State,
  slots: ReadonlyMap<string, GatherState<string>>,
  report: Report,
): readonly Finding[] => {
  const isKnown = (name: string) =>
    Object.hasOwn(BUILT_IN, name) || Object.hasOwn(flow.context ?? {}, name) || slots.has(name);
  const told = promptsOf(state).flatMap(placeholdersIn);
  const waiting = state.kind === 'enqueue' ? placeholdersIn(state.wait.prompt) : [];
  const used = [...told, ...waiting.filter((name) => name !== 'position')];
  return [
    ...[...used, ...(state.kind === 'choose' ? [state.value] : [])]
      .filter((name) => !isKnown(name))
      .map((name) => report('unknown-value', `{${name}} is neither in the context nor gathered`)),
    ...used
      .filter((name) => slots.get(name)?.secret === true)
      .map((name) => report('secret-told', `{${name}} is a secret and would be said aloud`)),
  ];
};

/** Everything that a state says itself. */
const promptsOf = (state: State): readonly Prompts[] => {
  switch (state.kind) {
    case 'menu':
    case 'gather':
      return [state.prompt, state.silence.again, state.mismatch.again];
    case 'dial':
      return state.whisper === undefined ? [] : [state.whisper];
    case 'say':
    case 'record':
    case 'voicemail':
    case 'hang-up':
      return [state.prompt];
    default:
      return [];
  }
};

const checkAttributes = (flow: Flow, state: State, report: Report): readonly Finding[] =>
  state.kind === 'enqueue'
    ? (state.attributes ?? [])
        .filter((name) => flow.context?.[name]?.isShareable !== true)
        .map((name) => report('personal-attribute', `${name} is not a shareable value of the context`))
    : [];
