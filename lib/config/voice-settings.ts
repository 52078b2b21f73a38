import type { VoiceSettings } from '../../functions/shared/contract/flows/voice-settings.ts';
import type { Environment } from './environment-configuration.ts';

/** The part of the configuration that answer-call reads, as it reads it. */
export const voiceSettings = ({ configuration }: Environment): string => {
  const { numbers, defaultFlow, destinations, workflows, calendars, fallback } = configuration.voice;
  return JSON.stringify({
    numbers,
    defaultFlow,
    destinations,
    workflows,
    calendars,
    fallback,
  } satisfies VoiceSettings);
};
