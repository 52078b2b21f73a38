import {
  checkFields,
  type FieldGrammar,
  type GrammarVerdict,
  reshaped,
} from '../../shared/twilio/field-grammar.ts';
import { ACCOUNT_SID, API_VERSION, ERROR_CODE, TEXT } from '../../shared/twilio/field-patterns.ts';

type Fields = ReadonlyMap<string, readonly string[]>;

const CALL_SID = /^CA[0-9a-f]{32}$/;
const STATUS = /^[a-z-]{0,40}$/;
const SECONDS = /^\d{0,9}$/;

/** Whatever a caller, a carrier or a SIP header says: any text, at most once. */
const FREE = [
  ...['From', 'To', 'Caller', 'Called', 'ForwardedFrom', 'CallerName', 'CallToken', 'SpeechResult', 'Digits'],
  ...['FromCity', 'FromState', 'FromZip', 'FromCountry', 'ToCity', 'ToState', 'ToZip', 'ToCountry'],
  ...['CallerCity', 'CallerState', 'CallerZip', 'CallerCountry'],
  ...['CalledCity', 'CalledState', 'CalledZip', 'CalledCountry'],
  ...['StirVerstat', 'StirPassportToken', 'ErrorUrl', 'RecordingUrl', 'Confidence', 'FinishedOnKey', 'msg'],
];

/** What moves a call: a name that appeared by moving a boundary of the signed string must not be taken for it. */
const TELLING = [
  'Digits',
  'SpeechResult',
  'DialCallStatus',
  'QueueResult',
  'RecordingDuration',
  'AnsweredBy',
];

const GRAMMAR: FieldGrammar = {
  required: ['CallSid', 'AccountSid'],
  known: new Map<string, RegExp>([
    ...FREE.map((name) => [name, TEXT] as const),
    ['CallSid', CALL_SID],
    ['ParentCallSid', CALL_SID],
    ['DialCallSid', CALL_SID],
    ['AccountSid', ACCOUNT_SID],
    ['ApiVersion', API_VERSION],
    ['CallStatus', STATUS],
    ['Direction', STATUS],
    ['DialCallStatus', STATUS],
    ['QueueResult', STATUS],
    ['AnsweredBy', /^[a-z_]{0,40}$/],
    ['ErrorCode', ERROR_CODE],
    ['DialCallDuration', SECONDS],
    ['DialBridged', /^(?:true|false)?$/],
    ['RecordingDuration', SECONDS],
    ['RecordingSid', /^(?:RE[0-9a-f]{32})?$/],
    ['QueueSid', /^(?:QU[0-9a-f]{32})?$/],
    ['QueueTime', SECONDS],
    ['AvgQueueTime', SECONDS],
    ['QueuePosition', SECONDS],
    ['CurrentQueueSize', SECONDS],
    ['MaxQueueSize', SECONDS],
  ]),
  telling: TELLING,
};

/** The strict grammar of a request for TwiML, after its signature; the body's account is the path's. */
export const checkVoiceFields = (fields: Fields, accountSid: string): GrammarVerdict => {
  const verdict = checkFields(fields, GRAMMAR);
  if (verdict.kind === 'reshaped') return verdict;
  return fields.get('AccountSid')?.[0] === accountSid ? verdict : reshaped('AccountSid', 'account');
};
