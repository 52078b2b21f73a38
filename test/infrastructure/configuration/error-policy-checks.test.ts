import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkErrorPolicy } from '../../../lib/config/error-policy-checks.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

interface Document {
  codes: Record<string, unknown>[];
  [key: string]: unknown;
}

describe('the error policy', () => {
  let root = '';

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'error-policy-'));
    mkdirSync(join(root, 'config'));
    for (const folder of [join('config', 'error-policy'), join('docs', 'runbooks')])
      cpSync(join(REPOSITORY, folder), join(root, folder), { recursive: true });
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const edit = (name: string, change: (document: Document) => void): void => {
    const path = join(root, 'config', 'error-policy', name);
    const document: Document = JSON.parse(readFileSync(path, 'utf8'));
    change(document);
    writeFileSync(path, JSON.stringify(document));
  };

  test('that is shipped is whole', () => {
    expect(() => checkErrorPolicy(REPOSITORY)).not.toThrow();
    expect(() => checkErrorPolicy(root)).not.toThrow();
  });

  test.each<[string, string, (document: Document) => void, string]>([
    [
      'a code that stands twice',
      'delivery.json',
      ({ codes }) => codes.push({ ...codes.at(-1) }),
      'stands in delivery.json already',
    ],
    [
      'a code that is not of its file',
      'verify.json',
      ({ codes }) => codes.push({ ...codes.at(-1), code: 61_000 }),
      '61000: lies in none of the ranges of its file',
    ],
    ['codes out of order', 'channels.json', ({ codes }) => codes.reverse(), 'stands behind a higher code'],
    [
      'a class that is not defined',
      'delivery.json',
      ({ codes }) => Object.assign(codes[0] ?? {}, { class: 'mysterious' }),
      "class 'mysterious' is not defined",
    ],
    [
      'a retry rule that is not defined',
      'delivery.json',
      ({ codes }) => Object.assign(codes[0] ?? {}, { retry: 'always' }),
      "retry 'always' is not defined",
    ],
    [
      'a source that is not defined',
      'requests.json',
      ({ codes }) => Object.assign(codes[0] ?? {}, { source: 'hearsay' }),
      "source 'hearsay' is not defined",
    ],
    [
      'a runbook that is not there',
      'delivery.json',
      ({ codes }) => Object.assign(codes[0] ?? {}, { runbook: 'pray' }),
      "runbook 'pray' is not in docs/runbooks",
    ],
    [
      'a meaning that is no sentence',
      'delivery.json',
      ({ codes }) => Object.assign(codes[0] ?? {}, { meaning: 'unknown error' }),
      'codes[0].meaning: must be a sentence',
    ],
    [
      'a key that nothing reads',
      'delivery.json',
      ({ codes }) => Object.assign(codes[0] ?? {}, { retires: 'never' }),
      'Unrecognized key',
    ],
    [
      'a family without codes',
      'channels.json',
      (document) => {
        document.ranges = [[64_000, 64_999]];
        document.codes = document.codes.map((entry, at) => ({ ...entry, code: 64_000 + at }));
      },
      'no code of 63xxx is described',
    ],
    [
      'a source without a date',
      'policy.json',
      (document) => Object.assign(document, { sources: { 'dictionary-2023': 'somewhere' } }),
      'must say of which date it is',
    ],
    [
      'a trouble that a class counts towards and that is gone',
      'policy.json',
      (document) => Object.assign(document, { troubles: {} }),
      "pool 'filtering' is not defined",
    ],
  ])('with %s fails synth', (_what, name, change, finding) => {
    edit(name, change);
    expect(() => checkErrorPolicy(root)).toThrow(finding);
  });

  test('with a file that no bundle holds fails synth', () => {
    cpSync(
      join(root, 'config', 'error-policy', 'verify.json'),
      join(root, 'config', 'error-policy', 'video.json'),
    );
    expect(() => checkErrorPolicy(root)).toThrow('video.json: is not bundled');
  });

  test('with a file that is not JSON fails synth by its name', () => {
    writeFileSync(join(root, 'config', 'error-policy', 'verify.json'), '{');
    expect(() => checkErrorPolicy(root)).toThrow('error-policy/verify.json: cannot be read as JSON');
  });
});
