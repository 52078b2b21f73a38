import type { AccountSecrets } from '../ports/account-secrets.ts';
import type { Clock } from '../ports/clock.ts';
import type { ListMessages, MessageName, NoAnswer, TwilioLedger } from '../ports/twilio-ledger.ts';
import { systemClock } from '../runtime/system.ts';
import { readAuthorization } from './account-credentials.ts';
import { getWithRetries } from './ledger-get.ts';
import { readMediaList, readMessage, readMessagePage } from './ledger-resources.ts';
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

type Ports = Required<TwilioLedgerOptions>;
type Answered = { readonly kind: 'answered'; readonly answer: Answer };

/** TwilioLedger over Twilio's REST API. Reads share kept-alive connections and are tried three times; a cancel is one request. */
export const createTwilioLedger = (options: TwilioLedgerOptions): TwilioLedger => {
  const ports: Ports = { clock: systemClock, timeoutMilliseconds: 10_000, ...options };
  return {
    listMessages: (list) => listMessages(list, ports),
    fetchMessage: (name) => fetchMessage(name, ports),
    listMedia: (name) => listMedia(name, ports),
    cancelMessage: (name) => cancelMessage(name, ports),
  };
};

const listMessages = async (list: ListMessages, ports: Ports): ReturnType<TwilioLedger['listMessages']> => {
  const { accountSid } = list;
  const target = list.page ?? `${listPath(accountSid)}?${queryOf(list)}`;
  const url = pageUrl(target, accountSid, ports);
  if (url === undefined) return unavailable('the page is not one of this list');
  const asked = await get(url, accountSid, ports);
  if (asked.kind !== 'answered') return asked;
  if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
  const page = readMessagePage(asked.answer.body, accountSid);
  if (page === undefined) return unavailable('200 without a page of messages');
  const { messages, nextPageUri } = page;
  if (nextPageUri === undefined) return { kind: 'page', messages };
  if (pageUrl(nextPageUri, accountSid, ports) === undefined)
    return unavailable('the next page is somewhere else');
  return { kind: 'page', messages, nextPage: nextPageUri };
};

const fetchMessage = async (name: MessageName, ports: Ports): ReturnType<TwilioLedger['fetchMessage']> => {
  const asked = await get(urlOf(`${messagePath(name)}.json`, ports), name.accountSid, ports);
  if (asked.kind !== 'answered') return asked;
  if (isAbsence(asked.answer)) return { kind: 'absent' };
  if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
  const message = readMessage(asked.answer.body, name.accountSid);
  return message?.messageSid === name.messageSid
    ? { kind: 'found', message }
    : unavailable('200 without the message');
};

const listMedia = async (name: MessageName, ports: Ports): ReturnType<TwilioLedger['listMedia']> => {
  const asked = await get(urlOf(`${messagePath(name)}/Media.json`, ports), name.accountSid, ports);
  if (asked.kind !== 'answered') return asked;
  if (isAbsence(asked.answer)) return { kind: 'absent' };
  if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
  const list = readMediaList(asked.answer.body, name);
  if (list === undefined) return unavailable('200 without a list of media');
  const urlOfMedia = (mediaSid: string) => urlOf(`${messagePath(name)}/Media/${mediaSid}`, ports).href;
  return { kind: 'media', media: list.map((media) => ({ ...media, url: urlOfMedia(media.mediaSid) })) };
};

const cancelMessage = async (name: MessageName, ports: Ports): ReturnType<TwilioLedger['cancelMessage']> => {
  const authorization = await readAuthorization(ports.secrets, name.accountSid);
  if (authorization === undefined) return NO_SECRET;
  const result = await postOnce({
    url: urlOf(`${messagePath(name)}.json`, ports),
    authorization,
    body: 'Status=canceled',
    timeoutMilliseconds: ports.timeoutMilliseconds,
  });
  if (result.kind !== 'answered') return unavailable(result.reason);
  const { answer } = result;
  if (isAbsence(answer)) return { kind: 'absent' };
  const errorCode = refusedBecause(answer);
  if (errorCode !== undefined) return { kind: 'too-late', errorCode };
  if (answer.httpStatus !== 200) return refusal(answer, ports);
  const message = readMessage(answer.body, name.accountSid);
  return message?.messageSid === name.messageSid && message.status === 'canceled'
    ? { kind: 'canceled', message }
    : unavailable('200 without a canceled message');
};

const get = async (url: URL, accountSid: string, ports: Ports): Promise<Answered | NoAnswer> => {
  const authorization = await readAuthorization(ports.secrets, accountSid);
  if (authorization === undefined) return NO_SECRET;
  const result = await getWithRetries({ url, authorization, timeoutMilliseconds: ports.timeoutMilliseconds });
  return result.kind === 'answered' ? result : unavailable(result.reason);
};

const unavailable = (reason: string) => ({ kind: 'unavailable', reason }) as const;

const NO_SECRET = unavailable('the account secret cannot be read');

const refusal = ({ httpStatus, headers }: Answer, { clock }: Ports): NoAnswer =>
  httpStatus === 429
    ? { kind: 'throttled', ...retryAfter(headers.get('retry-after'), clock()) }
    : unavailable(`status ${httpStatus}`);

/** Twilio's own words for a resource that is not there; a proxy's 404 says nothing about messages. */
const isAbsence = ({ httpStatus, body }: Answer): boolean =>
  httpStatus === 404 && twilioErrorCode(body) === 20_404;

/** Codes of the 20000s concern the request (credentials, parameters), not the message. */
const refusedBecause = ({ httpStatus, body }: Answer): number | undefined => {
  if (httpStatus !== 400 && httpStatus !== 409) return undefined;
  const errorCode = twilioErrorCode(body);
  return errorCode !== undefined && Math.floor(errorCode / 1000) !== 20 ? errorCode : undefined;
};

const listPath = (accountSid: string): string => `/2010-04-01/Accounts/${accountSid}/Messages.json`;

const messagePath = ({ accountSid, messageSid }: MessageName): string =>
  `/2010-04-01/Accounts/${accountSid}/Messages/${encodeURIComponent(messageSid)}`;

const urlOf = (path: string, { baseUrl }: Ports): URL => new URL(path, baseUrl);

/** A relative address on the account's own list; undefined for any other, which could carry the credentials away. */
const pageUrl = (target: string, accountSid: string, ports: Ports): URL | undefined =>
  target.startsWith(`${listPath(accountSid)}?`) ? urlOf(target, ports) : undefined;

const queryOf = ({ to, from, dateSent = {}, pageSize }: ListMessages): URLSearchParams => {
  const query = new URLSearchParams({ PageSize: String(pageSize) });
  const days = typeof dateSent === 'string' ? { DateSent: dateSent } : rangeOf(dateSent);
  for (const [name, value] of Object.entries({ To: to, From: from, ...days }))
    if (value !== undefined) query.append(name, value);
  return query;
};

const rangeOf = ({ after, before }: { readonly after?: string; readonly before?: string }) => ({
  'DateSent>': after,
  'DateSent<': before,
});
