/**
 * Words that Twilio itself answers when they are the whole of a text, case aside (Advanced Opt-Out documentation and
 * error 23002): a second answer of ours would be one too many.
 */
const TWILIO_ANSWERS = new Set([
  'stop',
  'stopall',
  'unsubscribe',
  'end',
  'quit',
  'cancel',
  'revoke',
  'optout',
  'start',
  'yes',
  'unstop',
  'help',
  'info',
]);

/** The text as keywords are compared: trimmed, lower case. */
export const keywordOf = (text: string): string => text.trim().toLowerCase();

export const isAnsweredByTwilio = (text: string): boolean => TWILIO_ANSWERS.has(keywordOf(text));
