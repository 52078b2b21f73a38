import type { Flow } from '../../../shared/contract/flows/flow.ts';
import { FlowSchema } from '../../../shared/contract/flows/flow-schema.ts';
import { leadsInto, packageOf } from '../flow-package.ts';
import { endlessLoops, findCycle, unknownStates, unreachableStates } from './check-graph.ts';
import { checkStates } from './check-states.ts';
import { explore } from './explore.ts';
import type { Finding } from './finding.ts';

/**
 * Judges all flows of a deployment: shape, graph, states, and every way that a call can take. What one rule finds
 * wrong would make the next speak nonsense, so the rules go in this order and stop at the first that finds something.
 */
export const checkFlows = (definitions: Readonly<Record<string, unknown>>): readonly Finding[] => {
  const shape = checkShape(definitions);
  if (shape.findings.length > 0) return shape.findings;
  const flows = shape.flows;
  for (const rule of [graphFindings, flowFindings, stateFindings, exploredFindings]) {
    const findings = rule(flows);
    if (findings.length > 0) return findings;
  }
  return [];
};

type Flows = ReadonlyMap<string, Flow>;

const checkShape = (definitions: Readonly<Record<string, unknown>>) => {
  const flows = new Map<string, Flow>();
  const findings: Finding[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    const parsed = FlowSchema.safeParse(definition, { reportInput: false });
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues)
        findings.push({ flow: name, rule: 'schema', problem: `${path.join('.') || '(root)'}: ${message}` });
    } else if (parsed.data.name !== name) {
      findings.push({ flow: name, rule: 'name', problem: `calls itself ${parsed.data.name}` });
    } else {
      flows.set(name, parsed.data);
    }
  }
  return { flows, findings };
};

const graphFindings = (flows: Flows): readonly Finding[] =>
  [...flows.values()].flatMap((flow) => {
    const unknown = unknownStates(flow);
    return unknown.length > 0 ? unknown : [...unreachableStates(flow), ...endlessLoops(flow)];
  });

/** How flows lead into each other. */
const flowFindings = (flows: Flows): readonly Finding[] => {
  const unknown = [...flows.values()].flatMap((flow) => unknownFlows(flow, flows));
  if (unknown.length > 0) return unknown;
  const cycle = findCycle([...flows.keys()], (name) => {
    const flow = flows.get(name);
    return flow === undefined ? [] : leadsInto(flow);
  });
  return [
    ...(cycle === undefined
      ? []
      : [
          {
            flow: cycle[0] ?? '',
            rule: 'endless-flows' as const,
            problem: `flows lead into each other: ${[...cycle, cycle[0]].join(' → ')}`,
          },
        ]),
    ...[...flows.values()].flatMap((flow) => returnFindings(flow, flows)),
  ];
};

const unknownFlows = (flow: Flow, flows: Flows): readonly Finding[] =>
  Object.entries(flow.states).flatMap(([state, definition]) =>
    (definition.kind === 'redirect' || definition.kind === 'sub-flow') && !flows.has(definition.flow)
      ? [
          {
            flow: flow.name,
            state,
            rule: 'unknown-flow' as const,
            problem: `there is no flow ${definition.flow}`,
          },
        ]
      : [],
  );

const returnFindings = (flow: Flow, flows: Flows): readonly Finding[] =>
  Object.entries(flow.states).flatMap(([state, definition]): readonly Finding[] => {
    if (definition.kind === 'redirect' && outcomesOf(flows.get(definition.flow)).length > 0)
      return [
        {
          flow: flow.name,
          state,
          rule: 'return-without-caller',
          problem: `${definition.flow} returns, but a redirect does not come back`,
        },
      ];
    if (definition.kind !== 'sub-flow') return [];
    return outcomesOf(flows.get(definition.flow))
      .filter((outcome) => !Object.hasOwn(definition.returns, outcome))
      .map((outcome) => ({
        flow: flow.name,
        state,
        rule: 'unawaited-outcome',
        problem: `a dead end: ${definition.flow} may return '${outcome}', for which there is no way on`,
      }));
  });

const outcomesOf = (flow: Flow | undefined): readonly string[] =>
  Object.values(flow?.states ?? {}).flatMap((state) => (state.kind === 'return' ? [state.outcome] : []));

/** Flows that a call may begin in: those that do not return to anybody. */
export const callableFlows = (flows: Flows): readonly string[] =>
  [...flows.values()].filter((flow) => outcomesOf(flow).length === 0).map(({ name }) => name);

const stateFindings = (flows: Flows): readonly Finding[] =>
  [...flows.values()].flatMap((flow) => checkStates(flow, packageOf(flow.name, flows)));

const exploredFindings = (flows: Flows): readonly Finding[] =>
  callableFlows(flows).flatMap((name) => explore(packageOf(name, flows)).findings);
