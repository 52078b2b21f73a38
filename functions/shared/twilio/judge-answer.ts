import * as z from 'zod';
import type { CreateMessageOutcome } from '../ports/twilio-messages.ts';
import { type Answer, requestIdOf } from './post-once.ts';

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

/** Twilio's error body; `code` alone tells it from what a proxy on the way says. */
const TwilioFault = z.object({ code: z.int().positive() });

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
    const fault = TwilioFault.safeParse(parseJson(answer.body));
    if (!fault.success) return unknown(`${httpStatus} without a Twilio error code`);
    return { kind: 'rejected', ...answered, errorCode: fault.data.code };
  }
  if (httpStatus !== 201) return unknown(`status ${httpStatus}`);
  const created = CreatedMessage.safeParse(parseJson(answer.body));
  if (!created.success) return unknown('201 without a message');
  if (created.data.account_sid !== circumstances.accountSid)
    return unknown("201 with another account's message");
  return { kind: 'accepted', ...answered, messageSid: created.data.sid, status: created.data.status };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Seconds or an HTTP date (RFC 9110, 10.2.3); what is neither, or in the past, says nothing. */
const retryAfter = (header: string | undefined, now: number): { readonly retryAfterSeconds?: number } => {
  if (header === undefined) return {};
  if (/^\d{1,6}$/.test(header.trim())) return { retryAfterSeconds: Number(header) };
  const seconds = Math.ceil((Date.parse(header) - now) / 1000);
  return seconds >= 0 ? { retryAfterSeconds: seconds } : {};
};
