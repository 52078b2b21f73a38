import type { AccountSecret } from '../contract/settings.ts';
import { type AccountSecrets, SecretUnavailableError } from '../ports/account-secrets.ts';

/** The Authorization header of an account's requests; undefined where its secret cannot be read. */
export const readAuthorization = async (
  secrets: AccountSecrets,
  accountSid: string,
): Promise<string | undefined> => {
  try {
    return basicAuthorization(await secrets.read(accountSid));
  } catch (error) {
    if (error instanceof SecretUnavailableError) return undefined;
    throw error;
  }
};

/** An API key where there is one: auth tokens are for verifying webhooks. */
const basicAuthorization = ({ accountSid, authTokens, apiKeySid, apiKeySecret }: AccountSecret): string => {
  const user = apiKeySid === undefined ? accountSid : apiKeySid;
  const password = apiKeySid === undefined ? authTokens[0] : apiKeySecret;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
};
