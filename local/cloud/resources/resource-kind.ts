import { createHash } from 'node:crypto';
import * as z from 'zod';
import { TemplateRefusedError } from '../errors.ts';
import type { Platform } from '../platform.ts';

/** Where a resource stands in which template. */
export interface Declared {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** Directory or file of an asset by its object key. */
  readonly assets: ReadonlyMap<string, string>;
}

/** What `Ref` and `Fn::GetAtt` give of a resource. */
export interface Deployed {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface ResourceKind {
  readonly type: string;
  /** Properties by name: `undefined` when honoured, else why they mean nothing here. */
  readonly properties: Readonly<Record<string, string | undefined>>;
  /** @throws TemplateRefusedError when a (nested) property is unknown or has an unknown value */
  deploy(declared: Declared, properties: unknown, platform: Platform): Promise<Deployed>;
}

/** A type with its properties; each property not in the shape is refused by its name. */
export function resourceKind<Shape extends z.ZodRawShape>(
  type: string,
  shape: Shape,
  create: (
    properties: z.output<z.ZodObject<Shape, z.core.$strict>>,
    declared: Declared,
    platform: Platform,
  ) => Promise<Deployed> | Deployed,
): ResourceKind {
  const schema = z.strictObject(shape);
  return {
    type,
    properties: Object.fromEntries(Object.keys(shape).map((name) => [name, reasonOf(schema, name)])),
    deploy: async (declared, properties, platform) => {
      const parsed = schema.safeParse(properties);
      if (!parsed.success) throw new TemplateRefusedError(problemsOf(declared, parsed.error));
      return create(parsed.data, declared, platform);
    },
  };
}

/** A type that changes nothing on one machine; its properties are known by name all the same. */
export function inertKind(
  type: string,
  reason: string,
  properties: readonly string[],
  shown: (
    declared: Declared,
    properties: Readonly<Record<string, unknown>>,
    platform: Platform,
  ) => Deployed = (declared) => ({
    ref: generatedName(declared, 128),
  }),
): ResourceKind {
  const shape = Object.fromEntries(properties.map((name) => [name, ignored(reason)]));
  return resourceKind(type, shape, (given, declared, platform) => shown(declared, given, platform));
}

/** A property that is known and has no meaning on one machine, for the reason given. */
export const ignored = (reason: string): z.ZodOptional<z.ZodUnknown> =>
  z.unknown().optional().describe(reason);

/** CloudFormation takes numbers and booleans as text too. */
export const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);
export const boolean = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((value) => value === 'true'),
]);

/** A stable name for a resource whose template gives it none. */
export function generatedName({ stackName, logicalId }: Declared, longest: number): string {
  const name = `${stackName}-${logicalId}`;
  if (name.length <= longest) return name;
  return `${name.slice(0, longest - 9)}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

/** Ten lower-case letters and digits, as API Gateway's ids. */
export function generatedId({ stackName, logicalId }: Declared): string {
  const digest = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex');
  return BigInt(`0x${digest.slice(0, 14)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(-10);
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export function refusal(
  { stackName, logicalId, type }: Declared,
  property: string,
  problem: string,
): TemplateRefusedError {
  return new TemplateRefusedError([`${stackName} / ${logicalId} (${type}): ${property}: ${problem}`]);
}

function reasonOf(schema: z.ZodObject, name: string): string | undefined {
  return schema.shape[name] instanceof z.ZodType ? schema.shape[name].description : undefined;
}

function problemsOf({ stackName, logicalId, type }: Declared, error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    const where = `${stackName} / ${logicalId} (${type})`;
    const path = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [`${where}: ${path}: ${issue.message}`];
    return issue.keys.map(
      (key) => `${where}: the property ${path === '' ? key : `${path}.${key}`} is not known`,
    );
  });
}
