import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Every TypeScript file under a folder of the house, relative to its root. */
function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.ts') && statSync(join(ROOT, path)).isFile());
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g;

interface Import {
  readonly file: string;
  /** `import type`: nothing of it is there at run time. */
  readonly isTypeOnly: boolean;
  /** Path in the house, or the package's name. */
  readonly target: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const target = specifier.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(file), specifier))
      : specifier;
    return { file, target, isTypeOnly: /^\s*(import|export) type\s/.test(match[0]) };
  });
}

const FUNCTIONS = filesUnder('functions');
const ALL_IMPORTS = FUNCTIONS.flatMap(importsOf);
const subjectOf = (path: string): string => path.split('/')[1] ?? '';
const isHandler = (path: string): boolean => path.endsWith('/handler.ts');
const isDomain = (path: string): boolean => /^functions\/\w+\/domain\//.test(path);
const isPort = (path: string): boolean => path.startsWith('functions/shared/ports/');
const isContract = (path: string): boolean => path.startsWith('functions/shared/contract/');
/** What touches the world: SDKs, sockets, the system's clock and chance. */
const isAdapter = (path: string): boolean =>
  (path.startsWith('functions/shared/aws/') && !path.endsWith('-marshalling.ts')) ||
  /^functions\/shared\/twilio\/(messages-client|calls-client|create-resource|ledger-client|call-ledger-client|ledger-requests|post-once)\.ts$/.test(
    path,
  ) ||
  /^functions\/shared\/runtime\/(system|powertools-observer|ingress-observer)\.ts$/.test(path);

/** What a text asks of us: pure rules that ingress and consent share, with the data that they are compiled from. */
const isKeywordRule = (path: string): boolean => path.startsWith('functions/shared/keywords/');
/** Twilio's wire format: pure readers that every subject shares. */
const isWireFormat = (path: string): boolean =>
  path.startsWith('functions/shared/twilio/') && !isAdapter(path);

/** What a subject implements of a shared port for the handlers of others: beside its use cases, named like the port. */
const isProvided = (path: string): boolean => {
  const [, , name = ''] = path.split('/');
  return /^functions\/\w+\/[\w-]+\.ts$/.test(path) && FUNCTIONS.includes(`functions/shared/ports/${name}`);
};

const shown = (imports: readonly Import[]): string[] =>
  imports.map(({ file, target }) => `${file} → ${target}`);
const forbidden = (
  files: (path: string) => boolean,
  target: (path: string, file: string) => boolean,
): string[] => shown(ALL_IMPORTS.filter((one) => files(one.file) && target(one.target, one.file)));

describe('the walk of the imports', () => {
  test('finds the files and imports of the house', () => {
    expect(FUNCTIONS.length).toBeGreaterThan(50);
    expect(ALL_IMPORTS.length).toBeGreaterThan(150);
    expect(FUNCTIONS.filter(isDomain).length).toBeGreaterThan(10);
  });

  test('the contract imports itself, zod and the data of config/, nothing else', () => {
    const isData = (target: string): boolean => /^config\/[a-z-]+\/[a-z-]+\.json$/.test(target);
    const isAllowed = (target: string): boolean => isContract(target) || isData(target) || target === 'zod';
    expect(forbidden(isContract, (target) => !isAllowed(target))).toEqual([]);
  });

  test('a domain imports the contract, its own domain and pure libraries', () => {
    const pure = new Set(['libphonenumber-js', 'libphonenumber-js/max', 'twilio/lib/twiml/VoiceResponse.js']);
    const allowed = (target: string, file: string): boolean =>
      isContract(target) ||
      isWireFormat(target) ||
      isKeywordRule(target) ||
      pure.has(target) ||
      (isDomain(target) && subjectOf(target) === subjectOf(file));
    expect(forbidden(isDomain, (target, file) => !allowed(target, file))).toEqual([]);
  });

  test('a domain has no clock, no randomness, no environment and no console', () => {
    const impure =
      /\bDate\.now\(|new Date\(\)|Math\.random|randomUUID|process\.|console\.|\bfetch\(|setTimeout/;
    expect(
      FUNCTIONS.filter(isDomain).filter((path) => impure.test(readFileSync(join(ROOT, path), 'utf8'))),
    ).toEqual([]);
  });

  test('ports import the contract, domains and other ports', () => {
    expect(
      forbidden(isPort, (target) => !isContract(target) && !isDomain(target) && !isPort(target)),
    ).toEqual([]);
  });

  test('only a handler composes: nobody else imports an adapter', () => {
    const composing = ALL_IMPORTS.filter(
      ({ file, target, isTypeOnly }) =>
        !isTypeOnly && isAdapter(target) && !isHandler(file) && !isAdapter(file),
    );
    expect(shown(composing)).toEqual([]);
  });

  test('nobody imports a handler', () => {
    expect(
      forbidden(
        () => true,
        (target) => isHandler(target),
      ),
    ).toEqual([]);
  });

  test('a subject never reaches into another subject, but a handler may wire what it provides', () => {
    const foreign = (target: string, file: string): boolean =>
      target.startsWith('functions/') &&
      subjectOf(target) !== 'shared' &&
      subjectOf(target) !== subjectOf(file) &&
      !(isHandler(file) && isProvided(target));
    expect(forbidden((path) => subjectOf(path) !== 'shared', foreign)).toEqual([]);
  });

  test('shared code knows no subject, except that a port may speak of a domain', () => {
    const subject = (target: string): boolean =>
      target.startsWith('functions/') && subjectOf(target) !== 'shared';
    expect(forbidden((path) => subjectOf(path) === 'shared' && !isPort(path), subject)).toEqual([]);
  });

  /** Pure, and said by synth as by the deployed function: a flow's verdict, the words of last resort. */
  const SAID_AT_SYNTH: ReadonlySet<string> = new Set([
    'functions/voice/domain/check/check-flows.ts',
    'functions/voice/domain/check/finding.ts',
    'functions/voice/domain/static-documents.ts',
  ]);

  test('lib, local and console import the contract alone, and lib what synth has to say itself', () => {
    const outside = ['lib', 'local'].flatMap(filesUnder).flatMap(importsOf);
    const reaching = outside.filter(
      ({ file, target }) =>
        target.startsWith('functions/') &&
        !isContract(target) &&
        !(file.startsWith('lib/') && SAID_AT_SYNTH.has(target)),
    );
    expect(shown(reaching)).toEqual([]);
  });

  test('lib and local do not know each other', () => {
    const lib = filesUnder('lib')
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('local/'));
    const local = filesUnder('local')
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('lib/'));
    expect(shown([...lib, ...local])).toEqual([]);
  });
});

describe('the size of things', () => {
  const lines = (path: string): number => readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1;

  test('a handler has at most 60 lines', () => {
    expect(FUNCTIONS.filter(isHandler).filter((path) => lines(path) > 60)).toEqual([]);
  });

  test('a file has at most 300 lines', () => {
    const all = ['bin', 'lib', 'functions', 'local'].flatMap(filesUnder);
    expect(all.filter((path) => lines(path) > 300)).toEqual([]);
  });
});
