import * as z from 'zod';
import { ConfigurationError } from './configuration-error.ts';

/** Values given by `-c key.path=value`; strings as the shell hands them over. */
export type Overrides = Readonly<Record<string, string>>;

type Segment = string | number;

/**
 * Sets each override in a copy of `document`. Where the schema wants text the value is taken as it is, everywhere
 * else it is JSON. Throws ConfigurationError for a key that the schema does not have and for a value that is not JSON.
 */
export const applyOverrides = (document: unknown, overrides: Overrides, schema: z.ZodType): unknown => {
  const result: unknown = structuredClone(document);
  for (const [key, text] of Object.entries(overrides)) {
    const path = segments(key);
    const target = schemaAt(schema, path);
    if (target === undefined) throw new ConfigurationError(`-c ${key}`, ['unknown configuration key']);
    assign(result, path, wantsText(target) ? text : parseJson(key, text), key);
  }
  return result;
};

/** `pools[0].name` and `pools.0.name` alike. */
const segments = (key: string): readonly Segment[] =>
  key
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));

const schemaAt = (schema: z.ZodType, path: readonly Segment[]): z.ZodType | undefined => {
  const [head, ...rest] = path;
  if (head === undefined) return schema;
  for (const child of children(schema, head)) {
    const found = schemaAt(child, rest);
    if (found !== undefined) return found;
  }
  return undefined;
};

const children = (schema: z.ZodType, segment: Segment): readonly z.ZodType[] => {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return only(inner.shape[segment]);
  if (inner instanceof z.ZodArray && typeof segment === 'number') return only(inner.element);
  if (inner instanceof z.ZodUnion)
    return inner.options.flatMap((option) => (isSchema(option) ? children(option, segment) : []));
  return [];
};

const unwrapped = (schema: z.ZodType): z.ZodType => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    const inner: unknown = schema.unwrap();
    return isSchema(inner) ? unwrapped(inner) : schema;
  }
  return schema;
};

const wantsText = (schema: z.ZodType): boolean => {
  const inner = unwrapped(schema);
  return (
    inner instanceof z.ZodString ||
    inner instanceof z.ZodStringFormat ||
    inner instanceof z.ZodEnum ||
    inner instanceof z.ZodLiteral
  );
};

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

const only = (value: unknown): readonly z.ZodType[] => (isSchema(value) ? [value] : []);

const parseJson = (key: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigurationError(`-c ${key}`, [
      `${JSON.stringify(text)} is not JSON, and this key takes no text`,
    ]);
  }
};

const assign = (document: unknown, path: readonly Segment[], value: unknown, key: string): void => {
  const last = path.length - 1;
  let node = document;
  for (const [at, segment] of path.entries()) {
    if (!isContainer(node) || (Array.isArray(node) && typeof segment === 'number' && segment > node.length)) {
      throw new ConfigurationError(`-c ${key}`, ['the configuration has nothing at this place to override']);
    }
    if (at < last) node[segment] ??= typeof path[at + 1] === 'number' ? [] : {};
    else node[segment] = value;
    node = node[segment];
  }
};

const isContainer = (value: unknown): value is Record<Segment, unknown> =>
  typeof value === 'object' && value !== null;
