import { parsePhoneNumberWithError } from 'libphonenumber-js';

export type NormalizedAddress =
  | { readonly kind: 'accepted'; readonly address: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Set aside for tests and fiction; no numbering plan has them. */
const TEST_NUMBER = /^\+1(555\d{7}|500555\d{4})$/;
/** Ids of a channel that are no numbers, as Twilio writes them. */
const OPAQUE = /^[a-z]{2,20}:[A-Za-z0-9][\w.-]{0,127}$/;

/** The address that consent is kept for: E.164 for numbers, as written for the ids of a channel. */
export function normalizeAddress(written: string): NormalizedAddress {
  const text = written.trim();
  const compact = text.replace(/[\s().-]/g, '');
  if (TEST_NUMBER.test(compact)) return { kind: 'accepted', address: compact };
  if (OPAQUE.test(text)) return { kind: 'accepted', address: text };
  if (!text.startsWith('+'))
    return { kind: 'refused', reason: 'must begin with + and the country code (E.164)' };
  try {
    const parsed = parsePhoneNumberWithError(text, { extract: false });
    return parsed.isPossible() && parsed.ext === undefined
      ? { kind: 'accepted', address: parsed.number }
      : { kind: 'refused', reason: 'is not a possible phone number' };
  } catch {
    return { kind: 'refused', reason: 'is not a possible phone number' };
  }
}
