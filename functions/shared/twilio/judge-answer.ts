import * as z from 'zod';
import type { CreateMessageOutcome } from '../ports/twilio-messages.ts';
import { type Answer, parseJson, requestIdOf, retryAfter, twilioErrorCode } from './read-answer.ts';

interface Circumstances {
  readonly accountSid: string;
  /** Epoch milliseconds, for dates in Retry-After. */
  readonly now: number;
  readonly durationMilliseconds: number;
}

const CreatedMessage = z.object({
  sid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  account_sid: z.string(),
  status: z.string().min(1).max(40),
});

/**
 * What an answer to `POST Messages.json` proves. Only a created message of this account, a Twilio error code and a
 * 429 are proof; everything else, redirects and 5xx included, leaves open whether there is a message.
 */
export const judgeAnswer = (answer: Answer, circumstances: Circumstances): CreateMessageOutcome => {
  const { durationMilliseconds } = circumstances;
  const answered = { httpStatus: answer.httpStatus, durationMilliseconds, ...requestIdOf(answer.headers) };
  const unknown = (reason: string): CreateMessageOutcome => ({ kind: 'unknown', reason, ...answered });
  const { httpStatus } = answer;
  if (httpStatus === 429) {
    return {
      kind: 'throttled',
      ...answered,
      ...retryAfter(answer.headers.get('retry-after'), circumstances.now),
    };
  }
  if (httpStatus >= 400 && httpStatus < 500) {
    const errorCode = twilioErrorCode(answer.body);
    if (errorCode === undefined) return unknown(`${httpStatus} without a Twilio error code`);
    return { kind: 'rejected', ...answered, errorCode };
  }
  if (httpStatus !== 201) return unknown(`status ${httpStatus}`);
  const created = CreatedMessage.safeParse(parseJson(answer.body));
  if (!created.success) return unknown('201 without a message');
  if (created.data.account_sid !== circumstances.accountSid)
    return unknown("201 with another account's message");
  return { kind: 'accepted', ...answered, messageSid: created.data.sid, status: created.data.status };
};
