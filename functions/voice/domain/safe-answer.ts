import type { FallbackSettings } from '../../shared/contract/flows/voice-settings.ts';
import type { Verb } from './verbs.ts';

/** Seconds that the fallback number rings, and that a message may last. */
const RING_SECONDS = 25;
const TALK_SECONDS = 3600;
const MESSAGE_SECONDS = 120;
const SILENCE_SECONDS = 5;

/**
 * What a caller hears when nothing else can be said: an apology and a way on, first to a person, then to a voicemail.
 * Needs no state: every address in it is static. `goodbye` is the static document that thanks for a message.
 */
export const safeAnswer = (
  { apology, farewell, language, number }: FallbackSettings,
  links: { readonly goodbye: string; readonly recordings?: string },
): readonly Verb[] => [
  { verb: 'say', text: apology, language },
  ...(number === undefined
    ? []
    : [{ verb: 'dial', number, timeout: RING_SECONDS, timeLimit: TALK_SECONDS } as const]),
  {
    verb: 'record',
    action: links.goodbye,
    method: 'GET',
    maxLength: MESSAGE_SECONDS,
    timeout: SILENCE_SECONDS,
    ...(links.recordings !== undefined && { recordingStatusCallback: links.recordings }),
  },
  { verb: 'say', text: farewell, language },
  { verb: 'hangup' },
];
