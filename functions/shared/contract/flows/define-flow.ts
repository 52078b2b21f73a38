import type { FlowOf, StateOf } from './flow.ts';

/** The flow as written; an editor completes its states, and the compiler refuses a way to a state that is not there. */
export const defineFlow = <const Id extends string>(
  flow: Omit<FlowOf<Id>, 'states' | 'start'> & {
    readonly start: NoInfer<Id>;
    readonly states: Readonly<Record<Id, StateOf<NoInfer<Id>>>>;
  },
): FlowOf<Id> => flow;
