import type { LookupFunction } from 'node:net';
import type { AccountSecrets } from '../ports/account-secrets.ts';
import type { Clock } from '../ports/clock.ts';
import type { CreateMessageOutcome, CreateMessageRequest, TwilioMessages } from '../ports/twilio-messages.ts';
import { systemClock } from '../runtime/system.ts';
import { readAuthorization } from './account-credentials.ts';
import { judgeAnswer } from './judge-answer.ts';
import { type PostResult, postOnce } from './post-once.ts';

export interface TwilioMessagesOptions {
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

/**
 * TwilioMessages on one fresh connection per send: on a socket that was never used, "no byte left" is provable, so a
 * refused connection is no reason to park an intent. Twilio's own library reuses sockets and hides their phases.
 */
export const createTwilioMessages = (options: TwilioMessagesOptions): TwilioMessages => {
  const clock = options.clock ?? systemClock;
  return {
    create: async (request) => {
      const startedAt = clock();
      const authorization = await readAuthorization(options.secrets, request.accountSid);
      if (authorization === undefined)
        return notSent('the account secret cannot be read', clock() - startedAt);
      const result = await postOnce({
        url: new URL(`/2010-04-01/Accounts/${request.accountSid}/Messages.json`, options.baseUrl),
        authorization,
        body: formOf(request),
        timeoutMilliseconds: options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS,
        ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
      });
      return outcomeOf(result, { accountSid: request.accountSid, now: clock(), startedAt });
    },
  };
};

const outcomeOf = (
  result: PostResult,
  {
    accountSid,
    now,
    startedAt,
  }: { readonly accountSid: string; readonly now: number; readonly startedAt: number },
): CreateMessageOutcome => {
  const durationMilliseconds = now - startedAt;
  switch (result.kind) {
    case 'not-sent':
      return notSent(result.reason, durationMilliseconds);
    case 'no-answer':
      return { kind: 'unknown', durationMilliseconds, ...result.partial, reason: result.reason };
    case 'answered':
      return judgeAnswer(result.answer, { accountSid, now, durationMilliseconds });
  }
};

const notSent = (reason: string, durationMilliseconds: number): CreateMessageOutcome => ({
  kind: 'not-sent',
  reason,
  durationMilliseconds,
});

const formOf = (request: CreateMessageRequest): string => {
  const form = new URLSearchParams({ To: request.to, MessagingServiceSid: request.messagingServiceSid });
  if (request.body !== undefined) form.append('Body', request.body);
  for (const mediaUrl of request.mediaUrls ?? []) form.append('MediaUrl', mediaUrl);
  form.append('StatusCallback', request.statusCallback);
  if (request.sendAt !== undefined) {
    form.append('ScheduleType', 'fixed');
    form.append('SendAt', request.sendAt);
  }
  form.append('ValidityPeriod', String(request.validityPeriod));
  return form.toString();
};
