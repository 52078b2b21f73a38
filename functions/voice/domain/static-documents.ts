import type { FallbackSettings } from '../../shared/contract/flows/voice-settings.ts';
import { safeAnswer } from './safe-answer.ts';
import { renderTwiml } from './twiml.ts';

/**
 * What a caller hears when nothing of ours answers, by path: an apology with a person and a voicemail, and the thanks
 * for a message. Addresses are relative, so that the documents stand anywhere.
 */
export const staticDocuments = (fallback: FallbackSettings): Readonly<Record<string, string>> => ({
  '/voice/fallback.xml': renderTwiml(safeAnswer(fallback, { goodbye: 'goodbye.xml' })),
  '/voice/goodbye.xml': renderTwiml([
    { verb: 'say', text: fallback.farewell, language: fallback.language },
    { verb: 'hangup' },
  ]),
});
