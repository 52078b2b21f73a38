import { ENVIRONMENT } from '../contract/environment.ts';
import type { AccountSecrets } from '../ports/account-secrets.ts';
import type { Clock } from '../ports/clock.ts';
import { requireEnvironment } from '../runtime/environment.ts';
import { createAccountSecrets } from './account-secrets.ts';

/** Where a function finds Twilio, and what opens it. */
export const readTwilioAccess = (
  clock: Clock,
): { readonly baseUrl: string; readonly secrets: AccountSecrets; readonly clock: Clock } => ({
  baseUrl: requireEnvironment(ENVIRONMENT.twilioBaseUrl),
  secrets: createAccountSecrets({ prefix: requireEnvironment(ENVIRONMENT.accountSecretPrefix), clock }),
  clock,
});
