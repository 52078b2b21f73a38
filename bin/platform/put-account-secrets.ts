import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { AccountSecret } from '../../functions/shared/contract/settings.ts';

/** Stores the accounts' secrets under the names that the stacks expect. */
export async function putAccountSecrets(
  endpoint: string,
  prefix: string,
  secrets: readonly AccountSecret[],
): Promise<void> {
  const client = new SecretsManagerClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  for (const secret of secrets) {
    const name = `${prefix}${secret.accountSid}`;
    const SecretString = JSON.stringify(secret);
    try {
      await client.send(new CreateSecretCommand({ Name: name, SecretString }));
    } catch (error) {
      if (!(error instanceof ResourceExistsException)) throw error;
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
    }
  }
  client.destroy();
}
