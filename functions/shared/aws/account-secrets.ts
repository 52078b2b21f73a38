import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { type AccountSecret, accountSidPattern } from '../contract/settings.ts';
import { type AccountSecrets, SecretUnavailableError } from '../ports/account-secrets.ts';
import type { Clock } from '../ports/clock.ts';

export interface AccountSecretsOptions {
  /** The secret of an account is `<prefix><AccountSid>`. */
  readonly prefix: string;
  readonly clock: Clock;
  /** @default a client that gives up within about 4 s */
  readonly client?: Pick<SecretsManagerClient, 'send'>;
}

/** A token or key that was taken out of the secret stops being used after this. */
const CACHE_MILLISECONDS = 300_000;
/** Between two reads of one account's secret, whatever asks for them. */
const REFRESH_MILLISECONDS = 30_000;

/** A token that we could not look for is not a wrong token: who asks is to come again. */
const TRIED_IN_VAIN = 'The secret could not be read a moment ago';

/** Also the form in which a secret is written; errors of it never repeat a value. */
const SecretContent = z
  .object({
    accountSid: z.string().regex(accountSidPattern),
    authTokens: z.array(z.string().min(1)).min(1),
    apiKeySid: z.string().min(1).exactOptional(),
    apiKeySecret: z.string().min(1).exactOptional(),
  })
  .refine(({ apiKeySid, apiKeySecret }) => (apiKeySid === undefined) === (apiKeySecret === undefined), {
    message: 'has one half of an API key',
  });

/** AccountSecrets on Secrets Manager, cached in the sandbox for five minutes. A failed read is not remembered. */
export const createAccountSecrets = (options: AccountSecretsOptions): AccountSecrets => {
  const client = options.client ?? createSecretsManagerClient();
  const accounts = new Map<string, CachedSecret>();
  return {
    read: async (accountSid) => cachedSecret(accountSid).read(),
    refresh: async (accountSid) => cachedSecret(accountSid).refresh(),
  };

  function cachedSecret(accountSid: string): CachedSecret {
    const known = accounts.get(accountSid);
    if (known !== undefined) return known;
    const secret = new CachedSecret(
      () => getSecret(client, { name: `${options.prefix}${accountSid}`, accountSid }),
      options.clock,
    );
    accounts.set(accountSid, secret);
    return secret;
  }
};

class CachedSecret {
  readonly #load: () => Promise<AccountSecret>;
  readonly #clock: Clock;
  #secret: AccountSecret | undefined;
  #pending: Promise<AccountSecret> | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;

  constructor(load: () => Promise<AccountSecret>, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
  }

  async read(): Promise<AccountSecret> {
    const known = this.#secret;
    if (known === undefined) return this.#readNow();
    if (this.#clock() - this.#readAt < CACHE_MILLISECONDS || this.#isTooSoon()) return known;
    // While Secrets Manager does not answer, what is known is better than nothing.
    return this.#readNow().catch((error: unknown) => {
      if (error instanceof SecretUnavailableError) return known;
      throw error;
    });
  }

  async refresh(): Promise<AccountSecret | undefined> {
    if (!this.#isTooSoon()) return this.#readNow();
    if (this.#pending === undefined && this.#hasFailed) throw new SecretUnavailableError(TRIED_IN_VAIN);
    return this.#pending;
  }

  #isTooSoon(): boolean {
    return this.#clock() - this.#triedAt < REFRESH_MILLISECONDS;
  }

  /** One read at a time, shared by all who ask meanwhile. */
  #readNow(): Promise<AccountSecret> {
    this.#pending ??= this.#readAlone().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #readAlone(): Promise<AccountSecret> {
    this.#triedAt = this.#clock();
    this.#hasFailed = true;
    const secret = await this.#load();
    this.#secret = secret;
    this.#readAt = this.#clock();
    this.#hasFailed = false;
    return secret;
  }
}

const createSecretsManagerClient = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: 1000,
      throwOnRequestTimeout: true,
      socketTimeout: 1000,
    },
  });

const getSecret = async (
  client: Pick<SecretsManagerClient, 'send'>,
  { name, accountSid }: { readonly name: string; readonly accountSid: string },
): Promise<AccountSecret> => {
  const content = parseSecret((await fetchSecret(client, name)) ?? '', name);
  if (content.accountSid !== accountSid)
    throw new SecretUnavailableError(`Secret ${name} is another account's`);
  return content;
};

const fetchSecret = async (
  client: Pick<SecretsManagerClient, 'send'>,
  name: string,
): Promise<string | undefined> => {
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
  } catch (error) {
    throw new SecretUnavailableError(`Secret ${name} cannot be read`, { cause: error });
  }
};

const parseSecret = (text: string, name: string): AccountSecret => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without the parser's error as a cause: its message quotes the text.
    throw new SecretUnavailableError(`Secret ${name} is not JSON`);
  }
  const parsed = SecretContent.safeParse(value);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || '(root)');
  throw new SecretUnavailableError(`Secret ${name} has not the expected form at ${paths.join(', ')}`);
};
