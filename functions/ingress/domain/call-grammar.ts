import {
  checkFields,
  type FieldGrammar,
  type GrammarVerdict,
  reshaped,
  SOUND,
} from '../../shared/twilio/field-grammar.ts';
import {
  ACCOUNT_SID,
  API_VERSION,
  CALL_SID,
  CALL_TIME,
  ERROR_CODE,
  orEmpty,
  PARTY,
  RECORDING_SID,
  SECONDS,
  SEQUENCE_NUMBER,
  SIP_CODE,
  TEXT,
  URL_TEXT,
  WORD,
} from '../../shared/twilio/field-patterns.ts';

type Fields = ReadonlyMap<string, readonly string[]>;

const PARTIES = ['From', 'To', 'Caller', 'Called', 'ForwardedFrom', 'CalledVia'];
const PLACES = PARTIES.slice(0, 4).flatMap((party) =>
  ['City', 'State', 'Zip', 'Country'].map((part) => `${party}${part}`),
);
const ANY_TEXT = [...PLACES, 'CallerName', 'ErrorMessage', 'ErrorUrl', 'CallToken', 'StirPassportToken'];

const KNOWN: ReadonlyMap<string, RegExp> = new Map<string, RegExp>([
  ...ANY_TEXT.map((name) => [name, TEXT] as const),
  ...PARTIES.map((name) => [name, PARTY] as const),
  ['CallSid', CALL_SID],
  ['ParentCallSid', orEmpty(CALL_SID)],
  ['AccountSid', ACCOUNT_SID],
  ['CallStatus', WORD],
  ['AnsweredBy', orEmpty(WORD)],
  ['ApiVersion', API_VERSION],
  ['CallbackSource', WORD],
  ['Direction', WORD],
  ['SequenceNumber', SEQUENCE_NUMBER],
  ['Timestamp', CALL_TIME],
  ['Duration', SECONDS],
  ['CallDuration', SECONDS],
  ['MachineDetectionDuration', SECONDS],
  ['SipResponseCode', SIP_CODE],
  ['ErrorCode', ERROR_CODE],
  ['RecordingSid', orEmpty(RECORDING_SID)],
  ['RecordingUrl', orEmpty(URL_TEXT)],
  ['RecordingDuration', SECONDS],
]);

/** What one of these says of a call must not come out of another parameter's value. */
const CALL_STATUS: FieldGrammar = {
  required: ['CallSid', 'AccountSid', 'CallStatus'],
  known: KNOWN,
  telling: [
    ...['AnsweredBy', 'CallDuration', 'Duration', 'ErrorCode', 'From', 'ParentCallSid'],
    ...['RecordingSid', 'SequenceNumber', 'SipResponseCode', 'Timestamp', 'To'],
  ],
};

const MACHINE_DETECTION: FieldGrammar = {
  required: ['CallSid', 'AccountSid', 'AnsweredBy'],
  known: KNOWN,
  telling: ['MachineDetectionDuration'],
};

/** A progress report of a call or of one of its legs. */
export const checkCallStatus = (fields: Fields, accountSid: string): GrammarVerdict =>
  ofAccount(checkFields(fields, CALL_STATUS), fields, accountSid);

/** The verdict of asynchronous answering-machine detection. */
export const checkMachineDetection = (fields: Fields, accountSid: string): GrammarVerdict => {
  const verdict = ofAccount(checkFields(fields, MACHINE_DETECTION), fields, accountSid);
  if (verdict.kind !== 'sound') return verdict;
  return fields.get('AnsweredBy')?.[0] === '' ? reshaped('AnsweredBy', 'form') : SOUND;
};

const ofAccount = (verdict: GrammarVerdict, fields: Fields, accountSid: string): GrammarVerdict => {
  if (verdict.kind !== 'sound') return verdict;
  return fields.get('AccountSid')?.[0] === accountSid ? SOUND : reshaped('AccountSid', 'account');
};
