import { METRICS } from '../../contract/metrics.ts';
import { type AccountSecrets, SecretUnavailableError } from '../../ports/account-secrets.ts';
import type { Observer } from '../../ports/observer.ts';
import type { WebhookCrypto } from '../../ports/webhook-crypto.ts';
import type { FormFields } from '../../twilio/form-body.ts';
import { signedStringCandidates } from '../../twilio/signed-string.ts';
import type { HookSettings } from './hook-settings.ts';

export type Verification = 'signed' | 'forged' | 'secret-unavailable';

export interface SignedRequest {
  readonly accountSid: string;
  readonly path: string;
  readonly rawQuery: string;
  /** None for a JSON body, which is signed by its hash in the query. */
  readonly fields: FormFields;
  readonly signature: string;
}

export interface VerificationPorts {
  readonly secrets: AccountSecrets;
  readonly crypto: WebhookCrypto;
  readonly observer: Observer;
}

/** Base64 of the 20 bytes of an HMAC-SHA1; so a missing, doubled or cut header fails. */
const SIGNATURE = /^[A-Za-z0-9+/]{27}=$/;

/** Keys the HMAC of requests for accounts that are not served: the same work, so that nothing shows which are. */
const NO_TOKEN = ['00000000000000000000000000000000'];

/** The signature against every live token of the path's account. */
export const verifyWebhook = async (
  request: SignedRequest,
  ports: VerificationPorts,
  settings: HookSettings,
): Promise<Verification> => {
  const { accountSid, signature } = request;
  if (!SIGNATURE.test(signature)) return 'forged';
  const candidates = signedStringCandidates({
    origin: settings.hooksOrigin,
    target: request.rawQuery === '' ? request.path : `${request.path}?${request.rawQuery}`,
    fields: request.fields,
  });
  const isSigned = (tokens: readonly string[]) => ports.crypto.isSigned({ candidates, tokens, signature });
  if (!settings.accountSids.has(accountSid)) {
    isSigned(NO_TOKEN);
    return 'forged';
  }
  try {
    return await verifyUnderSecret(accountSid, isSigned, ports);
  } catch (error) {
    if (!(error instanceof SecretUnavailableError)) throw error;
    ports.observer.error('account secret unavailable', error, { accountSid });
    return 'secret-unavailable';
  }
};

/** A miss may mean that the tokens were rotated: the secret is read anew, at most once in 30 s per account. */
const verifyUnderSecret = async (
  accountSid: string,
  isSigned: (tokens: readonly string[]) => boolean,
  { secrets, observer }: Pick<VerificationPorts, 'secrets' | 'observer'>,
): Promise<Verification> => {
  const known = await secrets.read(accountSid);
  if (isSigned(known.authTokens)) return 'signed';
  const fresh = await secrets.refresh(accountSid);
  if (fresh === undefined) return 'forged';
  observer.count(METRICS.secretRefresh);
  return isSigned(fresh.authTokens) ? 'signed' : 'forged';
};
