import type * as z from 'zod';

/** The deployment does not say what the function needs to know. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly variable: string;
  readonly retryable = false;

  constructor(variable: string, problem: string) {
    super(`Environment variable ${variable} ${problem}`);
    this.variable = variable;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws EnvironmentError when the variable is not set or empty */
export const requireEnvironment = (name: string, environment: Environment = process.env): string => {
  const value = environment[name];
  if (value === undefined || value === '') throw new EnvironmentError(name, 'is not set');
  return value;
};

/** A decimal integer. @throws EnvironmentError */
export const requireEnvironmentInteger = (name: string, environment: Environment = process.env): number => {
  const value = requireEnvironment(name, environment);
  if (!/^-?\d{1,15}$/.test(value)) throw new EnvironmentError(name, 'is not an integer');
  return Number(value);
};

/** A comma-separated list with at least one entry. @throws EnvironmentError */
export const requireEnvironmentList = (
  name: string,
  environment: Environment = process.env,
): readonly string[] => {
  const entries = requireEnvironment(name, environment)
    .split(',')
    .map((entry) => entry.trim());
  if (entries.includes('')) throw new EnvironmentError(name, 'has an empty entry');
  return entries;
};

/** JSON of the shape that `schema` describes. @throws EnvironmentError which names the paths that are wrong, not the values */
export const requireEnvironmentJson = <Value>(
  name: string,
  schema: z.ZodType<Value>,
  environment: Environment = process.env,
): Value => {
  const parsed = schema.safeParse(parseJson(name, requireEnvironment(name, environment)));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`,
  );
  throw new EnvironmentError(name, `is not as expected: ${problems.join('; ')}`);
};

const parseJson = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new EnvironmentError(name, 'is not JSON');
  }
};
