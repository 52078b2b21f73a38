import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from '@jest/globals';
import { createAccountSecrets } from '../../../functions/shared/aws/account-secrets.ts';
import { SecretUnavailableError } from '../../../functions/shared/ports/account-secrets.ts';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const SECRET = { accountSid: ACCOUNT, authTokens: ['token-1', 'token-2'] };

/** Secrets Manager with one secret, a clock that only the test moves, and a count of the reads. */
const setUp = (content: unknown = SECRET) => {
  const state = { content, now: 1_000_000, reads: [] as string[], isDown: false };
  const send = async (command: { input: { SecretId: string } }) => {
    state.reads.push(command.input.SecretId);
    await Promise.resolve();
    if (state.isDown) throw new Error('down');
    return {
      SecretString: typeof state.content === 'string' ? state.content : JSON.stringify(state.content),
    };
  };
  const secrets = createAccountSecrets({
    prefix: 'trunkline/test/',
    clock: () => state.now,
    client: { send } as unknown as SecretsManagerClient,
  });
  return { state, secrets };
};

describe('reading an account secret', () => {
  test('asks for prefix and AccountSid, once in five minutes', async () => {
    const { state, secrets } = setUp();
    expect(await secrets.read(ACCOUNT)).toEqual(SECRET);
    state.now += 299_999;
    await secrets.read(ACCOUNT);
    expect(state.reads).toEqual([`trunkline/test/${ACCOUNT}`]);
    state.now += 1;
    state.content = { ...SECRET, authTokens: ['token-3'] };
    expect((await secrets.read(ACCOUNT)).authTokens).toEqual(['token-3']);
  });

  test('concurrent readers share one call', async () => {
    const { state, secrets } = setUp();
    await Promise.all([secrets.read(ACCOUNT), secrets.read(ACCOUNT), secrets.refresh(ACCOUNT)]);
    expect(state.reads).toHaveLength(1);
  });

  test('a failed read is not remembered', async () => {
    const { state, secrets } = setUp();
    state.isDown = true;
    await expect(secrets.read(ACCOUNT)).rejects.toThrow(SecretUnavailableError);
    state.isDown = false;
    expect(await secrets.read(ACCOUNT)).toEqual(SECRET);
  });

  test('an old secret serves on while Secrets Manager is down, which is asked at most every 30 s', async () => {
    const { state, secrets } = setUp();
    await secrets.read(ACCOUNT);
    state.isDown = true;
    state.now += 300_000;
    for (let second = 0; second < 60; second += 1) {
      expect(await secrets.read(ACCOUNT)).toEqual(SECRET);
      state.now += 1000;
    }
    expect(state.reads).toHaveLength(1 + 2);
  });

  test('an API key comes with its secret', async () => {
    const keyed = { ...SECRET, apiKeySid: 'SK1', apiKeySecret: 'hidden' };
    expect(await setUp(keyed).secrets.read(ACCOUNT)).toEqual(keyed);
  });

  test.each<[string, unknown]>([
    ['text that is not JSON', 'hidden-value {'],
    ['no tokens', { ...SECRET, authTokens: [] }],
    ['an empty token', { ...SECRET, authTokens: [''] }],
    ['a token that is a number', { ...SECRET, authTokens: [123_456] }],
    ["another account's secret", { ...SECRET, accountSid: `AC${'9'.repeat(32)}` }],
    ['no AccountSid', { authTokens: ['hidden-value'] }],
    ['half an API key', { ...SECRET, apiKeySecret: 'hidden-value' }],
  ])('refuses %s without saying what it holds', async (_, content) => {
    const error: unknown = await setUp(content)
      .secrets.read(ACCOUNT)
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(SecretUnavailableError);
    expect(`${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`).not.toMatch(
      /hidden|token-1|123456|9{32}/,
    );
  });
});

describe('refreshing an account secret', () => {
  test('happens at most once in 30 s, however often it is asked for', async () => {
    const { state, secrets } = setUp();
    await secrets.read(ACCOUNT);
    expect(await secrets.refresh(ACCOUNT)).toBeUndefined();
    state.now += 29_999;
    expect(await secrets.refresh(ACCOUNT)).toBeUndefined();
    state.now += 1;
    state.content = { ...SECRET, authTokens: ['token-3'] };
    expect((await secrets.refresh(ACCOUNT))?.authTokens).toEqual(['token-3']);
    expect(await secrets.refresh(ACCOUNT)).toBeUndefined();
    expect((await secrets.read(ACCOUNT)).authTokens).toEqual(['token-3']);
    expect(state.reads).toHaveLength(2);
  });

  test('one account does not hold up another', async () => {
    const { state, secrets } = setUp();
    await secrets.read(ACCOUNT);
    await secrets.refresh(`AC${'2'.repeat(32)}`).catch(() => undefined);
    expect(state.reads).toHaveLength(2);
  });

  test('a refresh that failed counts as one, and is no reason to call a token wrong: the next fails without a read', async () => {
    const { state, secrets } = setUp();
    await secrets.read(ACCOUNT);
    state.now += 30_000;
    state.isDown = true;
    await expect(secrets.refresh(ACCOUNT)).rejects.toThrow(SecretUnavailableError);
    const { length } = state.reads;
    await expect(secrets.refresh(ACCOUNT)).rejects.toThrow(SecretUnavailableError);
    expect(state.reads).toHaveLength(length);
    state.now += 30_000;
    state.isDown = false;
    expect((await secrets.refresh(ACCOUNT))?.authTokens).toEqual(SECRET.authTokens);
  });
});
