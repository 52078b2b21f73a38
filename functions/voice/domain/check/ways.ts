import type { State } from '../../../shared/contract/flows/flow.ts';

/** A way from one state to another of the same flow, and what makes a call take it. */
export interface Way {
  readonly to: string;
  readonly on: string;
}

/** Every way on from a state; none for states that end a flow. */
export const waysOf = (state: State): readonly Way[] => {
  switch (state.kind) {
    case 'say':
    case 'report':
      return [{ to: state.next, on: '' }];
    case 'menu':
      return [
        ...state.options.map(({ key, phrases = [], to }) => ({
          to,
          on: [key, ...phrases.slice(0, 1).map((phrase) => `“${phrase}”`)].join(' '),
        })),
        ...lastWays(state),
      ];
    case 'gather':
      return [{ to: state.next, on: state.slot }, ...lastWays(state)];
    case 'hours':
      return [
        { to: state.open, on: 'open' },
        { to: state.closed, on: 'closed' },
      ];
    case 'choose':
      return [
        ...Object.entries(state.cases).map(([value, to]) => ({ to, on: value })),
        { to: state.otherwise, on: 'otherwise' },
      ];
    case 'limit':
      return [
        { to: state.within, on: `up to ${state.visits} times` },
        { to: state.beyond, on: 'then' },
      ];
    case 'sub-flow':
      return Object.entries(state.returns).map(([outcome, to]) => ({ to, on: outcome }));
    case 'dial':
      return [
        { to: state.answered, on: 'answered' },
        { to: state.unanswered, on: 'nobody answers' },
      ];
    case 'enqueue':
      return [
        { to: state.bridged, on: 'talked to an agent' },
        { to: state.timedOut, on: `waited ${state.maximumWaitSeconds} s` },
        { to: state.full, on: 'queue full' },
        { to: state.failed, on: 'error' },
      ];
    case 'record':
    case 'voicemail':
      return [
        { to: state.recorded, on: 'spoken' },
        { to: state.empty, on: 'nothing said' },
      ];
    case 'recording-notice':
      return [
        { to: state.granted, on: 'may be recorded' },
        { to: state.refused, on: 'not recorded' },
      ];
    case 'redirect':
    case 'return':
    case 'hang-up':
      return [];
    default:
      return state satisfies never;
  }
};

const lastWays = (state: Extract<State, { readonly kind: 'menu' | 'gather' }>): readonly Way[] => [
  { to: state.silence.to, on: `silence, ${state.attempts} times` },
  { to: state.mismatch.to, on: `wrong, ${state.attempts} times` },
];
