import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generatePassword, SecretStore } from '../../../local/cloud/endpoint/secret-store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const store = (): SecretStore => new SecretStore(directory, 'arn:aws:secretsmanager:us-east-1:000000000000');

describe('secrets', () => {
  test('a value that was put survives a restart and a template that has not changed', () => {
    store().declare('token', 'template 1', () => ({ secretString: 'first' }));
    store().put('token', { secretString: 'mine' });
    store().declare('token', 'template 1', () => ({ secretString: 'first' }));
    expect(store().find('token', {}).secretString).toBe('mine');
    expect(store().find('token', { stage: 'AWSPREVIOUS' }).secretString).toBe('first');
  });

  test('a template that changed puts its new value', () => {
    store().declare('token', 'template 1', () => ({ secretString: 'first' }));
    store().declare('token', 'template 2', () => ({ secretString: 'second' }));
    expect(store().find('token', {}).secretString).toBe('second');
  });

  test('is found by name, by ARN and by an ARN without its end; a stranger is not', () => {
    const secrets = store();
    const arn = secrets.create('app/token', { secretString: 'x' });
    expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:app\/token-[A-Za-z]{6}$/);
    expect(secrets.find(arn, {}).name).toBe('app/token');
    expect(secrets.find(arn.slice(0, -7), {}).name).toBe('app/token');
    expect(() => secrets.find('other', {})).toThrow("can't find");
    expect(() => secrets.create('app/token', {})).toThrow('already exists');
  });

  test('a stage moves to another version', () => {
    const secrets = store();
    secrets.create('s', { secretString: 'a' });
    const pending = secrets.put('s', { secretString: 'b' }, 'version-b', ['AWSPENDING']);
    expect(secrets.find('s', {}).secretString).toBe('a');
    secrets.moveStage('s', 'AWSCURRENT', pending.versionId, secrets.find('s', {}).versionId);
    expect(secrets.find('s', {}).secretString).toBe('b');
  });
});

describe('generated passwords', () => {
  test('keep their rules', () => {
    const password = generatePassword({
      PasswordLength: 40,
      ExcludePunctuation: true,
      ExcludeCharacters: 'abc',
    });
    expect(password).toMatch(/^[d-zA-Z0-9]{40}$/);
    expect(password).toMatch(/\d/);
  });

  test('rules that leave no character are refused', () => {
    const nothing = {
      ExcludeLowercase: true,
      ExcludeUppercase: true,
      ExcludeNumbers: true,
      ExcludePunctuation: true,
    };
    expect(() => generatePassword(nothing)).toThrow('leave no character');
  });
});
