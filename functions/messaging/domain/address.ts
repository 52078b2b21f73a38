import { parsePhoneNumberWithError } from 'libphonenumber-js';

export type Recipient =
  | { readonly kind: 'accepted'; readonly address: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Numbers set aside for tests and fiction: +1 555 ... and Twilio's magic +1 500 555 .... */
const TEST_NUMBER = /^\+1(555\d{7}|500555\d{4})$/;
const SEPARATORS = /[\s().-]/g;

/**
 * E.164 of a number written with its country code. Possible is enough: numbering plans change faster than
 * libraries know of it, and the carrier's answer is the better judge.
 */
export function normalizeRecipient(to: string, options: { readonly acceptTestNumbers: boolean }): Recipient {
  const written = to.trim();
  if (!written.startsWith('+'))
    return { kind: 'refused', reason: 'must begin with + and the country code (E.164)' };
  const compact = written.replace(SEPARATORS, '');
  if (options.acceptTestNumbers && TEST_NUMBER.test(compact)) return { kind: 'accepted', address: compact };
  const parsed = parse(written);
  if (parsed?.isPossible() !== true) return { kind: 'refused', reason: 'is not a possible phone number' };
  if (parsed.ext !== undefined)
    return { kind: 'refused', reason: 'has an extension, which no message reaches' };
  return { kind: 'accepted', address: parsed.number };
}

function parse(to: string) {
  try {
    return parsePhoneNumberWithError(to, { extract: false });
  } catch {
    return undefined;
  }
}
