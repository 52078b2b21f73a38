import * as z from 'zod';
import type { TwilioCall } from '../ports/twilio-call-ledger.ts';
import { parseJson } from './read-answer.ts';

/** `Thu, 24 Aug 2023 05:01:45 +0000` */
const instant = z.string().transform((text, context) => {
  const milliseconds = Date.parse(text);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  context.addIssue({ code: 'custom', message: 'is not a time' });
  return z.NEVER;
});

/** The Call resource (Twilio's OpenAPI description, api.v2010.account.call), as far as it is used. */
const Call = z
  .object({
    sid: z.string().regex(/^CA[0-9a-f]{32}$/),
    account_sid: z.string(),
    direction: z.string().min(1),
    to: z.string().nullish(),
    from: z.string().nullish(),
    status: z.string().min(1).max(40),
    date_created: instant,
  })
  .transform(
    (call): TwilioCall => ({
      callSid: call.sid,
      accountSid: call.account_sid,
      direction: call.direction,
      to: call.to ?? '',
      from: call.from ?? '',
      status: call.status,
      createdAt: call.date_created,
    }),
  );

const CallPage = z.object({ calls: z.array(Call), next_page_uri: z.string().nullish() });

/** A call of this account; undefined for anything else. */
export const readCall = (body: string, accountSid: string): TwilioCall | undefined => {
  const call = Call.safeParse(parseJson(body)).data;
  return call?.accountSid === accountSid ? call : undefined;
};

export interface CallPage {
  readonly calls: readonly TwilioCall[];
  /** As Twilio wrote it: to be checked before it is followed. */
  readonly nextPageUri?: string;
}

/** A page of this account's calls; undefined if one of them is odd, for a page with a hole would look whole. */
export const readCallPage = (body: string, accountSid: string): CallPage | undefined => {
  const page = CallPage.safeParse(parseJson(body)).data;
  if (page === undefined || page.calls.some((call) => call.accountSid !== accountSid)) return undefined;
  const { calls, next_page_uri: next } = page;
  return { calls, ...(next === undefined || next === null || next === '' ? {} : { nextPageUri: next }) };
};
