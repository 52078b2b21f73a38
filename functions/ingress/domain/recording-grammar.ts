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
  CONFERENCE_SID,
  ERROR_CODE,
  RECORDING_SID,
  SECONDS,
  URL_TEXT,
  WORD,
} from '../../shared/twilio/field-patterns.ts';

type Fields = ReadonlyMap<string, readonly string[]>;

const RECORDING: FieldGrammar = {
  required: ['RecordingSid', 'AccountSid', 'RecordingStatus'],
  known: new Map([
    ['RecordingSid', RECORDING_SID],
    ['AccountSid', ACCOUNT_SID],
    ['CallSid', CALL_SID],
    ['ConferenceSid', CONFERENCE_SID],
    ['RecordingStatus', WORD],
    ['RecordingUrl', URL_TEXT],
    ['RecordingDuration', SECONDS],
    ['RecordingChannels', /^[12]?$/],
    ['RecordingStartTime', CALL_TIME],
    ['RecordingSource', /^[A-Za-z]{0,40}$/],
    ['RecordingTrack', WORD],
    ['ApiVersion', API_VERSION],
    ['ErrorCode', ERROR_CODE],
  ]),
  telling: ['CallSid', 'ConferenceSid', 'RecordingDuration', 'RecordingStartTime'],
};

/** A status of a call's recording, or of a conference's, which names no call. */
export const checkRecording = (fields: Fields, accountSid: string): GrammarVerdict => {
  const verdict = checkFields(fields, RECORDING);
  if (verdict.kind !== 'sound') return verdict;
  if (fields.get('AccountSid')?.[0] !== accountSid) return reshaped('AccountSid', 'account');
  return fields.has('CallSid') || fields.has('ConferenceSid') ? SOUND : reshaped('CallSid', 'missing');
};
