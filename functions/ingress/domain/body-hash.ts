/**
 * The query's `bodySHA256`, if it stands there exactly once as lower-case hex: Twilio signs JSON bodies by that hash
 * (Twilio: Webhooks Security). Percent-escapes are not decoded, hex needs none.
 */
export const bodyHashOf = (rawQuery: string): string | undefined => {
  const named = rawQuery.split('&').filter((pair) => pair.startsWith(`${NAME}=`) || pair === NAME);
  const value = named[0]?.slice(NAME.length + 1) ?? '';
  return named.length === 1 && /^[0-9a-f]{64}$/.test(value) ? value : undefined;
};

/** Nothing but the body hash: our own URLs carry no query, so anything else was put there. */
export const isOnlyBodyHash = (rawQuery: string): boolean => /^bodySHA256=[0-9a-f]{64}$/.test(rawQuery);

const NAME = 'bodySHA256';
