import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ENVIRONMENT } from '../contract/environment.ts';
import { SecretUnavailableError } from '../ports/account-secrets.ts';
import type { ContactKey } from '../ports/contact-key.ts';
import { requireEnvironment } from '../runtime/environment.ts';

const TIMEOUT_MILLISECONDS = 1000;

/** The key of addresses' hashes, read once a sandbox: it never changes. A failed read is not remembered. */
export const createContactKey = (
  secretName: string = requireEnvironment(ENVIRONMENT.contactKeySecret),
  client: Pick<SecretsManagerClient, 'send'> = createClient(),
): ContactKey => {
  let known: Promise<string> | undefined;
  return () => {
    known ??= readKey(client, secretName).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
};

const createClient = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: TIMEOUT_MILLISECONDS, requestTimeout: TIMEOUT_MILLISECONDS },
  });

const readKey = async (client: Pick<SecretsManagerClient, 'send'>, name: string): Promise<string> => {
  const { SecretString: key } = await client
    .send(new GetSecretValueCommand({ SecretId: name }))
    .catch((cause: unknown) => {
      throw new SecretUnavailableError(`Secret ${name} cannot be read`, { cause });
    });
  if (key === undefined || key.length < SHORTEST_KEY)
    throw new SecretUnavailableError(`Secret ${name} is no key: it must have ${SHORTEST_KEY} characters`);
  return key;
};

const SHORTEST_KEY = 32;
