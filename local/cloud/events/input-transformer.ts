import * as z from 'zod';

/** How a target wants to be told: the event itself, a constant, a part, or a template filled from it. */
export interface TargetInput {
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?:
    | {
        readonly InputTemplate: string;
        readonly InputPathsMap?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
}

export interface RuleIdentity {
  readonly name: string;
  readonly arn: string;
}

/** The JSON (or plain) text that a rule's target receives for an event. */
export function targetInput(target: TargetInput, event: unknown, rule: RuleIdentity): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(atPath(event, target.InputPath) ?? null);
  if (target.InputTransformer === undefined) return JSON.stringify(event);
  const { InputTemplate, InputPathsMap = {} } = target.InputTransformer;
  const own = Object.entries(InputPathsMap).map(([name, path]) => [name, atPath(event, path)] as const);
  return fill(InputTemplate, new Map([...reserved(event, rule), ...own]));
}

function reserved(event: unknown, rule: RuleIdentity): [string, unknown][] {
  const { time } = z.looseObject({ time: z.string() }).parse(event);
  return [
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', time],
    ['aws.events.event', event],
    ['aws.events.event.json', event],
  ];
}

/** A value stands bare (a string with its quotes) outside a quoted string and as plain text within one. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let isQuoted = false;
  return template.replaceAll(/\\.|"|<([A-Za-z0-9._-]+)>/g, (token, name: string | undefined) => {
    if (token === '"') isQuoted = !isQuoted;
    if (name === undefined) return token;
    const value = values.get(name);
    const json = JSON.stringify(value ?? '');
    if (!isQuoted) return json;
    return typeof value === 'string' ? json.slice(1, -1) : JSON.stringify(json).slice(1, -1);
  });
}

/** The subset of JSON paths that EventBridge takes: `$.a.b[0]`. */
function atPath(event: unknown, path: string): unknown {
  if (!path.startsWith('$')) throw new Error(`${path} is no JSON path`);
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)];
  if (steps.map(([step]) => step).join('') !== path.slice(1))
    throw new Error(`the JSON path ${path} is not known`);
  return steps.reduce<unknown>((value, [, name, index, quoted]) => {
    const key = name ?? index ?? quoted ?? '';
    const found = z.record(z.string(), z.unknown()).or(z.array(z.unknown())).safeParse(value);
    return found.success ? Object.entries(found.data).find(([own]) => own === key)?.[1] : undefined;
  }, event);
}
