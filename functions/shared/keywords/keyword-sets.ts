import de from '../../../config/keywords/de.json' with { type: 'json' };
import en from '../../../config/keywords/en.json' with { type: 'json' };
import es from '../../../config/keywords/es.json' with { type: 'json' };
import fr from '../../../config/keywords/fr.json' with { type: 'json' };
import pt from '../../../config/keywords/pt.json' with { type: 'json' };
import twilio from '../../../config/keywords/twilio.json' with { type: 'json' };
import type { KeywordSet, TwilioKeywords } from '../contract/keyword-sets.ts';

/** Part of the bundle, so that a webhook reads no file and needs no variable; synth has validated them. */
export const KEYWORD_SETS: readonly KeywordSet[] = [en, es, fr, de, pt];
export const TWILIO_KEYWORDS: TwilioKeywords = twilio;
