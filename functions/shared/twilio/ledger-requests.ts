import type { AccountSecrets } from '../ports/account-secrets.ts';
import type { Clock } from '../ports/clock.ts';
import type { NoAnswer } from '../ports/twilio-ledger.ts';
import { systemClock } from '../runtime/system.ts';
import { readAuthorization } from './account-credentials.ts';
import { getWithRetries } from './ledger-get.ts';
import { postOnce } from './post-once.ts';
import { type Answer, retryAfter, twilioErrorCode } from './read-answer.ts';

export interface TwilioLedgerOptions {
  /** `https://api.twilio.com`, or the simulator's origin; configuration, never input. */
  readonly baseUrl: string;
  readonly secrets: AccountSecrets;
  /** @default the system's: dates in Retry-After */
  readonly clock?: Clock;
  /** Of each request, from its connection to the last byte of its answer. @default 10,000 */
  readonly timeoutMilliseconds?: number;
}

export type LedgerPorts = Required<TwilioLedgerOptions>;
type Answered = { readonly kind: 'answered'; readonly answer: Answer };

export const ledgerPorts = (options: TwilioLedgerOptions): LedgerPorts => ({
  clock: systemClock,
  timeoutMilliseconds: 10_000,
  ...options,
});

export const get = async (url: URL, accountSid: string, ports: LedgerPorts): Promise<Answered | NoAnswer> => {
  const authorization = await readAuthorization(ports.secrets, accountSid);
  if (authorization === undefined) return NO_SECRET;
  const result = await getWithRetries({ url, authorization, timeoutMilliseconds: ports.timeoutMilliseconds });
  return result.kind === 'answered' ? result : unavailable(result.reason);
};

export const unavailable = (reason: string) => ({ kind: 'unavailable', reason }) as const;

const NO_SECRET = unavailable('the account secret cannot be read');

export const refusal = ({ httpStatus, headers }: Answer, { clock }: LedgerPorts): NoAnswer =>
  httpStatus === 429
    ? { kind: 'throttled', ...retryAfter(headers.get('retry-after'), clock()) }
    : unavailable(`status ${httpStatus}`);

/** Twilio's own words for a resource that is not there; a proxy's 404 says nothing about the resource. */
export const isAbsence = ({ httpStatus, body }: Answer): boolean =>
  httpStatus === 404 && twilioErrorCode(body) === 20_404;

/** Codes of the 20000s concern the request (credentials, parameters), not the resource. */
export const refusedBecause = ({ httpStatus, body }: Answer): number | undefined => {
  if (httpStatus !== 400 && httpStatus !== 409) return undefined;
  const errorCode = twilioErrorCode(body);
  return errorCode !== undefined && Math.floor(errorCode / 1000) !== 20 ? errorCode : undefined;
};

/** One request that changes a resource, never repeated. */
export const postChange = async (
  path: string,
  body: string,
  accountSid: string,
  ports: LedgerPorts,
): Promise<Answered | NoAnswer> => {
  const authorization = await readAuthorization(ports.secrets, accountSid);
  if (authorization === undefined) return NO_SECRET;
  const { timeoutMilliseconds } = ports;
  const result = await postOnce({ url: urlOf(path, ports), authorization, body, timeoutMilliseconds });
  return result.kind === 'answered' ? result : unavailable(result.reason);
};

export const urlOf = (path: string, { baseUrl }: LedgerPorts): URL => new URL(path, baseUrl);

/** A relative address on the account's own list; undefined for any other, which could carry the credentials away. */
export const pageUrl = (target: string, listPath: string, ports: LedgerPorts): URL | undefined =>
  target.startsWith(`${listPath}?`) ? urlOf(target, ports) : undefined;
