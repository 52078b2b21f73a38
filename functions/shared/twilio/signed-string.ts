type Fields = ReadonlyMap<string, readonly string[]>;

/**
 * The strings that Twilio may have signed for one request: one for an origin without a port. Twilio keeps an
 * explicit port in some products' https URLs and drops it in others (Twilio: Webhooks Security), so an https
 * origin with a port has two.
 */
export const signedStringCandidates = (request: {
  readonly origin: string;
  /** Path and raw query as the route constants and the event give them, no fragment. */
  readonly target: string;
  readonly fields: Fields;
}): readonly string[] => {
  const tail = request.target + signedParameters(request.fields);
  const withoutPort = request.origin.replace(/:\d+$/, '');
  const isPortOptional = request.origin.startsWith('https:') && withoutPort !== request.origin;
  return isPortOptional ? [request.origin + tail, withoutPort + tail] : [request.origin + tail];
};

/**
 * Names in byte order, each followed by its value, no delimiters. Values of a repeated name are a sorted set, as in
 * Twilio's own libraries (twilio-node, lib/webhooks/webhooks.js). Nothing is trimmed, empty values count.
 */
const signedParameters = (fields: Fields): string => {
  let signed = '';
  for (const name of sortedNames(fields)) {
    for (const value of distinctSorted(fields.get(name) ?? [])) signed += name + value;
  }
  return signed;
};

export const sortedNames = (fields: Fields): readonly string[] => sortByBytes([...fields.keys()]);

export const distinctSorted = (values: readonly string[]): readonly string[] =>
  values.length === 1 ? values : sortByBytes([...new Set(values)]);

/** UTF-16 order, which is cheap, equals byte order unless surrogates meet U+E000 to U+FFFF. */
const sortByBytes = (texts: string[]): readonly string[] =>
  texts.some((text) => SURROGATE.test(text)) ? texts.sort(byCodePoints) : texts.sort();

const SURROGATE = /[\ud800-\udfff]/;

const byCodePoints = (left: string, right: string): number => {
  const a = Array.from(left, (character) => character.codePointAt(0) ?? 0);
  const b = Array.from(right, (character) => character.codePointAt(0) ?? 0);
  const different = a.findIndex((codePoint, index) => codePoint !== b[index]);
  if (different < 0) return a.length - b.length;
  return different >= b.length ? 1 : (a[different] ?? 0) - (b[different] ?? 0);
};
