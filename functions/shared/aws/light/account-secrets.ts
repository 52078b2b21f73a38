import type { AccountSecret } from '../../contract/settings.ts';
import { type AccountSecrets, SecretUnavailableError } from '../../ports/account-secrets.ts';
import { callWithRetries } from './call-with-retries.ts';
import type { LightAws } from './light-aws.ts';

const TARGET = 'secretsmanager.GetSecretValue';

/** A token that was taken out of the secret stops being accepted after this. */
const CACHE_MILLISECONDS = 300_000;
/** Between two reads of one account's secret, whatever the requests are like: forgeries must not cost calls. */
const REFRESH_MILLISECONDS = 30_000;

interface Entry {
  readonly secret: AccountSecret | undefined;
  /** When the last read began, successful or not. */
  readonly triedAt: number;
  readonly readAt: number;
  /** The last read failed: a token that could not be looked for is not a wrong one. */
  readonly hasFailed: boolean;
}

const NEVER: Entry = {
  secret: undefined,
  triedAt: Number.NEGATIVE_INFINITY,
  readAt: Number.NEGATIVE_INFINITY,
  hasFailed: false,
};

/** Secrets of the accounts under `<prefix><AccountSid>`, cached in the sandbox. */
export const createLightAccountSecrets = (aws: LightAws, prefix: string): AccountSecrets => {
  const entries = new Map<string, Entry>();
  const entryOf = (accountSid: string) => entries.get(accountSid) ?? NEVER;
  const pending = new Map<string, Promise<AccountSecret>>();
  const load = (accountSid: string): Promise<AccountSecret> => {
    const loading = pending.get(accountSid) ?? loadNow(accountSid).finally(() => pending.delete(accountSid));
    pending.set(accountSid, loading);
    return loading;
  };
  const loadNow = async (accountSid: string): Promise<AccountSecret> => {
    entries.set(accountSid, { ...entryOf(accountSid), triedAt: aws.clock(), hasFailed: true });
    const secret = await getSecret(aws, prefix, accountSid);
    const { triedAt } = entryOf(accountSid);
    entries.set(accountSid, { secret, triedAt, readAt: aws.clock(), hasFailed: false });
    return secret;
  };
  return {
    read: async (accountSid) => {
      const { secret, readAt, triedAt } = entryOf(accountSid);
      const now = aws.clock();
      if (secret === undefined) return await load(accountSid);
      if (now - readAt < CACHE_MILLISECONDS || now - triedAt < REFRESH_MILLISECONDS) return secret;
      return await load(accountSid).catch(stayWith(secret));
    },
    refresh: async (accountSid) => {
      const isTooSoon = aws.clock() - entryOf(accountSid).triedAt < REFRESH_MILLISECONDS;
      if (!isTooSoon) return await load(accountSid);
      const loading = pending.get(accountSid);
      if (loading === undefined && entryOf(accountSid).hasFailed)
        throw new SecretUnavailableError('The secret could not be read a moment ago');
      return await loading;
    },
  };
};

/** While Secrets Manager does not answer, webhooks are better verified with the known tokens than lost. */
const stayWith =
  (secret: AccountSecret) =>
  (error: unknown): AccountSecret => {
    if (error instanceof SecretUnavailableError) return secret;
    throw error;
  };

const getSecret = async (aws: LightAws, prefix: string, accountSid: string): Promise<AccountSecret> =>
  parseSecret(accountSid, await getSecretText(aws, `${prefix}${accountSid}`));

/** @throws SecretUnavailableError */
export const getSecretText = async (aws: LightAws, name: string): Promise<unknown> => {
  const body = JSON.stringify({ SecretId: name });
  const answer = await callWithRetries(aws, {
    service: 'secretsmanager',
    target: TARGET,
    protocol: '1.1',
    body,
  });
  if (answer.kind === 'no-answer') throw new SecretUnavailableError(`No answer: ${answer.lastFailure}`);
  if (answer.error !== '') throw new SecretUnavailableError(`${TARGET} was refused: ${answer.error}`);
  return answer.content.SecretString;
};

const parseSecret = (accountSid: string, text: unknown): AccountSecret => {
  const value = typeof text === 'string' ? parseJson(text) : undefined;
  if (!isSecret(value) || value.accountSid !== accountSid)
    throw new SecretUnavailableError('The account secret has not the expected form');
  return value;
};

const isSecret = (value: unknown): value is AccountSecret =>
  typeof value === 'object' &&
  value !== null &&
  'accountSid' in value &&
  'authTokens' in value &&
  Array.isArray(value.authTokens) &&
  value.authTokens.length > 0 &&
  value.authTokens.every((token) => typeof token === 'string' && token.length > 0);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
