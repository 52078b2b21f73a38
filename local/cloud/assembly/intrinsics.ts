import * as z from 'zod';

/** What the intrinsic functions of one stack can look up. Every lookup throws on a name it does not know. */
export interface IntrinsicScope {
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  importedValue(exportName: string): unknown;
  condition(name: string): unknown;
  mapping(map: string, topKey: string, secondKey: string): unknown;
  readonly region: string;
  /** Last word on every string: dynamic references, hosts that mean something else here. */
  finishText(text: string): string;
}

/** What `AWS::NoValue` resolves to; objects and lists drop it. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: IntrinsicScope) => unknown;

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const pair = z.tuple([z.unknown(), z.unknown()]);

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(z.string().parse(argument)),
  'Fn::GetAtt': getAttribute,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::ImportValue': (argument, scope) => scope.importedValue(text.parse(resolve(argument, scope))),
  'Fn::If': choose,
  'Fn::Equals': (argument, scope) => {
    const [left, right] = pair.parse(resolve(argument, scope));
    return text.parse(left) === text.parse(right);
  },
  'Fn::And': (argument, scope) => conditions(argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => conditions(argument, scope).some(Boolean),
  'Fn::Not': (argument, scope) => !conditions(argument, scope)[0],
  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second] = z.tuple([text, text, text]).parse(resolve(argument, scope));
    return resolve(scope.mapping(map, top, second), scope);
  },
  'Fn::Base64': (argument, scope) => Buffer.from(text.parse(resolve(argument, scope))).toString('base64'),
  'Fn::GetAZs': (_argument, scope) => ['a', 'b', 'c'].map((zone) => `${scope.region}${zone}`),
};

/**
 * The value of a template expression. Lists and objects are resolved through; `AWS::NoValue` members disappear.
 * @throws on an intrinsic function or a name that is not known here
 */
export function resolve(value: unknown, scope: IntrinsicScope): unknown {
  if (typeof value === 'string') return scope.finishText(value);
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && isIntrinsicName(first[0])) {
    return finished(call(first[0], first[1], scope), scope);
  }
  return Object.fromEntries(
    entries
      .map(([key, member]) => [key, resolve(member, scope)] as const)
      .filter(([, member]) => member !== NO_VALUE),
  );
}

/** Every logical id that an expression mentions, for the order of creation. */
export function mentionedIds(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

const isIntrinsicName = (key: string): boolean => key === 'Ref' || key.startsWith('Fn::');

function call(name: string, argument: unknown, scope: IntrinsicScope): unknown {
  const intrinsic = INTRINSICS[name];
  if (intrinsic === undefined) throw new Error(`the intrinsic function ${name} is not known`);
  return intrinsic(argument, scope);
}

const finished = (value: unknown, scope: IntrinsicScope): unknown =>
  typeof value === 'string' ? scope.finishText(value) : value;

function getAttribute(argument: unknown, scope: IntrinsicScope): unknown {
  if (typeof argument === 'string') {
    const [logicalId = '', ...attribute] = argument.split('.');
    return scope.attribute(logicalId, attribute.join('.'));
  }
  const [logicalId, attribute] = pair.parse(argument);
  return scope.attribute(z.string().parse(logicalId), text.parse(resolve(attribute, scope)));
}

function join(argument: unknown, scope: IntrinsicScope): string {
  const [delimiter, parts] = pair.parse(argument);
  return z.array(text).parse(resolve(parts, scope)).join(z.string().parse(delimiter));
}

function substitute(argument: unknown, scope: IntrinsicScope): string {
  const [template, variables] = Array.isArray(argument) ? pair.parse(argument) : [argument, {}];
  const own = z.record(z.string(), z.unknown()).parse(resolve(variables, scope));
  return z
    .string()
    .parse(template)
    .replaceAll(/\$\{([^}]*)\}/g, (_whole, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (Object.hasOwn(own, name)) return text.parse(own[name]);
      return text.parse(name.includes('.') ? getAttribute(name, scope) : scope.ref(name));
    });
}

function select(argument: unknown, scope: IntrinsicScope): unknown {
  const [index, list] = pair.parse(resolve(argument, scope));
  const items = z.array(z.unknown()).parse(list);
  const item = items[Number(text.parse(index))];
  if (item === undefined) throw new Error(`Fn::Select has no item ${text.parse(index)} of ${items.length}`);
  return item;
}

function split(argument: unknown, scope: IntrinsicScope): string[] {
  const [delimiter, whole] = pair.parse(resolve(argument, scope));
  return text.parse(whole).split(z.string().parse(delimiter));
}

function choose(argument: unknown, scope: IntrinsicScope): unknown {
  const [name, whenTrue, whenFalse] = z.tuple([z.string(), z.unknown(), z.unknown()]).parse(argument);
  return resolve(scope.condition(name) === true ? whenTrue : whenFalse, scope);
}

/** The members of And, Or, Not: `{Condition: name}` or a nested function. */
function conditions(argument: unknown, scope: IntrinsicScope): boolean[] {
  return z
    .array(z.unknown())
    .parse(argument)
    .map((member) => {
      const named = z.strictObject({ Condition: z.string() }).safeParse(member);
      return (named.success ? scope.condition(named.data.Condition) : resolve(member, scope)) === true;
    });
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, argument] of Object.entries(value)) {
    collectIntrinsic(key, argument, found);
    collect(argument, found);
  }
}

function collectIntrinsic(key: string, argument: unknown, found: Set<string>): void {
  if (key === 'Ref' && typeof argument === 'string') found.add(argument);
  if (key === 'Fn::GetAtt')
    found.add(String(Array.isArray(argument) ? argument[0] : argument).split('.')[0] ?? '');
  if (key !== 'Fn::Sub') return;
  const template = String(Array.isArray(argument) ? argument[0] : argument);
  for (const [, name = ''] of template.matchAll(/\$\{([^!}][^}]*)\}/g)) found.add(name.split('.')[0] ?? '');
}
