import * as z from 'zod';
import type { PostOutcome } from '../ports/twilio-messages.ts';
import { type Answer, parseJson, requestIdOf, retryAfter, twilioErrorCode } from './read-answer.ts';

interface Circumstances {
  readonly resource: Resource;
  readonly accountSid: string;
  /** Epoch milliseconds, for dates in Retry-After. */
  readonly now: number;
  readonly durationMilliseconds: number;
}

/** What Twilio is asked to create. */
export type Resource = 'message' | 'call';

const created = (sid: RegExp) =>
  z.object({ sid: z.string().regex(sid), account_sid: z.string(), status: z.string().min(1).max(40) });

const CREATED = {
  message: created(/^(SM|MM)[0-9a-f]{32}$/),
  call: created(/^CA[0-9a-f]{32}$/),
};

/**
 * What an answer to `POST Messages.json` or `POST Calls.json` proves. Only a created resource of this account, a Twilio error code and a
 * 429 are proof; everything else, redirects and 5xx included, leaves open whether there is one.
 */
export const judgeAnswer = (answer: Answer, circumstances: Circumstances): PostOutcome => {
  const { durationMilliseconds } = circumstances;
  const answered = { httpStatus: answer.httpStatus, durationMilliseconds, ...requestIdOf(answer.headers) };
  const unknown = (reason: string): PostOutcome => ({ kind: 'unknown', reason, ...answered });
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
  const { resource } = circumstances;
  const created = CREATED[resource].safeParse(parseJson(answer.body));
  if (!created.success) return unknown(`201 without a ${resource}`);
  if (created.data.account_sid !== circumstances.accountSid)
    return unknown(`201 with another account's ${resource}`);
  return { kind: 'accepted', ...answered, sid: created.data.sid, status: created.data.status };
};
