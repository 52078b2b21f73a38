import type { AccountSecret } from '../../../functions/shared/contract/settings.ts';
import {
  type AccountSecrets,
  SecretUnavailableError,
} from '../../../functions/shared/ports/account-secrets.ts';

/** Secrets in memory; `calls` counts what would have gone to AWS. */
export class MemorySecrets implements AccountSecrets {
  readonly #current = new Map<string, AccountSecret>();
  readonly #cached = new Map<string, AccountSecret>();
  readonly calls: string[] = [];
  isUnavailable = false;
  /** Whether enough time has passed since the last read. */
  isRefreshDue = false;

  set(accountSid: string, ...authTokens: string[]): void {
    this.#current.set(accountSid, { accountSid, authTokens });
  }

  async read(accountSid: string): Promise<AccountSecret> {
    return this.#cached.get(accountSid) ?? this.#load(accountSid);
  }

  async refresh(accountSid: string): Promise<AccountSecret | undefined> {
    return this.isRefreshDue ? this.#load(accountSid) : undefined;
  }

  #load(accountSid: string): AccountSecret {
    this.calls.push(accountSid);
    const secret = this.#current.get(accountSid);
    if (this.isUnavailable || secret === undefined) throw new SecretUnavailableError('fault');
    this.#cached.set(accountSid, secret);
    return secret;
  }
}
