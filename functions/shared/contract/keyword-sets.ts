import * as z from 'zod';

/** A keyword as texts are compared: lower case, no accents, words apart by one blank. */
const word = z.string().regex(/^[\p{Ll}\p{Lo}\p{N}]+(?: [\p{Ll}\p{Lo}\p{N}]+)*$/u, {
  error: 'must be in lower case, without accents and punctuation',
});
const pattern = z.string().refine(isPattern, { error: 'must be a regular expression' });

/**
 * `config/keywords/<language>.json`: what a text may say to be left alone, to come back, or to be helped. Words are the whole
 * of a text; `revocation` holds patterns over the same normalised form (docs/consent.md).
 */
export const KeywordSet = z.strictObject({
  language: z.string().regex(/^[a-z]{2}$/),
  stop: z.array(word).min(1),
  /** Only these lift an opt-out. */
  start: z.array(word),
  help: z.array(word),
  /** What may stand before and after a revocation without changing what it says. */
  courtesy: z.strictObject({ before: z.array(word), after: z.array(word) }),
  revocation: z.strictObject({
    /** The whole text, courtesies aside: a STOP. */
    certain: z.array(pattern),
    /** Anywhere in the text: holds what is not essential, and goes to review. */
    suspected: z.array(pattern),
    /** Takes a suspicion back. */
    never: z.array(pattern),
  }),
});
export type KeywordSet = z.infer<typeof KeywordSet>;

/** Words that Twilio answers by itself where Advanced Opt-Out is off (Twilio: Advanced Opt-Out; error 23002). */
export const TwilioKeywords = z.strictObject({
  stop: z.array(word).min(1),
  start: z.array(word).min(1),
  help: z.array(word).min(1),
});
export type TwilioKeywords = z.infer<typeof TwilioKeywords>;

/** What a set of languages must hold together: no word may mean two things. Findings in words, empty if sound. */
export function keywordFindings(sets: readonly KeywordSet[], twilio: TwilioKeywords): readonly string[] {
  const meanings = new Map<string, string>();
  const findings: string[] = [];
  for (const { language, stop, start, help } of sets) {
    for (const [meaning, words] of Object.entries({ stop, start, help })) {
      for (const one of words) {
        const known = meanings.get(one) ?? meaning;
        meanings.set(one, known);
        if (known !== meaning) findings.push(`${language}: "${one}" means ${known} and ${meaning}`);
      }
    }
  }
  for (const one of twilio.stop)
    if (meanings.get(one) !== 'stop') findings.push(`twilio: "${one}" opts out at Twilio and would not here`);
  return findings;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}
