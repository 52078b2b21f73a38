import type { LookupFunction } from 'node:net';
import type { AccountSecrets } from '../ports/account-secrets.ts';
import type { Clock } from '../ports/clock.ts';
import type { PostOutcome } from '../ports/twilio-messages.ts';
import { systemClock } from '../runtime/system.ts';
import { readAuthorization } from './account-credentials.ts';
import { judgeAnswer, type Resource } from './judge-answer.ts';
import { type PostResult, postOnce } from './post-once.ts';

export interface TwilioCreateOptions {
  /** `https://api.twilio.com`, or the simulator's origin; configuration, never input. */
  readonly baseUrl: string;
  readonly secrets: AccountSecrets;
  /** @default the system's: durations and dates in Retry-After */
  readonly clock?: Clock;
  /** From the start of the connection to the last byte of the answer. @default 8,000 (protocols: law of times) */
  readonly timeoutMilliseconds?: number;
  /** @default the system's resolver */
  readonly lookup?: LookupFunction;
}

const TIMEOUT_MILLISECONDS = 8000;

const PATHS: Readonly<Record<Resource, string>> = { message: 'Messages.json', call: 'Calls.json' };

/**
 * Creates on one fresh connection per request: on a socket that was never used, "no byte left" is provable, so a
 * refused connection is no reason to park an intent. Twilio's own library reuses sockets and hides their phases.
 */
export const createResource = async (
  resource: Resource,
  { accountSid, form }: { readonly accountSid: string; readonly form: URLSearchParams },
  options: TwilioCreateOptions,
): Promise<PostOutcome> => {
  const clock = options.clock ?? systemClock;
  const startedAt = clock();
  const authorization = await readAuthorization(options.secrets, accountSid);
  if (authorization === undefined) return notSent('the account secret cannot be read', clock() - startedAt);
  const result = await postOnce({
    url: new URL(`/2010-04-01/Accounts/${accountSid}/${PATHS[resource]}`, options.baseUrl),
    authorization,
    body: form.toString(),
    timeoutMilliseconds: options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  });
  const now = clock();
  return outcomeOf(result, { resource, accountSid, now, durationMilliseconds: now - startedAt });
};

const outcomeOf = (result: PostResult, circumstances: Parameters<typeof judgeAnswer>[1]): PostOutcome => {
  const { durationMilliseconds } = circumstances;
  switch (result.kind) {
    case 'not-sent':
      return notSent(result.reason, durationMilliseconds);
    case 'no-answer':
      return { kind: 'unknown', durationMilliseconds, ...result.partial, reason: result.reason };
    case 'answered':
      return judgeAnswer(result.answer, circumstances);
  }
};

const notSent = (reason: string, durationMilliseconds: number): PostOutcome => ({
  kind: 'not-sent',
  reason,
  durationMilliseconds,
});
