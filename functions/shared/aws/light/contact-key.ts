import { SecretUnavailableError } from '../../ports/account-secrets.ts';
import type { ContactKey } from '../../ports/contact-key.ts';
import { getSecretText } from './account-secrets.ts';
import type { LightAws } from './light-aws.ts';

/** The key of addresses' hashes, read once a sandbox and only by who needs it: the first STOP. A failed read is not remembered. */
export const createLightContactKey = (aws: LightAws, secretName: string): ContactKey => {
  let known: string | undefined;
  return async () => {
    if (known !== undefined) return known;
    const key = await getSecretText(aws, secretName);
    if (typeof key !== 'string' || key.length < SHORTEST_KEY)
      throw new SecretUnavailableError(
        `Secret ${secretName} is no key: it must have ${SHORTEST_KEY} characters`,
      );
    known = key;
    return key;
  };
};

const SHORTEST_KEY = 32;
