import * as z from 'zod';
import type { AccountSecrets } from '../ports/account-secrets.ts';
import type { Clock } from '../ports/clock.ts';
import type { TwilioCallRecord, TwilioCallRecords } from '../ports/twilio-call-records.ts';
import type { NoAnswer } from '../ports/twilio-ledger.ts';
import { readAuthorization } from './account-credentials.ts';
import { getWithRetries } from './ledger-get.ts';
import { type Answer, parseJson, retryAfter, twilioErrorCode } from './read-answer.ts';

export interface CallRecordsOptions {
  /** `https://api.twilio.com`, or the simulator's origin; configuration, never input. */
  readonly baseUrl: string;
  readonly secrets: AccountSecrets;
  readonly clock: Clock;
  /** Of each request. @default 10,000 */
  readonly timeoutMilliseconds?: number;
}

type Ports = Required<CallRecordsOptions>;

/** TwilioCallRecords over Twilio's REST API. */
export const createTwilioCallRecords = (options: CallRecordsOptions): TwilioCallRecords => {
  const ports: Ports = { timeoutMilliseconds: 10_000, ...options };
  return {
    fetchCall: async ({ accountSid, callSid }) => {
      const asked = await get(`/Calls/${callSid}.json`, accountSid, ports);
      if (asked.kind !== 'answered') return asked;
      if (asked.answer.httpStatus === 404 && twilioErrorCode(asked.answer.body) === 20_404)
        return { kind: 'absent' };
      if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
      const call = Call.safeParse(parseJson(asked.answer.body)).data;
      return call?.callSid === callSid ? { kind: 'found', call } : unavailable('200 without the call');
    },
    listLegs: async ({ accountSid, callSid }) => {
      const query = new URLSearchParams({ ParentCallSid: callSid, PageSize: '1000' });
      const asked = await get(`/Calls.json?${query}`, accountSid, ports);
      if (asked.kind !== 'answered') return asked;
      if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
      const page = Page.safeParse(parseJson(asked.answer.body)).data;
      return page === undefined
        ? unavailable('200 without a page of calls')
        : { kind: 'legs', legs: page.calls.filter((leg) => leg.parentCallSid === callSid) };
    },
  };
};

const get = async (
  path: string,
  accountSid: string,
  { baseUrl, secrets, timeoutMilliseconds }: Ports,
): Promise<{ readonly kind: 'answered'; readonly answer: Answer } | NoAnswer> => {
  const authorization = await readAuthorization(secrets, accountSid);
  if (authorization === undefined) return unavailable('the account secret cannot be read');
  const url = new URL(`/2010-04-01/Accounts/${accountSid}${path}`, baseUrl);
  const result = await getWithRetries({ url, authorization, timeoutMilliseconds });
  return result.kind === 'answered' ? result : unavailable(result.reason);
};

const unavailable = (reason: string) => ({ kind: 'unavailable', reason }) as const;

const refusal = ({ httpStatus, headers }: Answer, { clock }: Ports): NoAnswer =>
  httpStatus === 429
    ? { kind: 'throttled', ...retryAfter(headers.get('retry-after'), clock()) }
    : unavailable(`status ${httpStatus}`);

/** The Call resource (Twilio's OpenAPI description, api.v2010.account.call), as far as it is used. Absent values are null or empty. */
const Call = z
  .object({
    sid: z.string().regex(/^CA[0-9a-f]{32}$/),
    status: z.string().min(1).max(40),
    from: z.string().nullish(),
    to: z.string().nullish(),
    parent_call_sid: z.string().nullish(),
    duration: z.string().nullish(),
    answered_by: z.string().nullish(),
    price: z.string().nullish(),
    price_unit: z.string().nullish(),
  })
  .transform(
    (call): TwilioCallRecord => ({
      callSid: call.sid,
      status: call.status,
      from: call.from ?? '',
      to: call.to ?? '',
      ...(call.parent_call_sid ? { parentCallSid: call.parent_call_sid } : {}),
      ...(/^\d+$/.test(call.duration ?? '') ? { durationSeconds: Number(call.duration) } : {}),
      ...(call.answered_by ? { answeredBy: call.answered_by } : {}),
      ...(call.price ? { price: call.price } : {}),
      ...(call.price_unit ? { priceUnit: call.price_unit } : {}),
    }),
  );

const Page = z.object({ calls: z.array(Call) });
