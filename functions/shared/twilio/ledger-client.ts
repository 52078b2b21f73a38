import type { ListMessages, MessageName, TwilioLedger } from '../ports/twilio-ledger.ts';
import {
  get,
  isAbsence,
  type LedgerPorts,
  ledgerPorts,
  pageUrl,
  postChange,
  refusal,
  refusedBecause,
  type TwilioLedgerOptions,
  unavailable,
  urlOf,
} from './ledger-requests.ts';
import { readMediaList, readMessage, readMessagePage } from './ledger-resources.ts';

/** TwilioLedger over Twilio's REST API. Reads share kept-alive connections and are tried three times; a cancel is one request. */
export const createTwilioLedger = (options: TwilioLedgerOptions): TwilioLedger => {
  const ports = ledgerPorts(options);
  return {
    listMessages: (list) => listMessages(list, ports),
    fetchMessage: (name) => fetchMessage(name, ports),
    listMedia: (name) => listMedia(name, ports),
    cancelMessage: (name) => cancelMessage(name, ports),
  };
};

const listMessages = async (
  list: ListMessages,
  ports: LedgerPorts,
): ReturnType<TwilioLedger['listMessages']> => {
  const { accountSid } = list;
  const target = list.page ?? `${listPath(accountSid)}?${queryOf(list)}`;
  const url = pageUrl(target, listPath(accountSid), ports);
  if (url === undefined) return unavailable('the page is not one of this list');
  const asked = await get(url, accountSid, ports);
  if (asked.kind !== 'answered') return asked;
  if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
  const page = readMessagePage(asked.answer.body, accountSid);
  if (page === undefined) return unavailable('200 without a page of messages');
  const { messages, nextPageUri } = page;
  if (nextPageUri === undefined) return { kind: 'page', messages };
  if (pageUrl(nextPageUri, listPath(accountSid), ports) === undefined)
    return unavailable('the next page is somewhere else');
  return { kind: 'page', messages, nextPage: nextPageUri };
};

const fetchMessage = async (
  name: MessageName,
  ports: LedgerPorts,
): ReturnType<TwilioLedger['fetchMessage']> => {
  const asked = await get(urlOf(`${messagePath(name)}.json`, ports), name.accountSid, ports);
  if (asked.kind !== 'answered') return asked;
  if (isAbsence(asked.answer)) return { kind: 'absent' };
  if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
  const message = readMessage(asked.answer.body, name.accountSid);
  return message?.messageSid === name.messageSid
    ? { kind: 'found', message }
    : unavailable('200 without the message');
};

const listMedia = async (name: MessageName, ports: LedgerPorts): ReturnType<TwilioLedger['listMedia']> => {
  const asked = await get(urlOf(`${messagePath(name)}/Media.json`, ports), name.accountSid, ports);
  if (asked.kind !== 'answered') return asked;
  if (isAbsence(asked.answer)) return { kind: 'absent' };
  if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
  const list = readMediaList(asked.answer.body, name);
  if (list === undefined) return unavailable('200 without a list of media');
  const urlOfMedia = (mediaSid: string) => urlOf(`${messagePath(name)}/Media/${mediaSid}`, ports).href;
  return { kind: 'media', media: list.map((media) => ({ ...media, url: urlOfMedia(media.mediaSid) })) };
};

const cancelMessage = async (
  name: MessageName,
  ports: LedgerPorts,
): ReturnType<TwilioLedger['cancelMessage']> => {
  const result = await postChange(`${messagePath(name)}.json`, 'Status=canceled', name.accountSid, ports);
  if (result.kind !== 'answered') return result;
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

const listPath = (accountSid: string): string => `/2010-04-01/Accounts/${accountSid}/Messages.json`;

const messagePath = ({ accountSid, messageSid }: MessageName): string =>
  `/2010-04-01/Accounts/${accountSid}/Messages/${encodeURIComponent(messageSid)}`;

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
