import type { AccountSecret } from '../contract/settings.ts';

/** Secrets of the Twilio accounts that the deployment serves. */
export interface AccountSecrets {
  /** The cached secret, read on first use. Throws SecretUnavailableError. */
  read(accountSid: string): Promise<AccountSecret>;
  /**
   * Reads the secret anew unless that happened for this account less than 30 s ago.
   * @returns the fresh secret, or undefined where it was too soon. Throws SecretUnavailableError, also where the last
   * read failed and it is too soon for another.
   */
  refresh(accountSid: string): Promise<AccountSecret | undefined>;
}

export class SecretUnavailableError extends Error {
  override readonly name = 'SecretUnavailableError';
  readonly retryable = true;
}
