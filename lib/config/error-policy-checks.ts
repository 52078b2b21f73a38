import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type * as z from 'zod';
import { ERROR_POLICY_FILES } from '../../functions/shared/contract/error-policy.ts';
import { ErrorCodeFile, ErrorPolicyDocument } from '../../functions/shared/contract/error-policy-schema.ts';
import { ConfigurationError, keyPath } from './configuration-error.ts';

const DIRECTORY = join('config', 'error-policy');
const DOCUMENT = 'policy.json';

/** Thousands without which support would meet codes that nobody described. */
const FAMILIES = [11, 12, 20, 21, 30, 60, 63];
const LEAST_CODES = 200;

/** Checks `config/error-policy/` against itself, the bundles and the runbooks. @throws ConfigurationError that names every finding */
export const checkErrorPolicy = (root: string): void => {
  const names = readdirSync(join(root, DIRECTORY)).sort();
  const policy = read(root, DOCUMENT, ErrorPolicyDocument);
  const files = names
    .filter((name) => name !== DOCUMENT)
    .map((name) => ({ name, ...read(root, name, ErrorCodeFile) }));
  const findings = [
    ...unbundled(files.map(({ name }) => name)),
    ...files.flatMap((file) => fileFindings(file, policy)),
    ...duplicateFindings(files),
    ...coverageFindings(files),
    ...classFindings(policy),
    ...runbookFindings(root, policy, files),
  ];
  if (findings.length > 0) throw new ConfigurationError(DIRECTORY, findings);
};

type NamedFile = ErrorCodeFile & { readonly name: string };

function read<Schema extends z.ZodType>(root: string, name: string, schema: Schema): z.infer<Schema> {
  const source = join(DIRECTORY, name);
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(join(root, source), 'utf8'));
  } catch (cause) {
    throw new ConfigurationError(source, [`cannot be read as JSON: ${String(cause)}`]);
  }
  const parsed = schema.safeParse(document, { reportInput: false });
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    source,
    parsed.error.issues.map(({ path, message }) => `${keyPath(path)}: ${message}`),
  );
}

const unbundled = (names: readonly string[]): readonly string[] => {
  const bundled = Object.keys(ERROR_POLICY_FILES);
  const there = names.map((name) => basename(name, '.json'));
  return [
    ...there
      .filter((name) => !bundled.includes(name))
      .map((name) => `${name}.json: is not bundled; name it in functions/shared/contract/error-policy.ts`),
    ...bundled.filter((name) => !there.includes(name)).map((name) => `${name}.json: is missing`),
  ];
};

const fileFindings = ({ name, ranges, codes }: NamedFile, policy: ErrorPolicyDocument): readonly string[] =>
  codes.flatMap((entry, at) => {
    const where = `${name}: ${entry.code}`;
    const isInRange = ranges.some(([first, last]) => first <= entry.code && entry.code <= last);
    const isInOrder = at === 0 || (codes[at - 1]?.code ?? 0) <= entry.code;
    return [
      ...(isInRange ? [] : [`${where}: lies in none of the ranges of its file`]),
      ...(isInOrder ? [] : [`${where}: stands behind a higher code`]),
      ...nameFindings(where, entry, policy),
    ];
  });

/** What an entry or a class refers to must be there. */
function nameFindings(
  where: string,
  names: {
    readonly class?: string;
    readonly source?: string;
    readonly retry?: string;
    readonly pool?: string;
  },
  policy: ErrorPolicyDocument,
): readonly string[] {
  const referred = [
    ['class', names.class, policy.classes],
    ['source', names.source, policy.sources],
    ['retry', names.retry, policy.retries],
    ['pool', names.pool === 'none' ? undefined : names.pool, policy.troubles],
  ] as const;
  return referred.flatMap(([key, name, defined]) =>
    name === undefined || Object.hasOwn(defined, name) ? [] : [`${where}: ${key} '${name}' is not defined`],
  );
}

const classFindings = (policy: ErrorPolicyDocument): readonly string[] => [
  ...Object.entries(policy.classes).flatMap(([name, one]) =>
    nameFindings(`${DOCUMENT}: classes.${name}`, one, policy),
  ),
  ...nameFindings(`${DOCUMENT}: unknownCode`, policy.unknownCode, policy),
  ...Object.entries(policy.retries).flatMap(([name, { tries, afterSeconds, capSeconds }]) =>
    tries > 0 && (afterSeconds === 0 || capSeconds < afterSeconds)
      ? [`${DOCUMENT}: retries.${name}: waits nothing, or longer than its cap`]
      : [],
  ),
];

const duplicateFindings = (files: readonly NamedFile[]): readonly string[] => {
  const seen = new Map<number, string>();
  return files.flatMap(({ name, codes }) =>
    codes.flatMap(({ code }) => {
      const first = seen.get(code);
      seen.set(code, first ?? name);
      return first === undefined ? [] : [`${name}: ${code}: stands in ${first} already`];
    }),
  );
};

function coverageFindings(files: readonly NamedFile[]): readonly string[] {
  const codes = files.flatMap((file) => file.codes.map(({ code }) => code));
  const missing = FAMILIES.filter((family) => !codes.some((code) => Math.floor(code / 1000) === family));
  return [
    ...missing.map((family) => `no code of ${family}xxx is described`),
    ...(codes.length < LEAST_CODES ? [`only ${codes.length} codes are described, not ${LEAST_CODES}`] : []),
  ];
}

function runbookFindings(
  root: string,
  { classes }: ErrorPolicyDocument,
  files: readonly NamedFile[],
): readonly string[] {
  const named = [...Object.values(classes), ...files.flatMap(({ codes }) => codes)].flatMap(
    ({ runbook }) => runbook ?? [],
  );
  return [...new Set(named)]
    .filter((name) => !existsSync(join(root, 'docs', 'runbooks', `${name}.md`)))
    .map((name) => `runbook '${name}' is not in docs/runbooks`);
}
