import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkRules } from '../../../lib/config/check-rules.ts';
import { synthesize } from '../../../lib/synthesize.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trunkline-rules-'));
  cpSync(join(ROOT, 'config'), join(root, 'config'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const rewrite = (file: string, change: (text: string) => string): void => {
  const path = join(root, 'config', file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};

describe('the rules in config/', () => {
  test('as they are shipped are fit for use', () => {
    expect(() => checkRules(join(root, 'config'))).not.toThrow();
  });

  test('each stand in the bundle of the functions', () => {
    const policy = readFileSync(join(ROOT, 'functions/messaging/gate-policy.ts'), 'utf8');
    for (const folder of ['quiet-hours', 'frequency'])
      for (const file of readdirSync(join(ROOT, 'config', folder)))
        expect(policy).toContain(`${folder}/${file}`);
  });

  test('fail synth with the file and what is wrong in it', async () => {
    rewrite('quiet-hours/canada.json', (text) => text.replace('"09:00"', '"9 o\'clock"'));
    await expect(synthesize({ environment: 'local', root, bundles: false, checks: false })).rejects.toThrow(
      'config/quiet-hours/canada.json: rules[0].week[0].hours[0].open: is no time of day from 00:00 to 24:00',
    );
  });

  test('that overlap or leave a gap fail it by the rules’ names', () => {
    rewrite('quiet-hours/united-kingdom.json', (text) =>
      text.replace('"close": "21:00"', '"close": "07:00"'),
    );
    expect(() => checkRules(join(root, 'config'))).toThrow(
      'config/quiet-hours: gb-default: mon: closes at 07:00, not after 08:00',
    );
  });

  test('that are no JSON fail it by the file', () => {
    rewrite('quiet-hours/canada.json', (text) => text.slice(1));
    expect(() => checkRules(join(root, 'config'))).toThrow(
      'config/quiet-hours/canada.json: cannot be read as JSON',
    );
  });
});
