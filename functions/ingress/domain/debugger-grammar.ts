import {
  checkFields,
  type FieldGrammar,
  type GrammarVerdict,
  reshaped,
  SOUND,
} from '../../shared/twilio/field-grammar.ts';
import { ACCOUNT_SID, DEBUGGER_SID, TEXT, TIMESTAMP, WORD } from '../../shared/twilio/field-patterns.ts';
import { isJsonObject, parseJson } from './json.ts';

type Fields = ReadonlyMap<string, readonly string[]>;

const DEBUGGER: FieldGrammar = {
  required: ['Sid', 'AccountSid', 'Level'],
  known: new Map([
    ['Sid', DEBUGGER_SID],
    ['AccountSid', ACCOUNT_SID],
    ['ParentAccountSid', /^(?:AC[0-9a-f]{32})?$/],
    ['Level', WORD],
    ['Timestamp', TIMESTAMP],
    ['PayloadType', /^[a-z]+\/[a-z0-9.+-]+$/],
    ['Payload', TEXT],
  ]),
  telling: ['Payload', 'ParentAccountSid'],
};

/** A parent account's debugger hears of its subaccounts too. */
export const checkDebugger = (fields: Fields, accountSid: string): GrammarVerdict => {
  const verdict = checkFields(fields, DEBUGGER);
  if (verdict.kind !== 'sound') return verdict;
  const concerned = [fields.get('AccountSid')?.[0], fields.get('ParentAccountSid')?.[0]];
  return concerned.includes(accountSid) ? SOUND : reshaped('AccountSid', 'account');
};

/** What the payload says of the cause, where it is JSON of the documented form. */
export const readDebuggerPayload = (
  payload: string,
): { readonly errorCode?: number; readonly resourceSid?: string } => {
  const parsed = parseJson(payload);
  const record = isJsonObject(parsed) ? parsed : {};
  const errorCode = Number(record.error_code ?? Number.NaN);
  const resourceSid = record.resource_sid;
  return {
    ...(Number.isSafeInteger(errorCode) && errorCode > 0 && { errorCode }),
    ...(typeof resourceSid === 'string' && RESOURCE_SID.test(resourceSid) && { resourceSid }),
  };
};

const RESOURCE_SID = /^[A-Z]{2}[0-9a-f]{32}$/;
