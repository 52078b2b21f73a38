import { KEYWORD_SETS, TWILIO_KEYWORDS } from './keyword-sets.ts';
import { compileKeywords } from './read-keyword.ts';

/** The rules of this deployment, compiled once a sandbox. */
export const KEYWORD_RULES = compileKeywords(KEYWORD_SETS, TWILIO_KEYWORDS);
