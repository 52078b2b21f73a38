import type { CallName, ListCalls, TwilioCallLedger } from '../ports/twilio-call-ledger.ts';
import { readCall, readCallPage } from './call-resources.ts';
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

/** TwilioCallLedger over Twilio's REST API. Reads share kept-alive connections and are tried three times; a cancel is one request. */
export const createTwilioCallLedger = (options: TwilioLedgerOptions): TwilioCallLedger => {
  const ports = ledgerPorts(options);
  return {
    listCalls: (list) => listCalls(list, ports),
    fetchCall: (name) => fetchCall(name, ports),
    cancelCall: (name) => cancelCall(name, ports),
  };
};

const listCalls = async (list: ListCalls, ports: LedgerPorts): ReturnType<TwilioCallLedger['listCalls']> => {
  const { accountSid } = list;
  const path = listPath(accountSid);
  const url = pageUrl(list.page ?? `${path}?${queryOf(list)}`, path, ports);
  if (url === undefined) return unavailable('the page is not one of this list');
  const asked = await get(url, accountSid, ports);
  if (asked.kind !== 'answered') return asked;
  if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
  const page = readCallPage(asked.answer.body, accountSid);
  if (page === undefined) return unavailable('200 without a page of calls');
  const { calls, nextPageUri } = page;
  if (nextPageUri === undefined) return { kind: 'page', calls };
  if (pageUrl(nextPageUri, path, ports) === undefined) return unavailable('the next page is somewhere else');
  return { kind: 'page', calls, nextPage: nextPageUri };
};

const fetchCall = async (name: CallName, ports: LedgerPorts): ReturnType<TwilioCallLedger['fetchCall']> => {
  const asked = await get(urlOf(callPath(name), ports), name.accountSid, ports);
  if (asked.kind !== 'answered') return asked;
  if (isAbsence(asked.answer)) return { kind: 'absent' };
  if (asked.answer.httpStatus !== 200) return refusal(asked.answer, ports);
  const call = readCall(asked.answer.body, name.accountSid);
  return call?.callSid === name.callSid ? { kind: 'found', call } : unavailable('200 without the call');
};

/** Twilio cancels a call that is queued or ringing (Calls resource, Status); others it refuses. */
const cancelCall = async (name: CallName, ports: LedgerPorts): ReturnType<TwilioCallLedger['cancelCall']> => {
  const result = await postChange(callPath(name), 'Status=canceled', name.accountSid, ports);
  if (result.kind !== 'answered') return result;
  const { answer } = result;
  if (isAbsence(answer)) return { kind: 'absent' };
  const errorCode = refusedBecause(answer);
  if (errorCode !== undefined) return { kind: 'too-late', errorCode };
  if (answer.httpStatus !== 200) return refusal(answer, ports);
  const call = readCall(answer.body, name.accountSid);
  return call?.callSid === name.callSid ? { kind: 'asked', call } : unavailable('200 without the call');
};

const listPath = (accountSid: string): string => `/2010-04-01/Accounts/${accountSid}/Calls.json`;

const callPath = ({ accountSid, callSid }: CallName): string =>
  `/2010-04-01/Accounts/${accountSid}/Calls/${encodeURIComponent(callSid)}.json`;

/** No filter by start: a call that waits in Twilio's queue has none yet. */
const queryOf = ({ to, from, pageSize }: ListCalls): URLSearchParams =>
  new URLSearchParams({ PageSize: String(pageSize), To: to, From: from });
