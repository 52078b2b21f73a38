import type { ContextField, Flow } from '../../shared/contract/flows/flow.ts';
import type { CallContext } from './intent.ts';

export type Flows = Readonly<Record<string, Flow>>;

/** What cannot be accepted of a request's flow and context: JSON pointer into the request, and why. */
type Finding = { readonly pointer: string; readonly detail: string };

/**
 * A call whose flow is not there, or lacks a value that it speaks, would end in an apology: it is refused before anybody's
 * phone rings. A flow may lead into others, so that any declared name is taken.
 */
export function flowFindings(flows: Flows, name: string, context: CallContext): readonly Finding[] {
  const flow = Object.hasOwn(flows, name) ? flows[name] : undefined;
  if (flow === undefined) return [{ pointer: '/flow', detail: 'names no flow of the deployment' }];
  const needed = flow.context ?? {};
  const declared: Readonly<Record<string, ContextField>> = {
    ...Object.assign({}, ...Object.values(flows).map((one) => one.context ?? {})),
    ...needed,
  };
  const missing = Object.keys(needed).filter((field) => !Object.hasOwn(context, field));
  return [
    ...missing.map((field) => ({ pointer: `/context/${field}`, detail: `is needed by flow ${name}` })),
    ...Object.entries(context).flatMap(([field, value]) => valueFindings(field, value, declared)),
  ];
}

function valueFindings(
  field: string,
  value: string,
  declared: Readonly<Record<string, ContextField>>,
): readonly Finding[] {
  const pointer = `/context/${field}`;
  const found = Object.hasOwn(declared, field) ? declared[field] : undefined;
  if (found === undefined) return [{ pointer, detail: 'is declared by no flow' }];
  if ([...value].length > found.maximumLength)
    return [{ pointer, detail: `is longer than ${found.maximumLength} characters` }];
  if (found.kind === 'digits' && !/^\d*$/.test(value)) return [{ pointer, detail: 'is not digits' }];
  return [];
}
