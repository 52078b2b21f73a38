import type { Flow, FlowPackage } from '../../shared/contract/flows/flow.ts';

/** Flows that a flow leads into, by redirect or as a sub-flow. */
export const leadsInto = (flow: Flow): readonly string[] =>
  Object.values(flow.states).flatMap((state) =>
    state.kind === 'redirect' || state.kind === 'sub-flow' ? [state.flow] : [],
  );

/** A flow with every flow that a call in it can come into; unknown names are left out, the checker names them. */
export const packageOf = (entry: string, all: ReadonlyMap<string, Flow>): FlowPackage => {
  const flows: Record<string, Flow> = {};
  const pending = [entry];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const flow = all.get(name);
    if (flow === undefined || Object.hasOwn(flows, name)) continue;
    flows[name] = flow;
    pending.push(...leadsInto(flow));
  }
  return { entry, flows };
};

/** One text for one meaning, whatever order the keys were written in: what the hash is taken of. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sortKeys);

const sortKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value;
