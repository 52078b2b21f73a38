/** Decoded parameters of a form body by name, in order of arrival; a Map, so that `__proto__` is a name like any other. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

export type FormBody =
  | { readonly kind: 'parsed'; readonly text: string; readonly fields: FormFields }
  | {
      readonly kind: 'malformed';
      readonly reason: 'utf-8' | 'escape' | 'nul' | 'empty-pair' | 'too-many-parameters';
    };

/** More than any recorded webhook has (31), and far below where other parsers silently stop (1,000). */
const MAXIMUM_PARAMETERS = 200;

/**
 * The one parser of `application/x-www-form-urlencoded` bytes: `+` is a space, everything malformed is refused
 * instead of replaced, so that what is signed, judged, hashed and stored cannot differ.
 */
export const parseFormBody = (bytes: Uint8Array): FormBody => {
  const text = decodeUtf8(bytes);
  return text === undefined ? { kind: 'malformed', reason: 'utf-8' } : parseFormText(text);
};

export const parseFormText = (text: string): FormBody => {
  const pairs = text === '' ? [] : text.split('&');
  if (pairs.length > MAXIMUM_PARAMETERS) return { kind: 'malformed', reason: 'too-many-parameters' };
  const fields = new Map<string, string[]>();
  for (const pair of pairs) {
    if (pair === '') return { kind: 'malformed', reason: 'empty-pair' };
    const separator = pair.indexOf('=');
    const name = decodeComponent(separator < 0 ? pair : pair.slice(0, separator));
    const value = separator < 0 ? '' : decodeComponent(pair.slice(separator + 1));
    if (name === undefined || value === undefined) return { kind: 'malformed', reason: 'escape' };
    if (name.includes('\0') || value.includes('\0')) return { kind: 'malformed', reason: 'nul' };
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return { kind: 'parsed', text, fields };
};

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** `decodeURIComponent` refuses broken escapes, overlong forms and lone surrogates. */
const decodeComponent = (text: string): string | undefined => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
};
