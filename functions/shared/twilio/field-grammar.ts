/** What is allowed on one route after the signature: HMAC has no delimiters, so a valid one proves no boundary. */
export interface FieldGrammar {
  /** Must be there exactly once. */
  readonly required: readonly string[];
  /** May be there once, and then like this. */
  readonly known: ReadonlyMap<string, RegExp>;
  /** If absent, no unknown name and value may begin with it: the cut between the two may have been moved. */
  readonly telling: readonly string[];
}

/** `parameter` is a name that we know, or the word `unknown`: safe to log. */
export interface Reshaped {
  readonly kind: 'reshaped';
  readonly parameter: string;
  readonly rule: GrammarRule;
}
export type GrammarVerdict = { readonly kind: 'sound' } | Reshaped;
export type GrammarRule =
  | 'missing'
  | 'repeated'
  | 'form'
  | 'name'
  | 'account'
  | 'media'
  | 'query'
  | 'recut'
  | 'json';

export const SOUND: GrammarVerdict = { kind: 'sound' };
export const reshaped = (parameter: string, rule: GrammarRule): Reshaped => ({
  kind: 'reshaped',
  parameter,
  rule,
});

type Fields = ReadonlyMap<string, readonly string[]>;

/** Twilio adds parameters without notice: an unknown one is let through under a sane name, and never used. */
const UNKNOWN_NAME = /^[A-Za-z0-9_.[\]-]{1,64}$/;

export const checkFields = (fields: Fields, grammar: FieldGrammar): GrammarVerdict => {
  for (const name of grammar.required) if (!fields.has(name)) return reshaped(name, 'missing');
  for (const [name, values] of fields) {
    const verdict = checkField(name, values, fields, grammar);
    if (verdict.kind !== 'sound') return verdict;
  }
  return SOUND;
};

const checkField = (
  name: string,
  values: readonly string[],
  fields: Fields,
  grammar: FieldGrammar,
): GrammarVerdict => {
  const pattern = grammar.known.get(name);
  if (pattern === undefined) return checkUnknown(name, values, fields, grammar);
  if (values.length !== 1) return reshaped(name, 'repeated');
  return pattern.test(values[0] ?? '') ? SOUND : reshaped(name, 'form');
};

const checkUnknown = (
  name: string,
  values: readonly string[],
  fields: Fields,
  grammar: FieldGrammar,
): GrammarVerdict => {
  if (!UNKNOWN_NAME.test(name)) return reshaped('unknown', 'name');
  const recut = grammar.telling.find(
    (telling) => !fields.has(telling) && values.some((value) => (name + value).startsWith(telling)),
  );
  return recut === undefined ? SOUND : reshaped(recut, 'recut');
};
