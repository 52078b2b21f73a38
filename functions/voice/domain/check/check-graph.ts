import type { Flow, State } from '../../../shared/contract/flows/flow.ts';
import type { Finding } from './finding.ts';
import { waysOf } from './ways.ts';

/** Ways to states that are not there; nothing else of the graph is judged before these are mended. */
export const unknownStates = (flow: Flow): readonly Finding[] => [
  ...(Object.hasOwn(flow.states, flow.start)
    ? []
    : [
        {
          flow: flow.name,
          rule: 'unknown-state' as const,
          problem: `it starts in ${flow.start}, which is not there`,
        },
      ]),
  ...Object.entries(flow.states).flatMap(([state, definition]) =>
    waysOf(definition)
      .filter(({ to }) => !Object.hasOwn(flow.states, to))
      .map(({ to, on }) => ({
        flow: flow.name,
        state,
        rule: 'unknown-state' as const,
        problem: `a dead end: the way '${on}' leads to ${to}, which is not there`,
      })),
  ),
];

export const unreachableStates = (flow: Flow): readonly Finding[] => {
  const reached = new Set<string>();
  const pending = [flow.start];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const state = flow.states[name];
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    pending.push(...waysOf(state).map(({ to }) => to));
  }
  return Object.keys(flow.states)
    .filter((name) => !reached.has(name))
    .map((state) => ({ flow: flow.name, state, rule: 'unreachable', problem: 'no call can come here' }));
};

/** A way round that no `limit` lies on: a caller could go round for ever, or a flow without asking anybody. */
export const endlessLoops = (flow: Flow): readonly Finding[] => {
  const loop = findCycle(Object.keys(flow.states), (name) => unboundedWays(flow.states[name]));
  return loop === undefined
    ? []
    : [
        {
          flow: flow.name,
          state: loop[0] ?? flow.start,
          rule: 'endless-loop',
          problem: `goes round without a limit: ${[...loop, loop[0]].join(' → ')}`,
        },
      ];
};

/** What a `limit` lets through is counted, so only its way beyond can be part of an endless loop. */
const unboundedWays = (state: State | undefined): readonly string[] =>
  state === undefined ? [] : state.kind === 'limit' ? [state.beyond] : waysOf(state).map(({ to }) => to);

/** The names of one cycle in order, or undefined where there is none. */
export const findCycle = (
  names: readonly string[],
  next: (name: string) => readonly string[],
): readonly string[] | undefined => {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): readonly string[] | undefined => {
    if (path.includes(name)) return path.slice(path.indexOf(name));
    if (done.has(name)) return undefined;
    path.push(name);
    for (const following of next(name)) {
      const cycle = visit(following);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    done.add(name);
    return undefined;
  };
  for (const name of names) {
    const cycle = visit(name);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
};
