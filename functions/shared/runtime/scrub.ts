/** Phone numbers with a plus sign (also percent-encoded) and phone numbers written in groups. */
const INTERNATIONAL_NUMBER = /(?:\+|%2B)[\s().-]*\d(?:[\s().-]?\d){5,16}/gi;
const GROUPED_NUMBER = /(?<![\w-])\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?![\w-])/g;
/** Six digits or more that are no part of a SID, a hash or an identifier: numbers without a plus, one-time codes. */
const LONG_DIGITS = /(?<![0-9A-Za-z])\d{6,}(?![0-9A-Za-z])/g;
const EMAIL = /[^\s@"'<>(),;:=]+(?:@|%40)[^\s@"'<>(),;:=]+\.[^\s@"'<>(),;:=]+/gi;

/**
 * The last net under text that somebody else wrote (error messages): numbers, addresses and codes become words.
 * SIDs, hashes and file positions stay readable.
 */
export const scrub = (text: string): string =>
  text
    .replace(EMAIL, '[email]')
    .replace(INTERNATIONAL_NUMBER, '[number]')
    .replace(GROUPED_NUMBER, '[number]')
    .replace(LONG_DIGITS, '[digits]');

/** The same for fields that code chose to log: identifiers of digits pass, phone numbers and addresses never do. */
export const scrubField = (text: string): string =>
  text.replace(EMAIL, '[email]').replace(INTERNATIONAL_NUMBER, '[number]');
