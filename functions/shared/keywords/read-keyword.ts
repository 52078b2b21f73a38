import type { KeywordSet, TwilioKeywords } from '../contract/keyword-sets.ts';
import { normalizeText } from './normalize-text.ts';

/**
 * What a text asks of us. `stop`, `start` and `help` are keywords; `revocation` is a STOP in free words; `suspected` might be
 * one. `answeredByTwilio`: Twilio's own rules see the same keyword (Twilio: Advanced Opt-Out), WhatsApp and what it has no
 * word for aside.
 */
export type Keyword =
  | { readonly kind: 'stop' | 'start' | 'help'; readonly answeredByTwilio: boolean }
  | { readonly kind: 'revocation' | 'suspected' };

export interface KeywordRules {
  readonly stop: ReadonlySet<string>;
  readonly start: ReadonlySet<string>;
  readonly help: ReadonlySet<string>;
  readonly twilio: ReadonlySet<string>;
  readonly certain: readonly RegExp[];
  readonly suspected: readonly RegExp[];
  readonly never: readonly RegExp[];
}

export interface ReadableText {
  readonly body: string;
  /** Advanced Opt-Out's verdict: STOP, START or HELP. It is Twilio's, and Twilio has acted on it. */
  readonly optOutType?: string | undefined;
}

/** Compiles the sets of all languages into one; a word of any language counts, whatever the recipient speaks. */
export function compileKeywords(sets: readonly KeywordSet[], twilio: TwilioKeywords): KeywordRules {
  return {
    stop: new Set(sets.flatMap(({ stop }) => stop)),
    start: new Set(sets.flatMap(({ start }) => start)),
    help: new Set(sets.flatMap(({ help }) => help)),
    twilio: new Set([...twilio.stop, ...twilio.start, ...twilio.help]),
    certain: sets.map(certainOf),
    suspected: sets.flatMap(({ revocation }) => revocation.suspected.map(regularExpression)),
    never: sets.flatMap(({ revocation }) => revocation.never.map(regularExpression)),
  };
}

/** One expression a language: courtesies, one certain pattern or two in a row, courtesies. Whole text; repetitions are bounded, so is the work. */
function certainOf({ courtesy, revocation }: KeywordSet): RegExp {
  const before = `(?:(?:${courtesy.before.join('|')}) ){0,3}`;
  const after = `(?: (?:${courtesy.after.join('|')})){0,3}`;
  const one = `(?:${revocation.certain.join('|')})`;
  return regularExpression(`^${before}${one}(?: (?:and )?${before}${one})?${after}$`);
}

const regularExpression = (source: string): RegExp => new RegExp(source, 'u');

/** Undefined for everything that is just a text. */
export function readKeyword(text: ReadableText, rules: KeywordRules): Keyword | undefined {
  const verdict = VERDICTS[text.optOutType ?? ''];
  if (verdict !== undefined) return { kind: verdict, answeredByTwilio: true };
  const words = normalizeText(text.body);
  if (words === '') return undefined;
  const kind = kindOf(words, rules);
  if (kind !== undefined) return { kind, answeredByTwilio: isAnsweredByTwilio(text.body, rules) };
  return readRevocation(words, rules);
}

/** Twilio compares the whole text, case and surrounding blanks aside; YES is a word of its and none of ours. */
export const isAnsweredByTwilio = (body: string, { twilio }: KeywordRules): boolean =>
  twilio.has(body.trim().toLowerCase());

const VERDICTS: Readonly<Record<string, 'stop' | 'start' | 'help'>> = {
  STOP: 'stop',
  START: 'start',
  HELP: 'help',
};

function kindOf(words: string, { stop, start, help }: KeywordRules): 'stop' | 'start' | 'help' | undefined {
  if (stop.has(words)) return 'stop';
  if (start.has(words)) return 'start';
  return help.has(words) ? 'help' : undefined;
}

function readRevocation(words: string, rules: KeywordRules): Keyword | undefined {
  if (words.length > LONGEST_CERTAIN) return suspicionOf(words, rules);
  if (rules.certain.some((pattern) => pattern.test(words))) return { kind: 'revocation' };
  return suspicionOf(words, rules);
}

/** A whole text that matches is short; the bound keeps the patterns' work small whatever is sent. */
const LONGEST_CERTAIN = 200;

const suspicionOf = (words: string, { suspected, never }: KeywordRules): Keyword | undefined =>
  suspected.some((pattern) => pattern.test(words)) && !never.some((pattern) => pattern.test(words))
    ? { kind: 'suspected' }
    : undefined;
