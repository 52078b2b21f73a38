import { isPhoneNumber } from '../domain/address.ts';
import { pageOf, renderPage } from '../domain/list-messages.ts';
import { numberSettings, renderNumber } from '../domain/render-number.ts';
import { notFound, type TwilioError, twilioError } from '../domain/twilio-error.ts';
import { findNumber, newSid } from '../engine/world.ts';
import type { NumberRecord } from '../state/simulator-state.ts';
import { type ApiCall, type ApiRoute, apiError } from './api-call.ts';
import { json, noContent, type Reply } from './reply.ts';

const base = '/IncomingPhoneNumbers';

export const numberRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: `${base}.json`, handle: listNumbers },
  { method: 'POST', path: `${base}.json`, handle: buyNumber },
  {
    method: 'GET',
    path: `${base}/{Sid}.json`,
    handle: (call) => withNumber(call, (number) => show(call, number)),
  },
  {
    method: 'POST',
    path: `${base}/{Sid}.json`,
    handle: (call) => withNumber(call, (number) => update(call, number)),
  },
  {
    method: 'DELETE',
    path: `${base}/{Sid}.json`,
    handle: (call) => withNumber(call, (number) => release(call, number)),
  },
];

function withNumber({ account, params, request }: ApiCall, answer: (number: NumberRecord) => Reply): Reply {
  const number = phoneNumbers(account.numbers).find(({ sid }) => sid === params.Sid);
  return number ? answer(number) : apiError(notFound(request.path));
}

/** Channel senders and short codes are resources of another kind. */
const phoneNumbers = (numbers: readonly NumberRecord[]) =>
  numbers.filter(({ phoneNumber }) => isPhoneNumber(phoneNumber));

const show = ({ account }: ApiCall, number: NumberRecord, status = 200) =>
  json(status, renderNumber(account.accountSid, number));

function listNumbers({ account, request }: ApiCall): Reply {
  const [wantedNumber, wantedName] = [request.query.get('PhoneNumber'), request.query.get('FriendlyName')];
  const found = phoneNumbers(account.numbers).filter(
    (number) =>
      (!wantedNumber || matches(number.phoneNumber, wantedNumber)) &&
      (!wantedName || number.settings.FriendlyName === wantedName),
  );
  const result = pageOf(found, request.query);
  if (result.kind === 'invalid') return apiError(result.error);
  const items = result.page.items.map((number) => renderNumber(account.accountSid, number));
  return json(200, renderPage('incoming_phone_numbers', { ...result.page, items }, request));
}

/** A part of the number is enough, and `*` stands for any digit. */
function matches(phoneNumber: string, wanted: string): boolean {
  const pattern = wanted.replace(/[^\d*]/g, '').replaceAll('*', '\\d');
  return new RegExp(pattern).test(phoneNumber);
}

function buyNumber(call: ApiCall): Reply {
  const phoneNumber = call.form.get('PhoneNumber') ?? '';
  if (!isPhoneNumber(phoneNumber)) {
    return apiError(twilioError(21421, `PhoneNumber is invalid: ${phoneNumber}`));
  }
  if (findNumber(call.world, phoneNumber)) {
    return apiError(twilioError(21422, `${phoneNumber} is not available`));
  }
  const wrong = settingError(call.form);
  if (wrong) return apiError(wrong);
  const now = call.world.clock.now();
  const number: NumberRecord = {
    sid: newSid(call.world, 'PN'),
    phoneNumber,
    smsCapable: true,
    mmsCapable: true,
    createdAt: now,
    updatedAt: now,
    settings: { FriendlyName: phoneNumber, ...settingsIn(call.form) },
  };
  call.account.numbers.push(number);
  return show(call, number, 201);
}

function update(call: ApiCall, number: NumberRecord): Reply {
  const wrong = settingError(call.form);
  if (wrong) return apiError(wrong);
  number.settings = { ...number.settings, ...settingsIn(call.form) };
  number.updatedAt = call.world.clock.now();
  return show(call, number);
}

function release({ account }: ApiCall, number: NumberRecord): Reply {
  account.numbers = account.numbers.filter(({ sid }) => sid !== number.sid);
  return noContent();
}

const settingsIn = (form: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...form].filter(([name]) => name in numberSettings));

function settingError(form: URLSearchParams): TwilioError | undefined {
  for (const [name, value] of form) {
    if (name.endsWith('Method') && !['GET', 'POST'].includes(value.toUpperCase())) {
      return twilioError(21403, `Invalid Method for ${name}: ${value}`);
    }
    const isUrl = name.endsWith('Url') || name === 'StatusCallback';
    if (isUrl && value !== '' && !(/^https?:\/\//i.test(value) && URL.canParse(value))) {
      return twilioError(21402, `Invalid Url for ${name}: ${value}`);
    }
  }
  return undefined;
}
