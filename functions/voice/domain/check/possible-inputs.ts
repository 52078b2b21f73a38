import type { ContextField, FlowPackage, State } from '../../../shared/contract/flows/flow.ts';
import type { StepInput } from '../call-state.ts';

/** One of each kind of thing that can happen in a state that waits, by name. */
export const possibleInputs = (
  state: State,
  compared: ReadonlySet<string>,
): readonly (readonly [string, StepInput])[] => [...inputsOf(state, compared), ['hang-up', { isOver: true }]];

const KEYS = [...'0123456789*#'];
const NONSENSE = 'qqqq wwww';

const here = (input: Omit<StepInput, 'isOver'>): StepInput => ({ isOver: false, ...input });
const SILENCE = ['silence', here({})] as const;

const inputsOf = (state: State, compared: ReadonlySet<string>): readonly (readonly [string, StepInput])[] => {
  switch (state.kind) {
    case 'menu': {
      const free = KEYS.filter((key) => state.options.every((option) => option.key !== key));
      return [
        ...state.options.map(({ key }) => [`key ${key}`, here({ digits: key })] as const),
        ...state.options.flatMap(({ phrases = [] }) =>
          phrases.map((phrase) => [`says ${phrase}`, here({ speech: phrase })] as const),
        ),
        ...free.slice(0, 1).map((key) => [`wrong key ${key}`, here({ digits: key })] as const),
        ['nonsense', here({ speech: NONSENSE })],
        SILENCE,
      ];
    }
    case 'gather': {
      const unit = state.input === 'digits' ? '7' : 'a';
      const say = (text: string) => here(state.input === 'digits' ? { digits: text } : { speech: text });
      return [
        ['answers', say(unit.repeat(state.minimumLength))],
        ['answers at length', say(unit.repeat(state.maximumLength))],
        ['answers too much', say(unit.repeat(state.maximumLength + 1))],
        ...(state.minimumLength > 1 ? [['answers too little', say(unit)] as const] : []),
        ...[...compared].map((value) => [`answers ${value}`, say(value)] as const),
        SILENCE,
      ];
    }
    case 'dial':
      return ['completed', 'busy', 'no-answer', 'failed', 'canceled', 'unheard-of'].map((dialStatus) => [
        `dialled: ${dialStatus}`,
        here({ dialStatus }),
      ]);
    case 'enqueue':
      return ['bridged', 'leave', 'queue-full', 'error', 'system-error', 'redirected', 'unheard-of'].map(
        (queueResult) => [`queue: ${queueResult}`, here({ queueResult })],
      );
    case 'record':
    case 'voicemail':
      return [
        ['speaks', here({ recordedSeconds: 3 })],
        ['speaks and hangs up', { isOver: true, recordedSeconds: 3 }],
        SILENCE,
      ];
    case 'recording-notice':
      return [['key 1', here({ digits: '1' })], ['key 2', here({ digits: '2' })], SILENCE];
    default:
      return [];
  }
};

/** Values that flows of a package compare a name with. */
export const comparedValues = ({ flows }: FlowPackage): ReadonlyMap<string, ReadonlySet<string>> => {
  const compared = new Map<string, Set<string>>();
  for (const flow of Object.values(flows))
    for (const state of Object.values(flow.states)) {
      if (state.kind !== 'choose') continue;
      const values = compared.get(state.value) ?? new Set<string>();
      for (const value of Object.keys(state.cases)) values.add(value);
      compared.set(state.value, values);
    }
  return compared;
};

/** Values that every call has: what answered an outbound one. */
export const BUILT_IN: Readonly<Record<string, ContextField>> = {
  'answered-by': { kind: 'text', maximumLength: 7 },
};

/** Every context that makes a difference: each compared value, and the longest value that is compared with none. */
export const possibleContexts = (flows: FlowPackage): readonly Readonly<Record<string, string>>[] => {
  const compared = comparedValues(flows);
  const declared = Object.values(flows.flows).map(({ context }) => context ?? {});
  const fields = Object.assign({}, BUILT_IN, ...declared);
  let contexts: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [name, field] of Object.entries<ContextField>(fields)) {
    const longest = (field.kind === 'digits' ? '9' : 'W').repeat(field.maximumLength);
    const values = [longest, ...(compared.get(name) ?? [])];
    contexts = contexts.flatMap((context) => values.map((value) => ({ ...context, [name]: value })));
  }
  return contexts;
};
